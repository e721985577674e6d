"""What every form begins with."""

from __future__ import annotations

LONGEST_NUMBER = 18
"""Digits of the longest number that a column can hold for sure."""
