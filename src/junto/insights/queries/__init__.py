"""Reads: the days counted from the truth, a community’s insights, the sponsor’s page and its link, communities compared."""

from junto.insights.queries.comparing import Compared, Comparison, comparison
from junto.insights.queries.links import SPONSOR, address_of, find_link, link_by_token, link_of
from junto.insights.queries.page import Insights, as_csv, as_zip, insights_of, today_of
from junto.insights.queries.parts import Part
from junto.insights.queries.periods import PERIODS, Period, period_called
from junto.insights.queries.sponsor import MOST_NAMED, SponsorSheet, chosen_threads, offered_threads, sponsor_sheet
from junto.insights.queries.standing import standing_of
from junto.insights.queries.tables import Table
from junto.insights.queries.truth import DELIVERY, MEASURES, count_days

__all__ = [
    "DELIVERY",
    "MEASURES",
    "MOST_NAMED",
    "PERIODS",
    "SPONSOR",
    "Compared",
    "Comparison",
    "Insights",
    "Part",
    "Period",
    "SponsorSheet",
    "Table",
    "address_of",
    "as_csv",
    "as_zip",
    "chosen_threads",
    "comparison",
    "count_days",
    "find_link",
    "insights_of",
    "link_by_token",
    "link_of",
    "offered_threads",
    "period_called",
    "sponsor_sheet",
    "standing_of",
    "today_of",
]
