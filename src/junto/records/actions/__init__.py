"""What is taken in, handed out and kept safe: one file for each kind."""
