"""DKIM signatures of our own (RFC 6376, 8301, 8463): `keys` are files, `signature` signs the copies of one mailing."""
