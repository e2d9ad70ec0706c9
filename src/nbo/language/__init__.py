"""The condition language: parse, check types, interpret, generate Python."""
