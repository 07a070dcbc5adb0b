"""What is asked: follow-ups completed, questions taken apart, what one leaves open, and which values answer it."""
