"""Reading what was typed, one file for each page."""
