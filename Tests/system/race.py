"""Many clients race for claims over HTTP; who won is checked against every order that could have been.

    race.py --triaged PROGRAM [--races 100000] [--clients 64] [--links 500] [--mixed 2000] [--lanes 3]

A race: some clients, two to eight by lot and in each hundredth race all of them, send the claim of the same page at
once. Exactly one wins, every other is told its name, and the winner gives it back. Between two races somebody looks,
and sometimes a claim is sent with a page of the generation before. In the mixed part claims, give-backs and looks
overlap without any pause. The races go round a number of links, so that no opportunity has a longer history than years
would give it. There are several lanes, each with its own connections and links: while some race for one offer,
others race for another.
The whole history, with the moments at which each call began and ended, goes through linear.py.
"""

import argparse
import asyncio
import pathlib
import random
import re
import tempfile
import time
import urllib.parse

from field import Field, Forms, links_in, path_of, request, row, wait_for
from linear import Call, Checker, self_test


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, port):
        self.port = port
        self.reader = None

    async def send(self, method, path, form=None):
        """Answers (status, page)."""
        body = urllib.parse.urlencode(form).encode() if form is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        for attempt in (1, 2):
            if self.reader is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                self.writer.write(head.encode() + b"\r\n" + body)
                return await self.answer()
            except (asyncio.IncompleteReadError, ConnectionError):
                # The server may close a connection that has been idle; a press is sent anew only as a person
                # would: it answers as the first time.
                self.reader = None
                if attempt == 2:
                    raise

    async def answer(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(re.search(r"content-length: (\d+)", head)[1])
        body = await self.reader.readexactly(length)
        if "connection: close" in head:
            self.reader = None
        return int(head.split(" ", 2)[1]), body.decode()


class Runners:
    """Who takes part in every race: a member and a connection each."""

    def __init__(self, field, members, seed):
        self.port = field.port
        self.members = members
        self.names = {member.title(): member for member in members}
        self.clients = [Client(field.port) for _ in members]
        self.random = random.Random(seed)
        self.wins = {}


class Race:
    """The races for one opportunity, whose history is checked by itself."""

    def __init__(self, runners, link):
        self.path = path_of(link)
        self.members, self.names = runners.members, runners.names
        self.clients, self.random, self.wins = runners.clients, runners.random, runners.wins
        self.checker = Checker()
        self.old = None

    def holder(self, page):
        """Whom the page names as the holder."""
        match = re.search(r"<h1>(\S+) has this offer</h1>", page)
        if not match:
            raise SystemExit(f"a page of {len(page)} characters does not say who holds the offer")
        return self.names[match[1]]

    async def claim(self, at, form, seen, calls):
        (name,) = [name for name in form["selects"] if name == "member"]
        fields = {**form["fields"], name: self.members[at]}
        began = time.monotonic()
        status, page = await self.clients[at].send("POST", path_of(form["action"]), fields)
        ended = time.monotonic()
        if status == 200:
            release = Forms(page).ending("/release")
            generation = int(release["fields"]["generation"])
            answer = ("won", generation)
        elif status == 409 and "has this offer" in page:
            release, answer = None, ("held", self.holder(page))
        elif status == 409:
            release, answer = None, ("stale",)
        else:
            raise SystemExit(f"a claim was answered with {status}")
        calls.append(Call(began, ended, "claim", (self.members[at], seen), answer))
        return answer, release

    async def give_back(self, at, form, calls):
        generation = int(form["fields"]["generation"])
        began = time.monotonic()
        status, _ = await self.clients[at].send("POST", path_of(form["action"]), form["fields"])
        if status not in (200, 409):
            raise SystemExit(f"a release was answered with {status}")
        answer = ("ok",) if status == 200 else ("stale",)
        calls.append(
            Call(began, time.monotonic(), "release", (self.members[at], generation), answer))

    async def look(self, at, calls):
        """Also gives the form of an offer that is open, with the generation that it was made of."""
        began = time.monotonic()
        status, page = await self.clients[at].send("GET", self.path)
        ended = time.monotonic()
        if status != 200:
            raise SystemExit(f"a look was answered with {status}")
        form = Forms(page).ending("/claim")
        # Of what is held the page has a form by which its holder opens it, and no claim.
        seen = int(form["fields"]["generation"]) if form else -1
        is_open = seen >= 0
        answer = ("open",) if is_open else ("held", self.holder(page))
        calls.append(Call(began, ended, "look", (), answer))
        return form, seen

    async def race(self, number):
        """Some at once with one page, and now and then one with the page before."""
        everybody = range(len(self.clients))
        runners = everybody if number % 100 == 0 else self.random.sample(everybody, self.random.randint(2, 8))
        calls = []
        form, seen = await self.look(0, calls)
        self.checker.add(calls)
        calls = []
        pages = [(form, seen)] * len(runners)
        if self.old and self.random.random() < 0.05:
            pages[self.random.randrange(len(pages))] = self.old
        answers = await asyncio.gather(
            *(self.claim(at, *page, calls) for at, page in zip(runners, pages)))
        winners = [at for at, (answer, _) in zip(runners, answers) if answer[0] == "won"]
        if len(winners) != 1:
            raise SystemExit(f"{len(winners)} winners of one race")
        (winner,) = winners
        self.checker.add(calls)
        calls = []
        (release,) = [release for answer, release in answers if answer[0] == "won"]
        await self.give_back(winner, release, calls)
        self.checker.add(calls)
        self.wins[self.members[winner]] = self.wins.get(self.members[winner], 0) + 1
        self.old = form, seen

    async def mixed(self, rounds):
        """A few clients do what they like, without waiting for each other."""

        async def one(at, calls):
            form, seen = await self.look(at, calls)
            if seen < 0:
                return
            answer, release = await self.claim(at, form, seen, calls)
            if answer[0] == "won" and self.random.random() < 0.8:
                await self.give_back(at, release, calls)
                if self.random.random() < 0.3:
                    await self.give_back(at, release, calls)
            elif answer[0] == "won":
                left.append((at, release))

        for _ in range(rounds):
            calls, left = [], []
            some = self.random.sample(range(len(self.members)), min(8, len(self.members)))
            await asyncio.gather(*(one(at, calls) for at in some))
            for at, release in left:
                await self.give_back(at, release, calls)
            self.checker.add(calls)


class Lane:
    """Races one after the other."""

    def __init__(self, at, field, links, members, options):
        self.runners = Runners(field, members, options.seed + at)
        self.races = [Race(self.runners, link) for link in links[at :: options.lanes]]
        self.count = len(range(at, options.races, options.lanes))
        self.mixed = max(1, options.mixed // (20 * options.lanes)) if options.mixed else 0
        self.done = 0

    async def run(self):
        for number in range(self.count):
            # Else a hundredth race would always meet the same few links.
            await self.races[(number + number // len(self.races)) % len(self.races)].race(number)
            self.done = number + 1
        for race in self.races[:20]:
            await race.mixed(self.mixed)


async def tell(lanes):
    began = time.monotonic()
    while True:
        await asyncio.sleep(60)
        print(f"  {sum(lane.done for lane in lanes)} races, {time.monotonic() - began:.0f} s", flush=True)


async def run(field, links, members, options):
    lanes = [Lane(at, field, links, members, options) for at in range(options.lanes)]
    telling = asyncio.create_task(tell(lanes))
    await asyncio.gather(*(lane.run() for lane in lanes))
    telling.cancel()
    return lanes


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--races", type=int, default=2000)
    options.add_argument("--clients", type=int, default=64)
    options.add_argument("--mixed", type=int, default=200)
    options.add_argument("--links", type=int, default=500)
    options.add_argument("--lanes", type=int, default=3)
    options.add_argument("--seed", type=int, default=4711)
    options = options.parse_args()
    self_test()
    members = [f"m{number:02d}" for number in range(options.clients)]
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, members)
        field.put_list("list.csv", [row(f"SS{at:06d}", 10 + at) for at in range(options.links)])
        field.start()
        try:
            field.wait_until_ready()
            (mail, *_) = wait_for("the mail", field.mails_with_links)
            links = links_in(mail.read_text())
            assert len(links) == options.links, f"{len(links)} links"
            began = time.monotonic()
            lanes = asyncio.run(run(field, links, members, options))
            seconds = time.monotonic() - began
        finally:
            field.stop()
    races = [race for lane in lanes for race in lane.races]
    wins = {member for lane in lanes for member in lane.runners.wins}
    mixed = sum(lane.mixed * min(20, len(lane.races)) for lane in lanes)
    print(
        f"{sum(lane.done for lane in lanes)} races in {options.lanes} lanes between {options.clients} clients: "
        f"exactly one winner each, {len(wins)} different winners, every loser told who; with {mixed} mixed rounds "
        f"{sum(race.checker.calls for race in races)} calls on {len(links)} links, whose answers an order explains "
        f"({seconds:.1f} s)")


main()
