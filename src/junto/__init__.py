"""Junto runs communities of practice for government. docs/tour.md leads through the house."""

__version__ = "0.1.0"
