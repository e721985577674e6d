"""What a post is, from the first word of its subject."""

from __future__ import annotations

from datetime import date

import pytest

from junto.discussions.models import types

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("[QUESTION] How do you measure it?", "question"),
        ("QUESTION: How do you measure it?", "question"),
        ("question - how do you measure it", "question"),
        ("Q: how do you measure it", "question"),
        ("[q] how", "question"),
        ("QUESTION How do you measure it?", "question"),
        ("[CX-COP] QUESTION: How?", "question"),
        ("[EXTERNAL] [CX-COP] [Question] How?", "question"),
        ("❓ Question: How?", "question"),
        ("ISO: a contact at the VA", "question"),
        ("ISO a contact at the VA", "question"),
        ("SITESEEING: look at this page", "article"),
        ("ARTICLE | On waiting", "article"),
        ("(Event) Our monthly call", "event"),
        ("EVENT— our call", "event"),
        ("Discuss: names of services", "discuss"),
        ("DISCUSSION: names", "discuss"),
        ("SUMMARY: How do you measure it?", "summary"),
        ("SUMMARY How do you measure it?", "summary"),
        ("JOB (GSA, closes 12/31/2026)", "job"),
        ("Jobs: two posts at EPA", "job"),
        ("RE: QUESTION: How do you measure it?", ""),
        ("[CX-COP] Re: QUESTION: How?", ""),
        ("Fwd: JOB: analyst", ""),
        ("How do you measure it?", ""),
        ("Question of the day is open", ""),
        ("Event-driven design at our agency", ""),
        ("Quarterly numbers", ""),
        ("iso 9001 certificates", ""),
        ("Jobseekers and their needs", ""),
        ("Summary judgment in forms", ""),
        ("", ""),
        ("[[[[[[[", ""),
    ],
)
def test_only_explicit_words_make_a_type(subject, kind):
    assert types.typed(subject, TODAY).kind == kind


@pytest.mark.parametrize(
    ("subject", "closes"),
    [
        ("JOB - GSA - closes 12/31/2026", date(2026, 12, 31)),
        ("JOB - GSA - closes 12/31/26", date(2026, 12, 31)),
        ("[JOB closes Dec 5] Analyst", date(2026, 12, 5)),
        ("[JOB] Analyst, closing 2026-12-05", date(2026, 12, 5)),
        ("JOB: Analyst (GSA, Dec. 5th, 2026)", date(2026, 12, 5)),
        ("JOB: apply by 5 December", date(2026, 12, 5)),
        ("JOB: closes 1/15", date(2027, 1, 15)),
        ("JOB: closes 11/20", date(2026, 11, 20)),
        ("JOB: starts 1/4/2027, closes 12/1/2026", date(2026, 12, 1)),
        ("JOB: starts 1/4/2027", None),
        ("JOB: 12/1/2026 or 12/9/2026", None),
        ("JOB: closes 13/45/2026", None),
        ("JOB: closes 31/12/2026", None),
        ("JOB: closes 12/31/2036", None),
        ("JOB: closes 2019-01-01", None),
        ("JOB: open until filled", None),
        ("JOB: GS 12/13 analyst, closes 12/1/2026", date(2026, 12, 1)),
        ("EVENT: 12/31/2026", None),
    ],
)
def test_a_job_closes_on_the_day_that_it_names(subject, closes):
    assert types.typed(subject, TODAY).closing_date == closes


@pytest.mark.parametrize(
    "summary",
    [
        "SUMMARY: How do you measure it?",
        "SUMMARY How do you measure it",
        "[CX-COP] Summary - QUESTION: how do  you measure it?",
        "Re: [cx-cop] QUESTION: How do you measure it?",
    ],
)
def test_a_summary_has_the_topic_of_its_question(summary):
    assert types.topic(summary) == types.topic("QUESTION: How do you measure it?") == "how do you measure it"


def test_a_form_writes_the_type_into_the_subject_once():
    assert types.subject_with("question", "How?", None, TODAY) == "QUESTION: How?"
    assert types.subject_with("question", "Q: How?", None, TODAY) == "Q: How?"
    assert types.subject_with("", "How?", None, TODAY) == "How?"
    job = types.subject_with("job", "Analyst", date(2026, 12, 5), TODAY)
    assert job == "JOB: Analyst (closes 12/05/2026)"
    assert types.typed(job, TODAY).closing_date == date(2026, 12, 5)
    assert types.subject_with("job", job, date(2026, 12, 5), TODAY) == job
