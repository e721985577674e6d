"""Discussions: threads and messages, and the list that carries them.

Words: a *post* is a letter on its way to a list; once accepted it is a *message* in a *thread*. A *held* post waits for a
moderator, or for its author to confirm. An *alias* is the address that stands for a poster, so that private replies reach them.
Readers of a *digest* are seated at an *hour*; an *issue* is what one digest says, the same for every hour whose window is the same.
"""
