"""A second mail server for the tests: it says what a script tells it to, and keeps what it got."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
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
    tls_version: str = ""
    user: str = ""
    delivered: int = 0


class Sink:
    """Listens in threads. `script(session, verb, argument)` gives a reply, "drop" to break the connection, or None.

    `tls` offers STARTTLS (or begins with TLS, where `is_implicit`); `injected` is what an intruder adds to the reply to
    STARTTLS. `accounts` are names and passwords, asked for by the mechanisms of `auth`.
    """

    def __init__(
        self,
        script: Script | None = None,
        features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8"),
        *,
        tls: ssl.SSLContext | None = None,
        is_implicit: bool = False,
        injected: bytes = b"",
        accounts: dict[str, str] | None = None,
        auth: str = "PLAIN LOGIN",
        host: str = "127.0.0.1",
        port: int = 0,
    ):
        self.script, self.features = script or (lambda *_: None), features
        self.tls, self.is_implicit, self.injected = tls, is_implicit, injected
        self.accounts, self.auth = accounts, auth
        self.commands: list[str] = []
        self.served: list[Session] = []
        self.copies: list[Copy] = []
        self.sessions = 0
        self.most_pipelined = 0
        self._server = socket.create_server((host, port))
        self.port = self._server.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening, also for whoever waits in accept."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
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
        self.served.append(session)
        with suppress(OSError, ssl.SSLError), connection:
            if self.is_implicit:
                connection = self._encrypted(connection, session)
            if self._answer(session, "CONNECT", "", "220 sink", _speaker(connection)) == "drop":
                return
            while self._listen(connection, session) == "STARTTLS":
                connection.sendall(b"220 go ahead\r\n" + self.injected)
                connection = self._encrypted(connection, session)

    def _listen(self, connection: socket.socket, session: Session) -> str:
        """Serve commands until the end, or until STARTTLS; what was sent ahead of the handshake is not read on."""
        lines = connection.makefile("rb")
        while line := lines.readline():
            self.commands.append(line.decode().strip())
            if self.tls and line.upper().startswith(b"STARTTLS") and not session.tls_version:
                return "STARTTLS"
            if self._command(session, line, lines, _speaker(connection)) == "drop":
                return "drop"
        return ""

    def _encrypted(self, connection: socket.socket, session: Session) -> socket.socket:
        assert self.tls
        encrypted = self.tls.wrap_socket(connection, server_side=True)
        session.tls_version = encrypted.version() or ""
        return encrypted

    def _offered(self, session: Session) -> list[str]:
        offered = ["sink", *self.features]
        if self.tls and not session.tls_version:
            offered.append("STARTTLS")
        return [*offered, f"AUTH {self.auth}"] if self.accounts is not None else offered

    def _command(self, session: Session, line: bytes, lines, say) -> str:
        verb, _, argument = line.decode().strip().partition(" ")
        verb = verb.upper()
        if verb == "EHLO":
            said = self.script(session, verb, argument)
            if said:
                return self._say(said, say)
            say("\r\n".join(f"250-{word}" for word in self._offered(session)) + "\r\n250 HELP")
            return ""
        if verb == "AUTH":
            return self._sign_in(session, argument, lines, say)
        if verb == "MAIL" and self.accounts is not None and not session.user:
            return self._answer(session, verb, argument, "530 5.7.0 sign in first", say)
        if verb == "RCPT" and not session.sender:
            return self._answer(session, verb, argument, "503 5.5.1 MAIL first", say)
        if verb == "DATA" and not session.recipients:
            return self._answer(session, verb, argument, "554 5.5.1 no valid recipients", say)
        said = self._answer(session, verb, argument, "354 go on" if verb == "DATA" else "250 2.0.0 Ok", say)
        self._note(session, verb, argument, said)
        if verb == "DATA" and said.startswith("354"):
            return self._content(session, lines, say)
        return "drop" if verb == "QUIT" else said

    def _sign_in(self, session: Session, argument: str, lines, say) -> str:
        mechanism, _, given = argument.partition(" ")
        if mechanism == "PLAIN":
            _, user, password = b64decode(given).decode().split("\0")
        else:
            say("334 VXNlcm5hbWU6")
            user = b64decode(lines.readline()).decode()
            say("334 UGFzc3dvcmQ6")
            password = b64decode(lines.readline()).decode()
        is_good = (self.accounts or {}).get(user) == password
        session.user = user if is_good else ""
        usual = "235 2.7.0 welcome" if is_good else f"535 5.7.8 not with {password}"
        return self._answer(session, "AUTH", argument, usual, say)

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
        session.delivered += len(session.recipients)
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


def _speaker(connection: socket.socket) -> Callable[[str], None]:
    return lambda text: connection.sendall(text.encode() + b"\r\n")
