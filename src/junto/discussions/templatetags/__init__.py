"""Tags for pages of discussions."""
