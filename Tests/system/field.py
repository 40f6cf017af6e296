"""What the system tests share: a configuration of their own, lists, a daemon, pages and mails.

Everything lies in one temporary folder and is gone afterwards. People and addresses are invented.
"""

import csv
import datetime
import html.parser
import http.client
import io
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]

# How many times as long as usual is waited, as where a sanitizer makes everything slower.
PATIENCE = float(os.environ.get("TRIAGED_PATIENCE", 1))

HEADER = [
    "Job Ref", "Recorded", "Due", "Cleared", "Class", "Type", "Status", "Caller", "UPRN",
    "Address", "Postcode", "Easting", "Northing", "Notes",
]

# A square kilometre of grid; the tests need no real map.
AREA = """{"type": "FeatureCollection",
 "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
 "features": [{"type": "Feature", "properties": {"id": "new-cross", "name": "New Cross"},
  "geometry": {"type": "Polygon", "coordinates":
   [[[449500, 358500], [450500, 358500], [450500, 359500], [449500, 359500], [449500, 358500]]]}}]}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def pause(seconds):
    """Lets the other side work between two looks, or until a moment that dice chose."""
    threading.Event().wait(seconds)


def wait_for(what, condition, seconds=60.0):
    """Waits until the condition gives something true; fails loudly after the deadline."""
    seconds *= PATIENCE
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        pause(0.02)
    raise SystemExit(f"waited {seconds} s in vain for {what}")


class Field:
    """One instance: its folders, its port, its daemon."""

    def __init__(self, triaged, folder, members, capacity=100_000, smtp_port=None, settle="0s"):
        self.triaged = str(triaged)
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "config"
        self.state = self.folder / "state"
        self.drop = self.folder / "drop"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "journal.log"
        self.process = None
        (self.config / "feeds").mkdir(parents=True)
        (self.config / "areas").mkdir()
        self.drop.mkdir()
        (self.config / "areas" / "area.geojson").write_text(AREA)
        (self.config / "register.csv").write_text("uprn,address,postcode,flag,expires\n")
        # One that was saved this moment is in force only when it has been still for some seconds.
        long_ago = time.time() - 60
        os.utime(self.config / "register.csv", (long_ago, long_ago))
        shutil.copy(ROOT / "config" / "rules.yaml", self.config / "rules.yaml")
        feed = (ROOT / "config" / "feeds" / "street-scene.yaml").read_text()
        feed = feed.replace("${state}/drop", str(self.drop)).replace("every: 2s", "every: 100ms")
        feed = feed.replace("every: 100ms", "every: 0.1s").replace("settle: 2s", f"settle: {settle}")
        (self.config / "feeds" / "street-scene.yaml").write_text(feed)
        channel = (
            f"  post: {{kind: smtp, host: 127.0.0.1, port: {smtp_port}, security: plain}}\n"
            if smtp_port
            else "  post: {kind: maildir, path: '${state}/mail'}\n"
        )
        (self.config / "triaged.yaml").write_text(
            f"instance: field\npublic_url: {self.url}\n"
            f"listen: {{host: 127.0.0.1, port: {self.port}}}\n"
            # The tests ask oftener than people do.
            "web: {limits: {per_link: 0, per_address: 0, unknown: 0, all: 0}}\n"
            "mail: {from: triaged@example.org, from_name: triaged}\n"
            f"channels:\n{channel}"
            "deliver: {every: 0.1s, retry: {first: 0.2s, most: 1s, lifetime: 5d}}\n"
        )
        people = "".join(
            f"  - {{id: {member}, name: {member.title()}, email: {member}@example.org, channel: post}}\n"
            for member in members
        )
        (self.config / "team.yaml").write_text(
            f"duty: {{email: duty@example.org, channel: post}}\nmembers:\n{people}areas:\n"
            f"  - {{area: new-cross, leaders: [{members[0]}], members: [{', '.join(members)}], "
            f"weekly_capacity: {capacity}, visits_need_two: false}}\n"
        )

    def name_admin(self, address):
        """Somebody who may read the status page; a leader with that address may read both."""
        path = self.config / "triaged.yaml"
        path.write_text(path.read_text() + f"admin: {{email: {address}, channel: post}}\n")

    def name_agencies(self):
        """A partner whose agreement is in force, so that something can be handed on."""
        path = self.config / "team.yaml"
        agencies = (
            "agencies:\n  - {name: Council, class: support, agreement: {reference: one}}\n"
            "  - {name: Housing, class: partner, agreement: {reference: two}}\n")
        text = path.read_text().replace("channel: post}", "channel: post, agency: Council}")
        text = text.replace("duty: {email: duty@example.org, channel: post, agency: Council}", "duty: {email: duty@example.org, channel: post}")
        path.write_text(agencies + text)

    def mails_with_links(self):
        """Mails that offer something; others may come beside them."""
        return [mail for mail in self.mails() if links_in(mail.read_text())]

    def carry_all(self):
        """The feed may carry notes and contact, as an agreement can allow it."""
        path = self.config / "feeds" / "street-scene.yaml"
        text = path.read_text().replace("carry: []", "carry: [notes, contact]")
        path.write_text(text.replace("  northing: Northing\n", "  northing: Northing\n  notes: Notes\n  contact: Notes\n", 1))

    def name_members(self, members, names):
        """Other names for the first ones of the team."""
        path = self.config / "team.yaml"
        text = path.read_text()
        for member, name in zip(members, names):
            quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
            text = text.replace(f"name: {member.title()},", f"name: {quoted},")
        path.write_text(text)

    def start(self):
        journal = open(self.log, "ab")
        self.process = subprocess.Popen(
            [self.triaged, "run", "--config", str(self.config), "--state", str(self.state)],
            stdout=journal, stderr=journal, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )
        journal.close()
        return self.process

    def wait_until_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise SystemExit("the daemon ended by itself:\n" + self.log.read_text()[-3000:])
            try:
                return self.get("/livez")[0] == 200
            except OSError:
                return False

        wait_for("the pages", ready)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise SystemExit("the daemon did not stop within 25 s of SIGTERM")
        return self.process.returncode if self.process else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def put_list(self, name, rows):
        """As a careful sender does: written beside, then renamed."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows(rows)
        unfinished = self.drop / f".{name}.part"
        unfinished.write_text(text.getvalue())
        unfinished.rename(self.drop / name)

    def get(self, path):
        return request(self.port, "GET", path)

    def mails(self):
        folder = self.state / "mail" / "new"
        return sorted(folder.iterdir()) if folder.exists() else []


def row(reference, number, street="Larkspur Road", kind="Bulky waste quote", days=3, status="Open"):
    """An open quote in the test's area; number and street decide the address."""
    recorded = datetime.datetime.now() - datetime.timedelta(days=days)
    stamp = recorded.strftime("%d/%m/%Y %H:%M")
    easting = 449_600 + (number * 37) % 800
    northing = 358_600 + (number * 91) % 800
    return [
        reference, stamp, "", "", "Waste", kind, status, "Public", "", f"{number} {street}",
        "NG17 9CM", str(easting), str(northing), "Sofa, and \"more\"\r\nside gate",
    ]


def request(port, method, path, form=None, connection=None):
    """One request to the loopback interface. Answers (status, text)."""
    link = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = urllib.parse.urlencode(form) if form is not None else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    link.request(method, path, body=body, headers=headers)
    answer = link.getresponse()
    text = answer.read().decode()
    if connection is None:
        link.close()
    return answer.status, text


class SignedIn:
    """Somebody signed in to the pages behind a link by mail, as a browser does it."""

    def __init__(self, field, address):
        self.field, self.address, self.cookies = field, address, {}

    def ask(self):
        """Asks for a link and takes it from the mail; answers its path."""
        before = set(self.field.mails())
        _, page = self.send("GET", "/sign-in")
        form = Forms(page).ending("/sign-in")
        status, _ = self.send("POST", path_of(form["action"]), {**form["fields"], "email": self.address})
        assert status == 200, f"the wish for a link was answered with {status}"

        def link():
            for mail in set(self.field.mails()) - before:
                text = mail.read_text().replace("=\r\n", "").replace("=\n", "")
                found = re.search(r"http://\S+(/sign-in/[A-Za-z0-9_-]+)", text)
                if found:
                    return found[1]
            return None

        return wait_for("the mail with the link", link)

    def enter(self, link):
        """Presses the link's button; afterwards `send` is signed in."""
        _, page = self.send("GET", link)
        form = Forms(page).ending(link)
        status, _ = self.send("POST", path_of(form["action"]), form["fields"])
        assert status == 303 and "__Host-triaged" in self.cookies, f"the button was answered with {status}"
        return self

    def send(self, method, path, form=None):
        """One request with the cookies so far. Answers (status, text)."""
        link = http.client.HTTPConnection("127.0.0.1", self.field.port, timeout=30)
        body = urllib.parse.urlencode(form) if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        if self.cookies:
            headers["Cookie"] = self.cookie()
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, secret = value.split(";")[0].partition("=")
                self.cookies.pop(key, None)
                if secret:
                    self.cookies[key] = secret
        link.close()
        return answer.status, text

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


class Forms(html.parser.HTMLParser):
    """Every form of a page: its action, its fields with their values, its selects' options."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.select = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "fields": {}, "selects": {}})
        elif tag == "input" and self.forms and attributes.get("type") == "hidden":
            self.forms[-1]["fields"][attributes["name"]] = attributes.get("value", "")
        elif tag == "select" and self.forms:
            self.select = attributes["name"]
            self.forms[-1]["selects"][self.select] = []
        elif tag == "option" and self.select:
            self.forms[-1]["selects"][self.select].append(attributes.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None

    def ending(self, word):
        for form in self.forms:
            if form["action"].rstrip("/").endswith(word):
                return form
        return None


def links_in(text):
    """The claim links of a mail, soft line breaks of quoted-printable taken out."""
    joined = text.replace("=\r\n", "").replace("=\n", "")
    return sorted(set(re.findall(r"http://127\.0\.0\.1:\d+/c/[A-Za-z0-9_-]+", joined)))


def path_of(link):
    return urllib.parse.urlparse(link).path


__all__ = [
    "Field", "Forms", "HEADER", "ROOT", "SignedIn", "free_port", "links_in", "path_of", "pause", "request",
    "row", "wait_for",
]
