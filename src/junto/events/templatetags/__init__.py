"""How the time of an event is told."""
