"""What came of a community: numbers by day, counted from what the rooms below know, and pages that show them.

A *measure* is one thing that is counted; a *day* holds the measures of a community on that day, in its own time zone; a *tally* says
when they were last counted, and what stands now. The *sponsor’s page* is one printable page without names of persons.
"""
