"""The mail engine: it knows bytes, addresses and servers, and no word of any domain.

Words: an *arrival* is one letter for one recipient that was taken in with 250; a *route* leads it to a room's door;
a *mailing* is one letter on its way to an *audience*, cut into *shards*; a *setback* is a recipient whose server
deferred or refused it; a *slot* is a place in a letter that differs in each copy.
"""
