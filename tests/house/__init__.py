"""Rules about the code itself. Each says what to do when it fails."""
