"""What was said to customers and what they answered; and caps that many callers share."""
