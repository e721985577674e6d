"""Pages of insights: one community, its sponsor’s page, communities compared."""

from junto.insights.views.comparing import compare, compare_file
from junto.insights.views.reading import archive, audience, counting, insights, table
from junto.insights.views.showing import link, shown, sponsor, threads, withdrawal

__all__ = [
    "archive",
    "audience",
    "compare",
    "compare_file",
    "counting",
    "insights",
    "link",
    "shown",
    "sponsor",
    "table",
    "threads",
    "withdrawal",
]
