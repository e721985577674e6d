"""The book of who did what, and the vocabulary of retention."""
