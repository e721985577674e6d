"""Import, export, backup: what the community knows, in open formats, in and out."""
