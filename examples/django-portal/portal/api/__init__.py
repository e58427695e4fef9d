"""What the front end, and other applications, call."""
