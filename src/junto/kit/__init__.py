"""Tiny pure helpers with names of their own. They know nothing of any room and import none.

Words: a *ruling* is yes, or no with a sentence for people; a *report* is what an import says of itself.
"""
