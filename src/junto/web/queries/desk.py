"""What needs a manager today, gathered from all rooms: one query for each section, and each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from junto.communities import queries as communities
from junto.communities.models import Community
from junto.communities.queries import Heap
from junto.discussions import queries as discussions
from junto.people.models import Person


@dataclass(frozen=True, slots=True)
class Desk:
    """The heaps on a desk. `urgent` are those for which people wait; the others can wait until tomorrow."""

    requests: Heap
    held: Heap
    notices: Heap
    stopped: Heap
    questions: Heap
    proofs: Heap
    invitations: Heap
    jobs: Heap
    links: Heap

    @property
    def urgent(self) -> int:
        return self.requests.total + self.held.total + self.notices.total

    @property
    def total(self) -> int:
        """How many things need somebody."""
        return self.urgent + self.stopped.total + self.questions.total + self.links.total + self.soon

    @property
    def soon(self) -> int:
        """How many things expire."""
        return self.proofs.total + self.invitations.total + self.jobs.total


def desk(community: Community, person: Person) -> dict[str, Any]:
    """Everything that waits for this manager, in ten queries, and what can still be undone."""
    return {
        "desk": Desk(
            requests=communities.requests_to_join(community),
            held=discussions.held_for_desk(community, person),
            notices=communities.open_notices(community),
            stopped=communities.mail_that_comes_back(community),
            questions=discussions.questions_without_reply(community, person),
            proofs=communities.proofs_running_out(community),
            invitations=communities.invitations_not_taken(community),
            jobs=discussions.jobs_about_to_close(community, person),
            links=communities.links_to_nowhere(community),
        ),
        "done": communities.lately_done(community),
    }
