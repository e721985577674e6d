"""A question stays open until its answer is marked or a summary posted; jobs leave the lists after their closing date."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities.models import Community, Role
from junto.discussions import actions, inbound, queries, tasks
from junto.discussions.models import Message, Thread
from junto.kit import tokens
from tests.conftest import enroll
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"


@pytest.fixture
def question(cop, ada, ben, cleo):
    enroll(cleo, cop)
    return actions.start(community=cop, subject="QUESTION: How do you measure it?", body="Please tell.", by=ben).thread


@pytest.fixture
def answer(question, cleo):
    return actions.reply(thread=question, body="We count tickets.", by=cleo)


@pytest.fixture
def mail_in(cop):
    def arrive(sender: str, subject: str, parent: Message | None = None):
        raw = EmailMessage()
        raw["From"], raw["To"], raw["Subject"] = sender, "cx-cop@lists.example.gov", subject
        raw["Message-ID"] = f"<{abs(hash((sender, subject)))}@epa.gov>"
        if parent is not None:
            raw["In-Reply-To"] = f"<{parent.message_id}>"
        raw.set_content("This is what we learned.")
        inbound.post(Arrived(raw.as_bytes(), sender=sender, received_at=timezone.now()), name="cx-cop")
        return Message.objects.order_by("-pk").first()

    return arrive


def mark(client: Client, thread: Thread, **form: object) -> int:
    return client.post(f"{BASE}{thread.number}/answer/", form).status_code


def answered_by(thread: Thread) -> Message | None:
    thread.refresh_from_db()
    assert (thread.answer is None) == (thread.answered_at is None)
    return thread.answer


def test_the_type_is_taken_from_the_subject_by_mail_and_web(mail_in, ada, ben, client_of, cop):
    assert mail_in("ben@epa.gov", "JOB - EPA - closes 12/31/2036").thread.closing_date is None
    day = timezone.localdate() + timedelta(days=20)
    job = mail_in("ben@epa.gov", f"[CX-COP] JOB: analyst, closes {day:%m/%d/%Y}").thread
    assert (job.kind, job.closing_date) == ("job", day)
    form = {"kind": "job", "closing_date": day.isoformat(), "subject": "Designer", "body": "Apply."}
    client_of(ben).post(f"{BASE}new/", form)
    written = Thread.objects.latest("pk")
    assert (written.kind, written.closing_date) == ("job", day)
    assert written.subject == f"JOB: Designer (closes {day:%m/%d/%Y})"


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "question", "closing_date": "2026-12-05"},
        {"kind": "job", "closing_date": "2001-12-05"},
        {"kind": "job", "closing_date": "2999-12-05"},
        {"kind": "advertisement"},
    ],
)
def test_a_form_that_makes_no_sense_is_sent_back(cop, ben, client_of, form):
    page = client_of(ben).post(f"{BASE}new/", {"subject": "s", "body": "b", **form})
    assert page.status_code == 422
    assert not Thread.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("ben", 302), ("ada", 302), ("cleo", 403), ("eve", 403)])
def test_the_asker_and_moderators_mark_the_answer(question, answer, request, client_of, eve, who, status):
    person = request.getfixturevalue(who)
    assert mark(client_of(person), question, message=answer.pk) == status
    assert answered_by(question) == (answer if status == 302 else None)


def test_a_stranger_marks_nothing(question, answer):
    assert mark(Client(), question, message=answer.pk) in {302, 403}
    assert answered_by(question) is None


def test_a_manager_of_another_community_marks_nothing(question, answer, other, cleo, client_of):
    cleo.memberships.filter(community=question.community).delete()
    assert mark(client_of(cleo), question, message=answer.pk) == 403
    assert client_of(cleo).post(f"/communities/web-managers/discussions/{question.number}/answer/").status_code == 404
    assert answered_by(question) is None


def test_the_answer_stands_right_under_the_question(question, answer, ben, client_of):
    actions.reply(thread=question, body="And I agree.", by=ben)
    mark(client_of(ben), question, message=answer.pk)
    page = client_of(ben).get(f"{BASE}{question.number}/").content.decode()
    assert page.index("Please tell.") < page.index(">Answer<") < page.index("And I agree.")
    assert page.count("We count tickets.") == 2
    assert f'href="#message-{answer.pk}"' in page
    assert Entry.objects.filter(fact="discussions.question.answered").count() == 1


def test_the_answer_of_a_later_page_is_linked_by_its_message_id(question, ben, client_of):
    Community.objects.update(storm_posts=0)
    question = Thread.objects.get(pk=question.pk)
    last = [actions.reply(thread=question, body=f"Reply {n}", by=ben) for n in range(55)][-1]
    actions.mark_answer(thread=question, message=last, by=ben)
    page = queries.thread_page(question, shows_addresses=True, shows_delivery=False)
    question.refresh_from_db()
    page = queries.thread_page(question, shows_addresses=True, shows_delivery=False)
    assert "Reply 54" in page.answer.body
    assert client_of(ben).get(page.answer_href).url.endswith(f"#message-{last.pk}")
    assert (
        queries.thread_page(question, after=page.later[7:], shows_addresses=True, shows_delivery=False).answer is None
    )


def test_a_mark_is_taken_back(question, answer, ben, client_of):
    mark(client_of(ben), question, message=answer.pk)
    mark(client_of(ben), question, unmark="1")
    assert answered_by(question) is None
    assert "The answer" not in client_of(ben).get(f"{BASE}{question.number}/").content.decode()


@pytest.mark.parametrize("form", [{}, {"message": "x"}, {"message": "0"}, {"message": "1", "unmark": "1"}])
def test_a_form_without_a_message_marks_nothing(question, answer, ben, client_of, form):
    assert mark(client_of(ben), question, **form) == 302
    assert answered_by(question) is None


def test_neither_the_question_nor_a_message_from_elsewhere_is_its_answer(question, answer, cop, ben, client_of):
    elsewhere = actions.start(community=cop, subject="Other", body="x", by=ben)
    assert mark(client_of(ben), question, message=elsewhere.pk) == 404
    assert mark(client_of(ben), question, message=question.messages.earliest("pk").pk) == 403
    assert answered_by(question) is None


def test_only_questions_have_answers(cop, ada, ben, client_of):
    talk = actions.start(community=cop, subject="Just so", body="x", by=ben).thread
    reply = actions.reply(thread=talk, body="y", by=ada)
    assert mark(client_of(ben), talk, message=reply.pk) == 403
    assert "answers the question" not in client_of(ben).get(f"{BASE}{talk.number}/").content.decode()


@pytest.mark.parametrize("in_thread", [True, False])
def test_a_summary_by_the_asker_answers_the_question(question, answer, mail_in, ben, client_of, in_thread):
    parent = question.messages.earliest("pk") if in_thread else None
    summary = mail_in("ben@epa.gov", "SUMMARY: How do you measure it?", parent)
    assert (summary.thread == question) is in_thread
    assert answered_by(question) == summary
    page = client_of(ben).get(f"{BASE}{question.number}/").content.decode()
    assert "This is what we learned." in page
    if not in_thread:
        assert (
            f'href="{BASE}{question.number}/"' in client_of(ben).get(f"{BASE}{summary.thread.number}/").content.decode()
        )


@pytest.mark.parametrize(
    ("sender", "subject", "days"),
    [
        ("cleo@epa.gov", "SUMMARY: How do you measure it?", 0),
        ("ben@epa.gov", "SUMMARY: How do you count it?", 0),
        ("ben@epa.gov", "How do you measure it?", 0),
        ("ben@epa.gov", "Re: SUMMARY: How do you measure it?", 0),
        ("ben@epa.gov", "SUMMARY: How do you measure it?", 91),
    ],
)
def test_what_is_no_summary_of_it_leaves_a_question_open(question, answer, mail_in, sender, subject, days):
    Thread.objects.filter(pk=question.pk).update(started_at=timezone.now() - timedelta(days=days))
    mail_in(sender, subject)
    assert answered_by(question) is None


def test_a_summary_of_another_community_answers_nothing(question, answer, other, cleo, ben):
    enroll(ben, other)
    actions.start(community=other, subject="SUMMARY: How do you measure it?", body="x", by=ben)
    assert answered_by(question) is None


def test_the_list_is_filtered_by_type_with_counts(question, cop, ada, ben, client_of):
    actions.start(community=cop, subject="EVENT: our call", body="x", by=ben)
    actions.start(community=cop, subject="Just so", body="x", by=ben)
    page = client_of(ben).get(f"{BASE}?show=event").content.decode()
    assert "our call" in page
    assert "Just so" not in page
    assert "Unanswered questions</a>" not in page
    assert "Unanswered questions (1)" in " ".join(page.split())
    assert "Just so" in client_of(ben).get(f"{BASE}?show=rubbish").content.decode()


def test_unanswered_questions_are_found(question, answer, cop, ben, client_of):
    address = f"{BASE}?show=unanswered"
    assert "How do you measure it?" in client_of(ben).get(address).content.decode()
    actions.mark_answer(thread=question, message=answer, by=ben)
    assert "How do you measure it?" not in client_of(ben).get(address).content.decode()


def test_a_job_leaves_the_lists_after_its_closing_date_and_stays_in_the_archive(cop, ada, ben, client_of):
    job = actions.start(community=cop, subject="JOB: Analyst", body="Apply.", by=ben).thread
    today = timezone.localdate()
    places = (BASE, "/communities/customer-experience/", "/", f"{BASE}?show=job")
    for days, is_listed in ((0, True), (-1, False)):
        Thread.objects.filter(pk=job.pk).update(closing_date=today + timedelta(days=days))
        shown = [">Analyst</a>" in client_of(ben).get(place).content.decode() for place in places]
        assert shown == [is_listed] * len(places)
    assert client_of(ben).get(f"{BASE}{job.number}/").status_code == 200
    assert ">Analyst</a>" in client_of(ben).get(f"{BASE}?show=closed-jobs").content.decode()
    assert "Closed jobs (1)" in " ".join(client_of(ben).get(BASE).content.decode().split())


def test_filters_page_within_their_type(cop, ada, ben):
    for n in range(35):
        at = timezone.now() - timedelta(minutes=n)
        kind = "article" if n < 32 else ""
        Thread.objects.create(community=cop, number=500 + n, subject="x", started_at=at, last_at=at, kind=kind)
    first = queries.threads_page(cop, None, show="article")
    assert (len(first.rows), first.older.endswith("&show=article")) == (30, True)
    older = first.older.removeprefix("?older=").partition("&")[0]
    assert len(queries.threads_page(cop, None, older=older, show="article").rows) == 2


def test_the_list_with_filters_costs_as_many_queries_for_thirty_as_for_three(
    cop, ada, client_of, django_assert_max_num_queries
):
    for n in range(30):
        at = timezone.now()
        Thread.objects.create(community=cop, number=500 + n, subject="x", started_at=at, last_at=at, kind="question")
    client = client_of(ada)
    with django_assert_max_num_queries(8):
        client.get(BASE)


def test_a_thread_with_its_answer_costs_few_queries(question, answer, ben, client_of, django_assert_max_num_queries):
    for n in range(20):
        actions.reply(thread=question, body=f"Reply {n}", by=ben)
    actions.mark_answer(thread=question, message=answer, by=ben)
    client = client_of(ben)
    with django_assert_max_num_queries(10):
        client.get(f"{BASE}{question.number}/")


@pytest.fixture
def a_week_later(question, answer):
    Thread.objects.filter(pk=question.pk).update(started_at=timezone.now() - timedelta(days=8))
    return question


def test_the_asker_is_reminded_once_after_a_week_with_replies(a_week_later, carried):
    assert tasks.remind_askers.func() == 1
    assert tasks.remind_askers.func() == 0
    copies = carried("did_you_get_an_answer")
    assert [copy.recipient for copy in copies] == ["ben@epa.gov"]
    assert "SUMMARY: How do you measure it?" in copies[0].words


@pytest.mark.parametrize("change", ["young", "old", "answered", "closed", "lonely", "gone", "imported"])
def test_nobody_is_reminded_without_need(a_week_later, answer, ben, change):
    rows = Thread.objects.filter(pk=a_week_later.pk)
    now = timezone.now()
    if change in {"young", "old"}:
        rows.update(started_at=now - timedelta(days=6 if change == "young" else 61))
    elif change == "answered":
        rows.update(answered_at=now, answer=answer)
    elif change == "closed":
        rows.update(closed_at=now)
    elif change == "lonely":
        rows.update(message_count=1)
    elif change == "gone":
        ben.memberships.update(state="left")
    else:
        Message.objects.update(came_by="import")
    assert tasks.remind_askers.func() == 0


def asker_page(thread: Thread) -> str:
    return f"/posts/answers/{tokens.sign('discussions.answers', thread.pk)}/"


def test_the_page_of_the_asker_lists_replies_and_a_button_marks_one(question, answer):
    page = Client().get(asker_page(question)).content.decode()
    assert "We count tickets." in page
    assert answered_by(question) is None
    assert "right under the question" in Client().post(asker_page(question), {"message": answer.pk}).content.decode()
    assert answered_by(question) == answer
    Client().post(asker_page(question), {"unmark": "1"})
    assert answered_by(question) is None


def test_the_page_of_an_asker_who_left_marks_nothing(question, answer, ben):
    ben.memberships.update(state="left")
    assert "Only members" in Client().post(asker_page(question), {"message": answer.pk}).content.decode()
    assert answered_by(question) is None


def test_a_moderator_may_sum_up_for_others(question, mail_in, ada, cop):
    assert cop.memberships.get(person=ada).role == Role.MANAGER
    summary = mail_in("ada@gsa.gov", "[CX-COP] Summary - QUESTION: how do you measure it")
    assert answered_by(question) == summary
