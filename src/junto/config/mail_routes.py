"""The addresses of mail, as urls.py has those of pages: pattern of the local part, door, and who knows whether it exists."""
