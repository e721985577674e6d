"""Reads that span rooms, one file for each page."""
