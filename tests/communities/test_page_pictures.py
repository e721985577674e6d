"""Pictures of a community's pages: drawn anew, with words, for whoever may see the community."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from junto.communities import actions
from junto.communities.models import Community, Picture
from junto.kit import pictures
from junto.mail import store

FRONT = "/communities/customer-experience/"
GALLERY = f"{FRONT}manage/pictures/"


def _file(kind="PNG", size=(60, 30), **more):
    file = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(file, kind, **more)
    return file.getvalue()


def _send(client, content, name="chart.png", alt="A chart."):
    return client.post(GALLERY, {"file": SimpleUploadedFile(name, content), "alt": alt})


@pytest.fixture
def picture(cop, ada):
    return actions.add_picture(community=cop, content=_file(size=(900, 300)), file_name="a.png", alt="A chart.", by=ada)


@pytest.mark.parametrize(
    ("kind", "expected"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/png")]
)
def test_pictures_of_four_kinds_are_taken_whatever_they_are_called(client, client_of, cop, ada, kind, expected):
    assert _send(client_of(ada), _file(kind), name="run.exe").status_code == 302
    picture = Picture.objects.get()
    assert (picture.content_type, picture.width, picture.height) == (expected, 60, 30)
    answer = client.get(picture.get_absolute_url())
    assert answer["Content-Type"] == expected
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(BytesIO(answer.content)).size == (60, 30)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", _file("BMP"), _file()[:200]]
)
def test_what_is_no_picture_is_refused_with_the_reason(client_of, cop, ada, content):
    answer = _send(client_of(ada), content)
    assert answer.status_code == 422
    assert not Picture.objects.exists()


def test_a_picture_without_words_is_refused(client_of, cop, ada):
    assert _send(client_of(ada), _file(), alt=" ").status_code == 422
    assert not Picture.objects.exists()


def test_where_and_when_it_was_taken_is_removed_and_it_stands_upright(cop, ada):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret camera"
    content = _file("JPEG", size=(60, 30), exif=exif)
    assert b"Secret camera" in content
    picture = actions.add_picture(community=cop, content=content, file_name="x.jpg", alt="x", by=ada)
    kept = store.get(picture.key)
    assert b"Secret camera" not in kept
    assert (picture.width, picture.height) == (30, 60)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000)
    with pytest.raises(pictures.NoPicture, match="pixels"):
        pictures.drawn_anew(_file())


def test_a_large_file_is_refused(client_of, cop, ada, monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST_FILE", 100)
    assert _send(client_of(ada), _file()).status_code == 422


def test_a_large_picture_is_made_smaller_and_has_a_copy_for_small_screens(client, cop, ada):
    picture = actions.add_picture(community=cop, content=_file(size=(2400, 300)), file_name="x.png", alt="x", by=ada)
    assert (picture.width, picture.height, picture.small_width) == (1600, 200, 640)
    small = client.get(f"{picture.get_absolute_url()}small/")
    assert Image.open(BytesIO(small.content)).size == (640, 80)


def test_in_a_text_a_picture_has_its_size_its_words_and_a_copy_for_small_screens(client, cop, ada, picture):
    section = actions.write_section(community=cop, title="x", body=f"![]({picture.get_absolute_url()})", by=ada)
    assert 'width="900" height="300"' in section.body_html
    assert 'alt="A chart."' in section.body_html
    assert f"{picture.get_absolute_url()}small/ 640w" in section.body_html
    actions.describe_picture(picture=picture, alt='Bars, "higher" each year.', by=ada)
    assert "Bars, &quot;higher&quot; each year." in client.get(FRONT).content.decode()
    own = actions.write_section(community=cop, title="y", body=f"![Mine]({picture.get_absolute_url()})", by=ada)
    assert 'alt="Mine"' in own.body_html


def test_a_picture_of_a_hidden_community_is_for_its_members(client_of, cop, ada, cleo, picture):
    Community.objects.update(is_hidden=True)
    assert client_of(cleo).get(picture.get_absolute_url()).status_code == 404
    answer = client_of(ada).get(picture.get_absolute_url())
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]


def test_a_picture_of_another_community_is_not_there(client_of, picture, other, cleo):
    theirs = "/communities/web-managers/"
    assert client_of(cleo).get(f"{theirs}pictures/{picture.pk}/").status_code == 404
    for path in (f"pictures/{picture.pk}/", f"pictures/{picture.pk}/deletion/"):
        assert client_of(cleo).post(f"{theirs}manage/{path}", {"alt": "x"}).status_code == 404
    answer = client_of(cleo).post(f"{theirs}manage/pictures/band/", {"banner": picture.pk})
    assert answer.status_code == 302
    other.refresh_from_db()
    assert other.banner_id is None


def test_deleting_asks_says_where_it_stands_and_leaves_its_words(client, client_of, cop, ada, picture):
    section = actions.write_section(community=cop, title="Results", body=f"![]({picture.get_absolute_url()})", by=ada)
    actions.dress(community=cop, banner=picture, logo=None, by=ada)
    address = f"{GALLERY}{picture.pk}/deletion/"
    page = client_of(ada).get(address).content.decode()
    assert "Results" in page
    assert "The band of the community" in page
    assert Picture.objects.exists()
    client_of(ada).post(address)
    assert not Picture.objects.exists()
    section.refresh_from_db()
    assert "<img" not in section.body_html
    assert "/pictures/" not in client.get(FRONT).content.decode()


def test_banner_and_logo_stand_above_the_name(client, client_of, cop, ada, picture):
    client_of(ada).post(f"{GALLERY}band/", {"banner": picture.pk, "logo": picture.pk})
    page = client.get(FRONT).content.decode()
    assert page.count(f'src="{picture.get_absolute_url()}') == 2
    client_of(ada).post(f"{GALLERY}band/", {"banner": "", "logo": ""})
    assert picture.get_absolute_url() not in client.get(FRONT).content.decode()


def test_the_form_offers_the_pictures_with_their_line_of_markdown(client_of, cop, ada, picture):
    page = client_of(ada).get(f"{FRONT}manage/lead/").content.decode()
    assert f"![]({picture.get_absolute_url()})" in page
    assert f"![]({picture.get_absolute_url()})" in client_of(ada).get(GALLERY).content.decode()
    assert "A chart." in client_of(ada).get(f"{GALLERY}{picture.pk}/").content.decode()
    assert client_of(ada).post(f"{GALLERY}{picture.pk}/", {"alt": ""}).status_code == 422


def test_only_managers_send_pictures(client_of, cop, ada, ben):
    assert _send(client_of(ben), _file()).status_code == 403
    assert _send(Client(), _file()).status_code == 302
    assert not Picture.objects.exists()
