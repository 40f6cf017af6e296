"""Reloads a running daemon: while mails go out, and with configurations that were spoilt at random.

    reload.py --triaged .build/release/triaged --reloads 100 --mutations 1000

Shows of good ones: every mail goes out once, nobody waits for a page, a page that was open before still claims. Of spoilt
ones: the daemon lives, each is in force as a whole or refused with its file and line, and what is in force answers alike
everywhere.
"""

import argparse
import collections
import email
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from aiosmtpd.controller import Controller

from field import ROOT, Field, Forms, free_port, links_in, path_of, pause, request, row, wait_for


class Post:
    """A relay that takes its time."""

    def __init__(self, dice):
        self.mails, self.dice = [], dice

    async def handle_DATA(self, server, session, envelope):
        import asyncio
        await asyncio.sleep(self.dice.choice([0, 0.05, 0.3]))
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 taken"


class Visitor(threading.Thread):
    """Asks for a page again and again, and notes what was not answered."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.ended, self.asked, self.longest, self.failures = port, threading.Event(), 0, 0.0, []

    def run(self):
        while not self.ended.wait(0.01):
            begun = time.monotonic()
            try:
                status, _ = request(self.port, "GET", "/livez")
                if status != 200:
                    self.failures.append(f"answered with {status}")
            except OSError as error:
                self.failures.append(repr(error))
            self.asked += 1
            self.longest = max(self.longest, time.monotonic() - begun)


class SocketLink(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


def ask(field, method, path):
    link = SocketLink(str(field.state / "admin.sock"))
    link.request(method, path)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    assert answer.status == 200, f"{path} was answered with {answer.status}: {body[:300]}"
    return json.loads(body)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--reloads", type=int, default=100)
    options.add_argument("--mutations", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    dice = random.Random(options.seed)
    triaged = pathlib.Path(options.triaged).resolve()
    for part in (good_reloads, mutations):
        post = Post(random.Random(options.seed))
        relay = Controller(post, hostname="127.0.0.1", port=free_port())
        relay.start()
        try:
            with tempfile.TemporaryDirectory() as folder:
                field = Field(triaged, folder, ["ann", "bob"], smtp_port=relay.port)
                fill(field)
                field.start()
                try:
                    field.wait_until_ready()
                    part(field, post, dice, options)
                except BaseException:
                    print(field.log.read_text(errors="replace")[-4000:])
                    raise
                finally:
                    field.stop()
        finally:
            relay.stop()


def fill(field):
    """All that a configuration folder may hold."""
    for name in ["cards.yaml", "glossary.yaml", "bank-holidays.json"]:
        shutil.copy(ROOT / "config" / name, field.config / name)
    (field.config / "templates").mkdir()
    (field.config / "templates" / "subject.mustache").write_text("{{service}}: {{count}} new in {{area}}\n")
    main = field.config / "triaged.yaml"
    text = main.read_text().replace("from_name: triaged", "from_name: triaged, service_name: m0")
    main.write_text(text.replace("every: 0.1s, retry: {first: 0.2s", "every: 0.1s, retry: {first: 30s").replace(
        "most: 1s", "most: 60s"))
    mark(field, 0)


def mark(field, number):
    """Writes the same mark into three files; what is in force shows it at three places."""
    for name, pattern, text in [
        ("triaged.yaml", r"service_name: m\d+", f"service_name: m{number}"),
        ("rules.yaml", r'(?m)^version: .*$', f'version: "m{number}"'),
        ("team.yaml", r"name: Ann( m\d+)?,", f"name: Ann m{number},"),
    ]:
        path = field.config / name
        before = path.read_text()
        assert re.search(pattern, before), f"{name} has no place for the mark"
        path.write_text(re.sub(pattern, text, before))


# The files that a fingerprint is of, with the tool's own way to put them together.
NAMES = ["bank-holidays.json", "cards.yaml", "glossary.yaml", "rules.yaml", "team.yaml", "triaged.yaml"]


def fingerprint(folder):
    names = [name for name in NAMES if (folder / name).exists()]
    for part, ends in [("feeds", (".yaml", ".yml")), ("templates", (".mustache",)), ("templates/pages", (".mustache",)),
                       ("words", (".json",))]:
        if (folder / part).is_dir():
            names += [f"{part}/{entry}" for entry in os.listdir(folder / part) if entry.endswith(ends)]
    whole = hashlib.sha256()
    for name in sorted(names, key=str.encode):
        path = folder / name
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "unreadable"
        whole.update(f"{name}\0{content}\n".encode())
    return whole.hexdigest()[:12]


# MARK: good ones


def good_reloads(field, post, dice, options):
    visitor = Visitor(field.port)
    visitor.start()
    rows = {}
    opened = None
    number = 0
    for number in range(1, options.reloads + 1):
        reference = f"SS{number:05d}"
        rows[reference] = row(reference, number, street="Pipit Lane")
        field.put_list(f"list-{number:05d}.csv", rows.values())
        if opened is None and post.mails:
            link = path_of(links_in(post.mails[0].as_string())[0])
            status, opened = field.get(link)
            assert status == 200
        mark(field, number)
        pause(dice.uniform(0, 0.3))
        if dice.random() < 0.5:
            os.kill(field.process.pid, signal.SIGHUP)
            wait_for("the reload", lambda: ask(field, "GET", "/status")["configuration"]["rules"] == f"m{number}")
        else:
            answer = ask(field, "POST", "/reload")
            assert answer["is_in_force"], answer
    quiet = {"mails": -1, "since": 0.0}

    def at_rest():
        if list(field.drop.glob("*.csv")) or len(post.mails) != quiet["mails"]:
            quiet.update(mails=len(post.mails), since=time.monotonic())
        return time.monotonic() - quiet["since"] > 3

    wait_for("all mails", at_rest, 120)
    links = collections.Counter(link for mail in post.mails for link in set(links_in(mail.as_string())))
    ids = collections.Counter(mail["Message-ID"] for mail in post.mails)
    assert len(links) == number, f"{len(links)} offers for {number} jobs"
    assert max(links.values()) == 1 and max(ids.values()) == 1, "a mail went out twice"
    form = Forms(opened).ending("claim")
    status, page = request(field.port, "POST", path_of(form["action"]), {**form["fields"], "member": "ann"})
    assert status == 200 and f"Ann m{number}" in page, f"the page that was open before: {status}"
    visitor.ended.set()
    visitor.join()
    assert not visitor.failures, visitor.failures[:3]
    print(f"{number} reloads while {len(post.mails)} mails went out, none twice; {visitor.asked} pages asked for meanwhile, "
          f"all answered, the slowest in {visitor.longest * 1000:.0f} ms")


# MARK: spoilt ones

def mutations(field, post, dice, options):
    pristine = field.folder / "pristine"
    shutil.copytree(field.config, pristine)
    field.put_list("first.csv", [row("SS1", 1)])
    wait_for("the mail", lambda: post.mails)
    link = path_of(links_in(post.mails[0].as_string())[0])
    visitor = Visitor(field.port)
    visitor.start()
    seen, kinds, slowest = seen_now(field, link), collections.Counter(), 0.0
    accepted = 0
    for number in range(1, options.mutations + 1):
        put_back(field, pristine)
        mark(field, number)
        done = [mutate(field, dice) for _ in range(dice.choice([0, 1, 1, 1, 2, 3]))]
        kinds.update(kind for kind, _ in done)
        told = f"mutation {number}: {done}"
        expected = fingerprint(field.config)
        begun = time.monotonic()
        answer = ask(field, "POST", "/reload")
        slowest = max(slowest, time.monotonic() - begun)
        assert field.process.poll() is None, f"{told}: the daemon ended"
        now = seen_now(field, link)
        assert now["fingerprint"] == answer["fingerprint"], told
        if answer["is_in_force"]:
            accepted += 1
            assert now["fingerprint"] == expected, f"{told}: what is in force is not what lies there"
            spoilt = [file for _, file in done]
            # A team in which this person has no part in the area any more is as good as another.
            assert now["status"] == 200 or "team.yaml" in spoilt, f"{told}: the claim page was answered with 404"
            for name, key in [("triaged.yaml", "service"), ("rules.yaml", "rules"), ("team.yaml", "name")]:
                if name not in spoilt and (key != "name" or now["status"] == 200):
                    assert now[key] == f"m{number}", f"{told}: {name} is not in force: {now}"
        else:
            assert now == seen, f"{told}: refused, and yet {seen} became {now}"
            check_told(field, answer["problems"], done, told)
        seen = now
        if number % 25 == 0:
            commands(field, answer, told)
        if number % 100 == 0:
            print(f"{number} spoilt, {accepted} good ones among them", flush=True)
    visitor.ended.set()
    visitor.join()
    assert not visitor.failures, visitor.failures[:3]
    put_back(field, pristine)
    assert ask(field, "POST", "/reload")["is_in_force"]
    before = len(post.mails)
    field.put_list("last.csv", [row("SS1", 1), row("SS2", 2)])
    wait_for("a mail after all of it", lambda: len(post.mails) > before)
    print(f"{options.mutations} spoilt configurations, {accepted} good ones among them in force, the others refused with file and "
          f"line; {visitor.asked} pages answered meanwhile, the slowest reload took {slowest:.1f} s; "
          + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))


def put_back(field, pristine):
    for entry in list(field.config.iterdir()):
        # The register and the areas take effect by themselves, and no date of theirs is to change.
        if entry.name in ("areas", "register.csv"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for entry in pristine.iterdir():
        if entry.name in ("areas", "register.csv"):
            continue
        (shutil.copytree if entry.is_dir() else shutil.copy)(entry, field.config / entry.name)


def seen_now(field, link):
    """What is in force, asked at the pages and at the admin socket."""
    standing = ask(field, "GET", "/status")["configuration"]
    status, page = field.get(link)
    assert status in (200, 404), f"the claim page was answered with {status}"
    name = re.search(r">Ann( (m\d+))?<", page)
    service = re.search(r"\bm\d+\b", page[:page.index("<main") if "<main" in page else len(page)])
    return {"fingerprint": standing["fingerprint"], "status": status, "rules": standing["rules"],
            "name": name and name[2], "service": service and service[0]}


def check_told(field, problems, done, told):
    assert problems, f"{told}: refused without a word"
    folder = re.escape(str(field.config))
    named = [p for p in problems if re.match(rf"{folder}(/[^:\n]+)?(:\d+:\d+)?: .", p)]
    assert len(named) == len(problems), f"{told}: no file in {set(problems) - set(named)}"
    lined = [p for p in problems if re.match(rf"{folder}/[^:\n]+:\d+:\d+: .", p)]
    # What several feed files have together has no line.
    shared = all(p.startswith(f"{field.config}/feeds: ") for p in problems)
    assert lined or shared, f"{told}: no line in {problems}"


def commands(field, answer, told):
    """The verbs say the same by their exit codes."""
    places = ["--config", str(field.config), "--state", str(field.state)]
    run = lambda verb: subprocess.run([field.triaged, *verb, *places], capture_output=True, text=True, timeout=60)
    again = run(["reload"])
    assert again.returncode == (0 if answer["is_in_force"] else 1), f"{told}: reload ended with {again.returncode}"
    for problem in answer["problems"][:1]:
        assert problem.split(": ")[0] in again.stdout, told
    status = json.loads(run(["status", "--json"]).stdout)
    assert status["configuration"]["fingerprint"] == answer["fingerprint"], told
    assert ("refusal" in status["configuration"]) != answer["is_in_force"], told
    checked = run(["check"])
    assert (checked.returncode == 0) == answer["is_in_force"] or "while triaged runs" in str(answer["problems"]), (
        f"{told}: check ended with {checked.returncode}: {checked.stdout[-500:]}")


# MARK: the ways to spoil a file


def mutate(field, dice):
    files = [name for name in [*NAMES, "feeds/street-scene.yaml", "templates/subject.mustache"]
             if (field.config / name).is_file()]
    name = dice.choice(files + ["triaged.yaml", "team.yaml", "rules.yaml", "feeds/street-scene.yaml"])
    path = field.config / name
    if not path.is_file():
        return "nothing left", name
    data = path.read_bytes()
    kind, change = dice.choice(WAYS)
    changed = change(data, dice)
    if kind == "missing":
        path.unlink()
    elif kind == "a folder":
        path.unlink()
        path.mkdir()
    elif kind == "a loop":
        path.unlink()
        path.symlink_to(path.name)
    else:
        path.write_bytes(changed)
    return kind, name


def lines(change):
    def way(data, dice):
        all_of_them = data.split(b"\n")
        change(all_of_them, dice.randrange(len(all_of_them)), dice)
        return b"\n".join(all_of_them)
    return way


def keys(text):
    """Replaces what follows a random key."""
    def way(data, dice):
        found = list(re.finditer(rb"(?m)([a-z_]+):[ ]*([^\n,}]*)", data))
        if not found:
            return data + b"\nx: " + text
        spot = dice.choice(found)
        return data[:spot.start(2)] + text + data[spot.end(2):]
    return way


def rename(data, dice):
    found = list(re.finditer(rb"([a-z_]{3,}):", data))
    if not found:
        return data + b"\nnew_key: 1\n"
    spot = dice.choice(found)
    return data[:spot.start(1)] + dice.choice([b"nonsense", spot[1] + b"x", spot[1][:-1], b"\xc3\xa9"]) + data[spot.end(1):]


def drop(all_of_them, at, dice):
    del all_of_them[at]


def double(all_of_them, at, dice):
    all_of_them.insert(at, all_of_them[at])


def tab(all_of_them, at, dice):
    all_of_them[at] = b"\t" + all_of_them[at]


def indent(all_of_them, at, dice):
    all_of_them[at] = b" " * dice.randint(1, 5) + all_of_them[at]


def swap(all_of_them, at, dice):
    other = dice.randrange(len(all_of_them))
    all_of_them[at], all_of_them[other] = all_of_them[other], all_of_them[at]


def flip(data, dice):
    at = dice.randrange(len(data) or 1)
    return data[:at] + bytes([dice.randrange(32, 127)]) + data[at + 1:]


LAUGHS = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [" % (98 + n, 98 + n) + b", ".join([b"*%c" % (97 + n)] * 9) + b"]\n" for n in range(8))

WAYS = [
    ("a line less", lines(drop)), ("a line twice", lines(double)), ("a tab", lines(tab)), ("an indent", lines(indent)),
    ("lines swapped", lines(swap)), ("a key renamed", rename), ("another letter", flip),
    ("a list for a value", keys(b"[1, 2]")), ("a map for a value", keys(b"{a: 1}")), ("nothing for a value", keys(b"")),
    ("a word for a value", keys(b"many")), ("a number for a value", keys(b"-17")),
    ("a huge number", keys(b"9" * 400)), ("a long text", keys(b"x" * 200_000)),
    ("a huge text", keys(b"x" * 2_000_000)), ("a line break", keys(b"'a\n  b'")),
    ("an alias", keys(b"*nowhere")), ("an anchor", keys(b"&here 1")), ("laughs", lambda data, dice: LAUGHS + data),
    ("a tag", keys(b"!!python/object:os.system x")), ("cut off", lambda data, dice: data[:dice.randrange(len(data) or 1)]),
    ("bad UTF-8", lambda data, dice: data[:len(data) // 2] + b"\xff\xfe\x80" + data[len(data) // 2:]),
    ("NUL", lambda data, dice: data[:len(data) // 2] + b"\0" + data[len(data) // 2:]),
    ("empty", lambda data, dice: b""), ("two documents", lambda data, dice: data + b"\n---\n" + data),
    ("missing", lambda data, dice: data), ("a folder", lambda data, dice: data), ("a loop", lambda data, dice: data),
    ("a remark", lambda data, dice: b"# a remark\n" + data if data[:1] not in b"{[" else data),
]


main()
