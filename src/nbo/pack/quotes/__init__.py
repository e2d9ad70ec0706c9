"""What a quote is made from, one kind a file: how it is written, what it becomes, and what it gives to conditions."""
