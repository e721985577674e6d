"""What people typed is asked from here, and nothing inside ever is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread
from typing import Any

import pytest

from junto.kit import outside


class _Site(BaseHTTPRequestHandler):
    """/number answers with that status; /no-head takes GET only; /to?where leads there; /circle to itself."""

    asked: list[tuple[str, str, str]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        path, _, where = self.path.partition("?")
        if path in {"/to", "/circle"}:
            self.send_response(302)
            self.send_header("Location", where or path)
        elif path == "/no-head":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(path.strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A server on this machine that counts as public, and is found by the name pages.example.gov."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.asked = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    _names(monkeypatch, {"pages.example.gov": ["127.0.0.1"]})
    monkeypatch.setattr(outside, "is_public", lambda address: str(address) == "127.0.0.1")
    yield server
    server.shutdown()
    server.server_close()


def _names(monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **more: Any) -> Any:
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known[host]]
        if host.replace(".", "").isdigit() or ":" in host:
            return real(host, port, *args, **more)
        raise socket.gaierror(socket.EAI_NONAME, "no such host")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def _status(site: ThreadingHTTPServer, path: str) -> int:
    return outside.status_of(f"http://pages.example.gov:{site.server_port}{path}", user_agent="test")


@pytest.mark.parametrize("status", [200, 204, 403, 404, 410, 500])
def test_the_status_is_what_the_server_says(site, status):
    assert _status(site, f"/{status}") == status


def test_head_comes_first_and_get_only_where_it_is_refused(site):
    assert (_status(site, "/200"), _status(site, "/no-head")) == (200, 200)
    host = f"pages.example.gov:{site.server_port}"
    assert site.asked == [("HEAD", "/200", host), ("HEAD", "/no-head", host), ("GET", "/no-head", host)]


def test_redirects_are_followed_and_a_circle_ends(site):
    assert _status(site, "/to?/to?/404") == 404
    assert _status(site, "/circle") == 302
    assert [path for _, path, _ in site.asked].count("/circle") == outside.MOST_HOPS + 1


def test_a_redirect_to_the_inside_is_not_followed(site, monkeypatch):
    for inward in ("http://169.254.169.254/latest/", "http://localhost./", "file:///etc/passwd", "http://[::1]/"):
        with pytest.raises((outside.NotOutside, outside.NoSuchHost)):
            _status(site, f"/to?{inward}")


def test_a_name_that_has_any_address_inside_is_not_asked(monkeypatch):
    _names(monkeypatch, {"two.example.gov": ["8.8.8.8", "10.0.0.8"]})
    with pytest.raises(outside.NotOutside):
        outside.status_of("http://two.example.gov/", user_agent="test")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.gov/x",
        "javascript:alert(1)",
        "http://",
        "/just/a/path",
        "http://x:notaport/",
        "http://127.0.0.1/",
    ],
)
def test_what_is_no_address_of_the_web_is_not_asked(address):
    with pytest.raises(outside.NotOutside):
        outside.status_of(address, user_agent="test")


def test_a_name_that_nobody_has_is_told_from_a_server_that_is_silent(site, monkeypatch):
    with pytest.raises(outside.NoSuchHost):
        outside.status_of("http://nobody.example.gov/", user_agent="test")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(outside.NoAnswer):
            outside.status_of(f"http://pages.example.gov:{port}/", user_agent="test")


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True), ("2600:1f18::1", True), ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("255.255.255.255", False), ("224.0.0.1", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fd00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("2002:a00:1::", False), ("64:ff9b::a00:1", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_internet_are_public(address, is_public):
    assert outside.is_public(ip_address(address)) is is_public
