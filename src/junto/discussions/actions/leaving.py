"""What somebody wrote, when they leave the site."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from junto.audit.actions import record
from junto.discussions import tasks
from junto.discussions.models import Draft, HeldPost, Message, Thread
from junto.kit.rulings import require
from junto.people import rules as people
from junto.people.models import Person

_INDEXED_AT_ONCE = 500


@transaction.atomic
def sign_over(*, person: Person, keeps_name: bool, by: Person) -> int:
    """Part what somebody wrote from their account; it stays in the archives. Returns how many posts there are.

    Without `keeps_name`, name, agency and address go from pages, search and later exports of fields. They stay in letters
    that members got, in quotations by others, and in the letter as it arrived, which is the record. What still waits to
    be sent is not sent, and drafts are gone. Raises Refused.
    """
    require(people.may_close_account(by, person))
    mine = Message.objects.filter(author=person)
    keys = list(mine.order_by("pk").values_list("pk", flat=True))
    waiting = HeldPost.objects.waiting().filter(author=person)
    Draft.objects.filter(person=person).delete()
    waiting.update(outcome=HeldPost.Outcome.EXPIRED, decided_at=timezone.now())
    if keeps_name:
        mine.update(author=None)
    else:
        begun = mine.filter(sent_at=F("thread__started_at")).values_list("thread", flat=True)
        Thread.objects.filter(pk__in=list(begun)).update(author_name=people.NAMELESS, author_agency="")
        mine.update(author_name=people.NAMELESS, author_email="", author_agency="", agency=None, author=None)
        for start in range(0, len(keys), _INDEXED_AT_ONCE):
            tasks.index_messages.enqueue(keys[start : start + _INDEXED_AT_ONCE])
    record("discussions.posts.signed_over", about=person, by=by, posts=len(keys), keeps_name=keeps_name)
    return len(keys)
