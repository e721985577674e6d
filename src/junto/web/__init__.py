"""Pages that gather from many rooms: home, my things, search, health."""
