"""The library: what has been written down for communities to use.

Words: a *piece* is one text (news, a resource, a guide). Its *authors* are names that people publish under, not people with
accounts. A community's *shelf* holds the pieces that share a topic with it; its managers may *hide* one from the shelf.
"""
