"""The sample community of `junto demo`."""


def make() -> None:
    """Fill an empty database."""
