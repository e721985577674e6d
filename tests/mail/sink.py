"""A second mail server for the tests: it says what a script tells it to, and keeps what it got."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Script = Callable[["Session", str, str], "str | None"]


@dataclass
class Copy:
    sender: str
    recipient: str
    content: bytes
    mail_command: str


@dataclass
class Session:
    number: int
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    mail_command: str = ""


class Sink:
    """Listens in threads. `script(session, verb, argument)` gives a reply, "drop" to break the connection, or None."""

    def __init__(
        self, script: Script | None = None, features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8")
    ):
        self.script, self.features = script or (lambda *_: None), features
        self.copies: list[Copy] = []
        self.sessions = 0
        self.most_pipelined = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def recipients(self) -> list[str]:
        return [copy.recipient for copy in self.copies]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.sessions += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection, Session(self.sessions)), daemon=True).start()

    def _serve(self, connection: socket.socket, session: Session) -> None:
        with connection, connection.makefile("rb") as lines:
            say = lambda text: connection.sendall(text.encode() + b"\r\n")  # noqa: E731
            if self._answer(session, "CONNECT", "", "220 sink", say) == "drop":
                return
            try:
                while line := lines.readline():
                    if self._command(session, line, lines, say) == "drop":
                        return
            except OSError:
                return

    def _command(self, session: Session, line: bytes, lines, say) -> str:
        verb, _, argument = line.decode().strip().partition(" ")
        verb = verb.upper()
        if verb == "EHLO":
            said = self.script(session, verb, argument)
            if said:
                return self._say(said, say)
            say("\r\n".join(f"250-{word}" for word in ("sink", *self.features)) + "\r\n250 HELP")
            return ""
        if verb == "RCPT" and not session.sender:
            return self._answer(session, verb, argument, "503 5.5.1 MAIL first", say)
        if verb == "DATA" and not session.recipients:
            return self._answer(session, verb, argument, "554 5.5.1 no valid recipients", say)
        said = self._answer(session, verb, argument, "354 go on" if verb == "DATA" else "250 2.0.0 Ok", say)
        self._note(session, verb, argument, said)
        if verb == "DATA" and said.startswith("354"):
            return self._content(session, lines, say)
        return "drop" if verb == "QUIT" else said

    def _content(self, session: Session, lines, say) -> str:
        content = []
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return "drop"
            content.append(line[1:] if line.startswith(b".") else line)
        said = self._answer(session, "DOT", "", "250 2.0.0 queued", say, before=lambda: self._keep(session, content))
        session.sender, session.recipients = "", []
        return said

    def _keep(self, session: Session, content: list[bytes]) -> None:
        body = b"".join(content)
        self.copies += [Copy(session.sender, one, body, session.mail_command) for one in session.recipients]

    def _note(self, session: Session, verb: str, argument: str, said: str) -> None:
        inside = re.search("<(.*?)>", argument)
        if verb == "MAIL" and said.startswith("250"):
            session.sender, session.mail_command = inside[1], argument
        elif verb == "RCPT" and said.startswith("250"):
            session.recipients.append(inside[1])
        elif verb == "RSET":
            session.sender, session.recipients = "", []

    def _answer(self, session: Session, verb: str, argument: str, usual: str, say, before=lambda: None) -> str:
        said = self.script(session, verb, argument) or usual
        if said.startswith("2"):
            before()
        elif said == "drop after keeping":
            before()
            said = "drop"
        return self._say(said, say)

    def _say(self, said: str, say) -> str:
        if said != "drop":
            say(said)
        return said
