"""Reads a letter: any bytes in, a `ParsedMail` out, never an exception.

Its own parser on bytes, because the standard one raises on about two of a hundred odd letters, recurses with the nesting
of parts, and is four times as slow. There is one parser for live mail and for archives, so that "attachment 2 of this raw
letter" means the same everywhere. Linear in the size of the letter; depth, parts and headers are capped (`parts`, `headers`).

    parsed      what comes out                 headers    fields, unfolding, RFC 2047, parameters (RFC 2231)
    charsets    bytes into text                authors    address lists, and who really wrote
    dates       dates and their repair         parts      MIME: bodies and files
    ids         Message-ID, References         reader     puts the letter together
"""

from junto.mail.reading.parsed import File, Head, ParsedMail
from junto.mail.reading.reader import fingerprint, head_of, minted_id, read, read_fast

__all__ = ["File", "Head", "ParsedMail", "fingerprint", "head_of", "minted_id", "read", "read_fast"]
