"""HTML and Markdown from outside: nothing that can run is left, and what people wrote is."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junto.kit import html, markdown

# What a browser takes out of an address before it looks for the scheme (WHATWG URL, basic URL parser).
LEADING = "".join(map(chr, range(0x21)))
REMOVED = dict.fromkeys(map(ord, "\t\n\r"))
SCHEMES = {"", "http", "https", "mailto", "tel"}


class Inspector(HTMLParser):
    """Collects what a browser could run, load or send: whatever is not on the short list of the harmless."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in html.TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            self._look_at(tag, name, value or "")

    def _look_at(self, tag, name, value):
        if name == "rel" and tag == "a":
            return
        if name not in html.ATTRIBUTES.get(tag, set()):
            self.faults.append(f"<{tag} {name}>")
        if name in {"href", "src"}:
            bare = value.strip(LEADING).translate(REMOVED)
            if urlsplit(bare).scheme.lower() not in SCHEMES:
                self.faults.append(f"<{tag} {name}={value}>")

    def handle_comment(self, data):
        self.faults.append("comment")

    def handle_decl(self, decl):
        self.faults.append("declaration")

    def handle_pi(self, data):
        self.faults.append("instruction")


def faults_in(cleaned):
    inspector = Inspector()
    inspector.feed(cleaned)
    inspector.close()
    return inspector.faults


def assert_harmless(payload):
    for cleaned in (html.clean(payload), markdown.render(payload)):
        assert faults_in(cleaned) == [], payload
        assert html.clean(cleaned) == cleaned, payload


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a href="&#1;javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="vbscript:x">x</a>',
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
        '<iframe src="javascript:alert(1)"></iframe>',
        "<style>@import 'http://evil.example/x.css';</style>",
        '<p style="background:url(javascript:alert(1))">x</p>',
        "<form action=/sign-out/><button>x</button></form>",
        '<base href="https://evil.example/">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<!--<img src=x onerror=alert(1)>-->",
        "<scr\x00ipt>alert(1)</script>",
        "<template><img src=x onerror=alert(1)></template>",
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x](<data:text/html;base64,PHNjcmlwdD4=>)",
        "<p id=cookie name=body class=usa-banner>x</p>",
        "<div><div" * 500,
    ],
)
def test_nothing_that_can_run_is_left(payload):
    assert_harmless(payload)


@given(text=st.text(alphabet="<>/'\"=ascriptonerjvhf:&#;! -\n\x00`[]()", max_size=120))
def test_no_mixture_of_markup_gets_through(text):
    assert_harmless(text)


def test_what_people_write_stays():
    kept = html.clean('<h2>Notes</h2><p>See <a href="https://epa.gov/x?a=1&amp;b=2">this</a> <b>now</b>.</p>')
    assert kept == (
        '<h2>Notes</h2><p>See <a href="https://epa.gov/x?a=1&amp;b=2" rel="noopener noreferrer nofollow">this</a>'
        " <b>now</b>.</p>"
    )


def test_markdown_is_rendered():
    page = markdown.render("# Title\n\n## Part\n\n* one\n* ~~two~~\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<h2>Part</h2>" in page
    assert "<li>one</li>" in page
    assert "<td>1</td>" in page
    assert "<h1" not in page


def test_text_of_a_html_part_reads_like_a_letter():
    text = html.to_text("<h2>Hello</h2><p>One<br>two</p><ul><li>a</li><li>b</li></ul><script>alert(1)</script>")
    assert "Hello" in text
    assert "One\ntwo" in text
    assert "* a\n" in text
    assert "alert" not in text


@pytest.mark.parametrize("payload", ["", "<", "</", "<p", "\x00", "<table><tr><td>", "<![CDATA[x]]>", "&#x110000;"])
def test_broken_html_does_not_break_the_reader(payload):
    html.to_text(payload)
    html.clean(payload)


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _folder(material, name):
    folder = material / "hostile" / name
    if not folder.is_dir():
        pytest.skip(f"needs hostile/{name}, which is not in the material here")
    return folder


@pytest.mark.material
def test_html5_security_cheatsheet_is_harmless(material):
    folder = _folder(material, "h5sc")
    parts = json.loads((folder / "payloads.json").read_text(encoding="utf-8"))
    vectors = [item["data"] for item in json.loads((folder / "items.json").read_text(encoding="utf-8"))]
    assert len(vectors) > 100
    for vector in vectors:
        for name, part in parts.items():
            vector = vector.replace(f"%{name}%", part)
        assert_harmless(vector)


@pytest.mark.material
def test_payloads_of_dompurify_are_harmless(material):
    for file in _folder(material, "dompurify").rglob("*.json"):
        for payload in _strings(json.loads(file.read_text(encoding="utf-8"))):
            assert_harmless(payload)


@pytest.mark.material
def test_payloads_of_bleach_are_harmless(material):
    for file in _folder(material, "bleach").rglob("*.test"):
        assert_harmless(file.read_text(encoding="utf-8"))


@pytest.mark.material
def test_list_of_six_thousand_payloads_is_harmless(material):
    for file in _folder(material, "payloadbox-xss").rglob("*.txt"):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            assert_harmless(line)


@pytest.mark.material
def test_naughty_strings_are_harmless_and_kept_as_text(material):
    for text in json.loads((_folder(material, "blns") / "blns.json").read_text(encoding="utf-8")):
        assert_harmless(text)
        html.to_text(text)


@pytest.mark.material
def test_pages_of_the_owasp_sanitizer_are_harmless(material):
    files = [file for file in _folder(material, "owasp-java-html-sanitizer").rglob("*") if file.is_file()]
    assert files
    for file in files:
        page = file.read_text(encoding="utf-8", errors="replace")
        assert faults_in(html.clean(page)) == []
        html.to_text(page)


@pytest.mark.material
def test_tokenizer_tests_of_html5lib_are_harmless(material):
    for file in sorted(_folder(material, "html5lib-tests").rglob("tokenizer/*.test"))[:8]:
        for case in json.loads(file.read_text(encoding="utf-8")).get("tests", []):
            assert faults_in(html.clean(case["input"])) == []


def test_pictures_become_words_and_links_to_nowhere_their_text() -> None:
    told = html.clean(
        '<a href="#fn">1</a> <a href="">x</a> <a href="/y/#z">y</a> <img src="https://p.example/a" alt="A cat"><img src="b">'
    )
    expected = '1 x <a href="/y/#z" rel="noopener noreferrer nofollow">y</a> (Image: A cat)'
    assert html.without_pictures(told) == expected
