"""People, the agencies they work for, and who is eligible for what.

Words: an *agency* is any government body, of any *level*; a *domain* belongs to one agency and comes from the register;
an *exception* is what managers say beyond the register; a *judgement* is what an address tells of its owner;
*proof* is the day on which somebody last showed that an address is theirs.
"""
