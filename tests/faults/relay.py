"""A relay that fails by schedule, and counts every copy it has taken responsibility for."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

from tests.faults.schedule import STALL, Schedule

FEATURES = ("PIPELINING", "8BITMIME", "SMTPUTF8")
STALLS_FOR = 2.0


class Drop(Exception):
    """The connection ends here."""


class Relay:
    """Listens in a thread of its own. `copies` are counted by recipient, `fired` are the faults that came true."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.copies: Counter[str] = Counter()
        self.fired: list[str] = []
        self.is_calm = False
        self.port = 0
        self._seen: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._fates = {schedule.address(number): fate for number, fate in schedule.fates.items()}
        self._loop = asyncio.new_event_loop()
        listens = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listens,), daemon=True)
        self._thread.start()
        listens.wait(10)

    @property
    def kept(self) -> int:
        return sum(self.copies.values())

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def fault(self, step: str) -> str:
        """What goes wrong at this step this time; empty where nothing does."""
        self._seen[step] += 1
        action = "" if self.is_calm else self.schedule.faults[step].get(self._seen[step], "")
        if action:
            self.fired.append(f"{step} {self._seen[step]}: {action}")
        return action

    def verdict(self, step: str, address: str) -> str:
        """The reply of a recipient's fate at this step; empty where it is taken."""
        fate = self._fates.get(address)
        if fate is None or fate.step != step:
            return ""
        self._tries[address] += 1
        if fate.is_never_taken or self._tries[address] <= fate.times:
            return f"{fate.code} {'5.1.1 nobody' if fate.is_refused else '4.2.0 not now'}"
        return ""

    def _run(self, listens: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda loop, context: None)
        self._loop.run_until_complete(self._listen())
        listens.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._session, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Talk(self, reader, writer).run()
        except (Drop, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()


class Talk:
    """One connection."""

    def __init__(self, relay: Relay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.relay, self.reader, self.writer = relay, reader, writer
        self.recipient = ""

    async def run(self) -> None:
        await self._answer("CONNECT", "220 relay")
        while True:
            line = (await self.reader.readuntil(b"\n")).decode().strip()
            verb = line.partition(" ")[0].upper()
            if verb == "EHLO":
                features = FEATURES if self.relay.schedule.pipelining else FEATURES[1:]
                await self._answer(
                    "EHLO", "\r\n".join(["250-relay", *(f"250-{word}" for word in features), "250 HELP"])
                )
            elif verb == "MAIL":
                self.recipient = ""
                await self._answer("MAIL", "250 ok")
            elif verb == "RCPT":
                await self._rcpt(line.partition("<")[2].partition(">")[0])
            elif verb == "DATA":
                await self._data()
            elif verb == "QUIT":
                return
            else:
                self._say("250 ok")

    async def _rcpt(self, address: str) -> None:
        said = await self._answer("RCPT", self.relay.verdict("RCPT", address) or "250 ok")
        self.recipient = address if said.startswith("250") else ""

    async def _data(self) -> None:
        if not self.recipient:
            self._say("554 no recipient")
            return
        said = await self._answer("DATA", self.relay.verdict("DATA", self.recipient) or "354 go on")
        if said.startswith("354"):
            await self._content()

    async def _content(self) -> None:
        if self.relay.fault("CONTENT"):
            await self.reader.readuntil(b"\n")
            raise Drop
        await self.reader.readuntil(b"\r\n.\r\n")
        action = self.relay.fault("DOT")
        if action.startswith("keep"):
            if self.relay.verdict("DOT", self.recipient):
                raise Drop
            self.relay.copies[self.recipient] += 1
            if "250" in action:
                self._say("250 kept")
            raise Drop
        said = await self._do(action) or self.relay.verdict("DOT", self.recipient) or "250 kept"
        if said.startswith("250"):
            self.relay.copies[self.recipient] += 1
        self._say(said)
        if said.startswith("421"):
            raise Drop

    async def _answer(self, step: str, usual: str) -> str:
        said = await self._do(self.relay.fault(step)) or usual
        self._say(said)
        if said.startswith(("421", "garbage")):
            raise Drop
        return said

    async def _do(self, action: str) -> str:
        """Carry out a fault; what is left of it to say."""
        if action == "drop":
            raise Drop
        if action == STALL:
            await asyncio.sleep(STALLS_FOR)
            raise Drop
        return action

    def _say(self, words: str) -> None:
        self.writer.write(words.encode() + b"\r\n")
