"""Settings, the map of addresses of pages and of mail, the `junto` command, the process tree. May import anything."""
