"""Tags for pages of a community."""
