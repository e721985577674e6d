"""Reads content written for the Hugo site generator: front matter and shortcodes."""
