from __future__ import annotations

import pytest
from django.test import Client

from junto.discussions.models import Attachment, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(send, ada, ben):
    send("files")
    return f"/communities/customer-experience/discussions/1/messages/{Message.objects.get().pk}/files/%d/"


@pytest.mark.parametrize("position", [1, 2])
def test_what_could_run_is_only_ever_saved(path, client_of, ben, position):
    answer = client_of(ben).get(path % position)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_plain_image_is_shown(path, client_of, ben):
    answer = client_of(ben).get(path % 3)
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content.startswith(b"\x89PNG")


def test_only_readers_get_files(path, client_of, cleo, other):
    assert Client().get(path % 1).status_code == 403
    assert client_of(cleo).get(path % 1).status_code == 403


def test_files_of_another_message_are_not_there(path, client_of, ben):
    assert client_of(ben).get(path % 9).status_code == 404


def test_the_thread_lists_them(path, client_of, ben):
    page = client_of(ben).get("/communities/customer-experience/discussions/1/").content.decode()
    assert path % 2 in page
    assert "drawing.svg" in page


def test_a_file_that_an_import_left_in_the_raw_letter_is_read_from_there(path, client_of, ben):
    Attachment.objects.update(key="")
    assert b"onload" in client_of(ben).get(path % 2).content


def test_a_lost_file_is_not_there(path, client_of, ben):
    Attachment.objects.update(key="aa/bb/gone")
    assert client_of(ben).get(path % 2).status_code == 404
