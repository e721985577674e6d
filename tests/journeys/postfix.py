"""A Postfix of its own, on loopback ports, with the lines of docs/how-to/put-postfix-around-junto.md."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import NameOID

from tests.journeys.running import free_port

HOW_TO = Path(__file__).parents[2] / "docs/how-to/put-postfix-around-junto.md"
PROGRAM = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
START_TRIES = 3
SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Why no Postfix can run here; empty where it can."""
    if PROGRAM is None:
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix starts for root only"


def snippet(name: str) -> str:
    """A block of the how-to, as it stands there."""
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{HOW_TO} has no block {name}"
    return found[1]


@dataclass
class Postfix:
    """One instance. `world` is the port where all mail to other domains ends; `milter` says who is proven."""

    lmtp: int
    world: int
    milter: int
    folder: Path
    front: int = field(default_factory=free_port)
    behind: int = field(default_factory=free_port)

    @property
    def log(self) -> Path:
        return self.folder / "mail.log"

    def write(self) -> None:
        """Lay out the folders and the configuration."""
        self.folder.chmod(0o755)
        etc = self.folder / "etc"
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix", "postfix")
        (etc / "main.cf").write_text(self._here(f"{self._ground()}\n{snippet('main.cf')}\n{self._sandbox()}"))
        (etc / "master.cf").write_text(
            self._here(f"127.0.0.1:{self.front} inet n - n - - smtpd\n{SERVICES}{snippet('master.cf')}")
        )
        (etc / "foreign_results").write_text(self._here(snippet("foreign_results")))
        _write_certificate(etc / "mx.pem")

    def start(self) -> None:
        """Start it, and wait until it greets. Its master stands still for good where its daemons fill the pipe of the log
        before the one that reads it has begun (seen on a busy machine): then it is killed and started anew."""
        for _ in range(START_TRIES):
            self._run("start")
            if self._greets():
                return
            self._kill()
        raise AssertionError(f"Postfix does not greet; see {self.log}")

    def stop(self) -> None:
        try:
            self._run("stop")
        except subprocess.TimeoutExpired:
            self._kill()

    def flush(self) -> None:
        """Try at once what waits for its next try."""
        self._run("flush")

    def queue(self) -> str:
        """What waits, in words; “Mail queue is empty” where nothing does."""
        command = [str(PROGRAM).replace("sbin/postfix", "sbin/postqueue"), "-c", str(self.folder / "etc"), "-p"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.front), timeout=10) as caller:
                return caller.recv(3) == b"220"
        except OSError:
            return False

    def _kill(self) -> None:
        """End the master with what it has begun: each daemon ends when its master is gone."""
        os.kill(int((self.folder / "queue" / "pid" / "master.pid").read_text()), signal.SIGKILL)
        time.sleep(2)

    def _run(self, step: str) -> None:
        done = subprocess.run(
            [str(PROGRAM), "-c", str(self.folder / "etc"), step],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        log = self.log.read_text() if self.log.exists() else ""
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{log[-2000:]}"

    def _here(self, text: str) -> str:
        """The names and ports of the page, as they are in this run."""
        here = {
            "lists.agency.gov": "lists.example.gov",
            "mx.agency.gov": "mx.example.gov",
            r"mx\.agency\.gov": r"mx\.example\.gov",
            "127.0.0.1:8024": f"127.0.0.1:{self.lmtp}",
            "127.0.0.1:8891": f"127.0.0.1:{self.milter}",
            "127.0.0.1:10025": f"127.0.0.1:{self.behind}",
            "/etc/postfix/": f"{self.folder}/etc/",
        }
        for there, name in here.items():
            text = text.replace(there, name)
        return text

    def _ground(self) -> str:
        """What a package's own main.cf says before anything is added."""
        sbin = Path(str(PROGRAM)).parent
        daemons = subprocess.run(
            [str(sbin / "postconf"), "-dh", "daemon_directory"], capture_output=True, text=True, check=True
        ).stdout.strip()
        return f"""compatibility_level = 3.6
command_directory = {sbin}
daemon_directory = {daemons}
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_protocols = ipv4
mydestination =
local_transport = error:no local mail
alias_maps =
"""

    def _sandbox(self) -> str:
        """What keeps all mail on this machine, and the journey short. The client of the journey is no friend."""
        return f"""relayhost = [127.0.0.1]:{self.world}
mynetworks = 192.0.2.1/32
maillog_file = {self.log}
maillog_file_prefixes = {self.folder}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
"""


@contextmanager
def postfix(**told: int) -> Iterator[Postfix]:
    """A Postfix that runs, and is stopped and gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="junto-postfix-", dir="/tmp"))
    office = Postfix(folder=folder, **told)
    office.write()
    office.start()
    try:
        yield office
    finally:
        office.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Milter(socketserver.BaseRequestHandler):
    """As much of OpenDKIM as Junto hears of: whoever sends from epa.gov is taken to have a good signature."""

    def handle(self) -> None:
        sender = b""
        while len(size := self._read(4)) == 4:
            packet = self._read(struct.unpack(">I", size)[0])
            step, told = packet[:1], packet[1:]
            if step == b"O":
                self._say(b"O" + struct.pack(">III", 6, 0x01, 0x01 | 0x02 | 0x08 | 0x10 | 0x20 | 0x40 | 0x100 | 0x200))
            elif step == b"M":
                sender = told.split(b"\0")[0].strip(b"<>")
                self._say(b"c")
            elif step == b"E":
                domain = sender.rpartition(b"@")[2]
                verdict = b"dkim=pass header.d=" + domain if domain == b"epa.gov" else b"dkim=none"
                self._say(b"i" + struct.pack(">I", 0) + b"Authentication-Results\0 mx.example.gov; " + verdict + b"\0")
                self._say(b"c")
            elif step == b"Q":
                return

    def _say(self, packet: bytes) -> None:
        self.request.sendall(struct.pack(">I", len(packet)) + packet)

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count and (more := self.request.recv(count - len(data))):
            data += more
        return data


@contextmanager
def milter() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Milter) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _write_certificate(path: Path) -> None:
    """A key and a certificate that it signed itself, as smtpd_tls_chain_files wants them."""
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx.example.gov")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, pkcs8, plain) + made.public_bytes(pem))
    path.chmod(0o600)
