"""Communities: who belongs, what their page says, by which addresses they are reached, and how each member is told things.

Words: a *membership* is one person in one community, with a *role* and a *delivery*; a *policy* says who may join;
a *list name* is the local part under which a community gets mail; the *queue* holds whom no rule can decide.
"""
