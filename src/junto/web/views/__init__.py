"""Pages that gather from many rooms."""
