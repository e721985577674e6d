"""Communities side by side: for whoever manages two or more, and for whoever runs the site."""

from __future__ import annotations

import pytest

from junto.communities.models import Community, Role
from junto.insights import actions, queries
from junto.people.models import Person
from tests.conftest import enroll
from tests.insights.conftest import ago, crowd

PAGE = "/insights/"


@pytest.fixture
def hal(db):
    return Person.objects.create(email="hal@gsa.gov", name="Hal Hughes", is_staff=True, is_superuser=True)


@pytest.fixture
def both(cop, other, ada, ben, begin):
    """Two communities: one that answers, and a larger one that is silent."""
    enroll(ada, other, Role.MANAGER)
    begin(cop, ago(20), (ada, 0), (ben, 6), kind="question")
    crowd(other, 5)
    for community in (cop, other):
        actions.recount(community=community, by=None)


def test_who_manages_two_or_runs_the_site_compares(both, ada, cleo, hal, client_of):
    Community.objects.create(slug="third", name="Third", list_name="third", list_id="third.example.gov")
    assert [len(queries.comparison(person).rows) for person in (ada, hal)] == [2, 3]
    assert client_of(ada).get(PAGE).status_code == 200
    assert client_of(cleo).get(PAGE).status_code == 403
    ways = [client_of(one).get("/communities/web-managers/insights/").content.decode() for one in (ada, cleo)]
    assert [f'href="{PAGE}"' in page for page in ways] == [True, False]
    assert client_of(cleo).get(f"{PAGE}communities.csv").status_code == 403


def test_the_same_measures_stand_beside_each_other(both, ada, client_of):
    found = {row.slug: row for row in queries.comparison(ada).rows}
    cop, other = found["customer-experience"], found["web-managers"]
    assert (cop.members, cop.messages, cop.threads, cop.answered, cop.first_answer, cop.writers) == (
        2,
        2,
        1,
        100,
        6,
        100,
    )
    assert (other.members, other.messages, other.answered, other.writers, other.refused) == (7, 0, None, 0, None)
    page = client_of(ada).get(PAGE).content.decode()
    assert 'aria-sort="descending"' in page
    assert page.index("Web Managers</a>") < page.index("Customer Experience</a>")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("members", "customer-experience"), ("-members", "web-managers"), ("name", "customer-experience"),
        ("-name", "web-managers"), ("answered", "customer-experience"), ("-answered", "customer-experience"),
        ("nonsense", "web-managers"), ("", "web-managers"),
    ],
)  # fmt: skip
def test_the_table_is_sorted_by_any_measure(sort, first, both, ada):
    assert queries.comparison(ada, sort=sort).rows[0].slug == first


def test_the_table_is_a_file(both, ada, client_of):
    lines = client_of(ada).get(f"{PAGE}communities.csv?sort=name").content.decode().splitlines()
    assert lines[0].startswith("\ufeffCommunity,Members,Joined")
    assert lines[1].startswith("Customer Experience,2,")


def test_many_communities_cost_no_more_queries(both, hal, django_assert_max_num_queries):
    for n in range(9):
        more = Community.objects.create(slug=f"c{n}", name=f"C {n}", list_name=f"c{n}", list_id=f"c{n}.example.gov")
        crowd_of_one = Person.objects.get(email="ada@gsa.gov")
        enroll(crowd_of_one, more)
        actions.recount(community=more, by=None)
    with django_assert_max_num_queries(4):
        assert len(queries.comparison(hal).rows) == 11
