"""Events: meetings, webinars and trainings of a community, or of the whole site, and the calendars that show them.

Words: an event is *planned* as a draft that only managers see, *published*, and perhaps *cancelled*; a cancelled event
keeps its page and says so in every calendar. Names follow iCalendar (RFC 5545): uid, sequence, status.
"""
