"""Text that means harm through every page, mail, command and line of the journal: inert everywhere.

    hostile.py --triaged PROGRAM [--most N] [--no-browser] [--journal]

Each payload of payloads.py stands in the address, the notes and the contact of a job in area, in the type of
another and in the notes of one that is not located; some are names of members; all are sent in every field of a
form and as a token. Then
  - every link is opened and claimed in Chromium with scripts on, and its visit sheet is opened: no script runs, nothing
    is fetched but pages, no element is there that our templates do not have, no dialog opens, the console says nothing;
  - so do the questions behind a claim, the hand-off note, the board, its question and the status page, read over HTTP;
  - every calendar file has the lines of one event and no other property;
  - every mail is read by Python's email package, under a policy that raises with any defect: only our own headers,
    and none with anything of a payload;
  - `queue`, `explain`, `status`, `areas` and `feeds` print no control characters;
  - each line of the journal is one line without control characters and without any payload; with --journal it goes
    through systemd-journal-remote and journalctl, and comes out as it went in.
"""

import argparse
import email
import email.policy
import html.parser
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.parse

from field import Field, Forms, HEADER, SignedIn, links_in, path_of, request, row, wait_for
from payloads import payloads

MARK = re.compile(r"P\d{4}P")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What our templates are made of.
ELEMENTS = set(
    "html head meta title style body a header main footer p h1 h2 h3 ul ol li dl div dt dd form input button label "
    "select option optgroup fieldset legend table caption thead tbody tr th td span br strong nav svg g path rect circle text "
    "desc defs clippath figure figcaption section details summary b small time".split())


class Elements(html.parser.HTMLParser):
    """Every element with its attributes, and what is text."""

    def __init__(self, page):
        super().__init__()
        self.wrong, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.wrong.append(f"<{tag}>")
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "src", "srcdoc", "formaction"):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "action") and value and not re.match(r"^(/|#|tel:[0-9+ ]*$|http://127\.0\.0\.1)", value):
                self.wrong.append(f"{tag} {name}={value[:40]}")
            if tag == "meta" and name == "http-equiv":
                self.wrong.append("meta http-equiv")

    def handle_data(self, data):
        self.text.append(data)


def check_page(page, where, problems):
    found = Elements(page)
    problems += [f"{where}: {wrong}" for wrong in found.wrong]
    if CONTROL.search(page.replace("\r\n", "\n").replace("\t", " ").replace("\n", " ")):
        problems.append(f"{where}: control characters")


def check_mail(path, problems):
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.strict)
    for name, value in message.items():
        if name == "To":
            # The name is the member's own; the address is one, whatever the name is.
            if [address.addr_spec for address in value.addresses] not in (["ann@example.org"], ["bob@example.org"]):
                problems.append(f"mail: To is {value!r}")
            continue
        if MARK.search(str(value)) or "evil" in str(value):
            problems.append(f"mail: {name} bears a payload")
    for name in ("Bcc", "Cc"):
        if message[name]:
            problems.append(f"mail: there is a {name}")
    for part in message.walk():
        if part.defects:
            problems.append(f"mail: {part.defects}")
        if part.is_multipart():
            continue
        text = part.get_content()
        if part.get_content_type() == "text/html":
            for wrong in Elements(text).wrong:
                # A mail carries its layout in itself.
                if wrong.split(" ")[-1] != "style":
                    problems.append(f"mail: {wrong}")
        if CONTROL.search(text.replace("\r\n", "\n").replace("\n", " ")):
            problems.append("mail: control characters")
    for line in raw.split(b"\r\n" if b"\r\n" in raw else b"\n"):
        if len(line) > 998:
            problems.append("mail: a line above 998")
    return message


def check_commands(field, problems):
    for arguments in (["queue"], ["queue", "--json"], ["status"], ["status", "--json"], ["feeds"], ["areas"],
                      *(["explain", str(number)] for number in range(1, 12))):
        run = subprocess.run(
            [field.triaged, *arguments, "--config", str(field.config), "--state", str(field.state)],
            capture_output=True, timeout=120, check=False)
        for stream in (run.stdout, run.stderr):
            text = stream.decode()
            if CONTROL.search(text.replace("\n", " ")):
                problems.append(f"{' '.join(arguments)}: control characters")


def check_journal(field, through_journal, problems):
    lines = field.log.read_text().splitlines()
    for line in lines:
        if CONTROL.search(line.replace("\t", " ")):
            problems.append(f"journal: control characters: {line[:80]!r}")
        if MARK.search(line):
            problems.append(f"journal: a payload: {line[:120]!r}")
    if through_journal:
        tool = shutil.which("systemd-journal-remote") or "/lib/systemd/systemd-journal-remote"
        with tempfile.TemporaryDirectory() as folder:
            export = "".join(
                f"__REALTIME_TIMESTAMP={1_700_000_000_000_000 + at}\n_BOOT_ID={'0' * 31}1\nMESSAGE={line}\n\n"
                for at, line in enumerate(lines))
            out = pathlib.Path(folder) / "triaged.journal"
            subprocess.run([tool, "-o", str(out), "-"], input=export.encode(), check=True, capture_output=True)
            shown = subprocess.run(
                ["journalctl", "--file", str(out), "-o", "cat", "--no-pager"], check=True, capture_output=True)
            if shown.stdout.decode().splitlines() != lines:
                problems.append("journal: journalctl shows other lines than were written")
    return len(lines)


def check_forms(field, link, texts, problems):
    """Every payload in every field, and as a token."""
    port, path = field.port, path_of(link)
    _, page = request(port, "GET", path)
    form = Forms(page).ending("/claim")
    action = path_of(form["action"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number, text in texts:
        for name in ("member", "csrf_token", "generation", "member=", f"x{number}"):
            status, answer = request(
                port, "POST", action, {**form["fields"], "member": "ann", name: text}, connection)
            # A field that no form of ours has is let go, and the claim holds.
            is_ours = name in ("member", "csrf_token", "generation")
            if (status == 200) == is_ours:
                problems.append(f"form: {name} with {text[:30]!r} was answered with {status}")
            if is_ours and f"P{number:04d}P" in answer:
                problems.append(f"form: {name} is said back")
            if status == 200:
                release = Forms(answer).ending("/release")
                request(port, "POST", path_of(release["action"]), release["fields"], connection)
                _, page = request(port, "GET", path, connection=connection)
                form = Forms(page).ending("/claim")
        token = urllib.parse.quote(text, safe="")
        status, answer = request(port, "GET", f"/c/{token}", connection=connection)
        if status not in (400, 404, 414, 429) or f"P{number:04d}P" in answer:
            problems.append(f"token: {status}")


def check_calendar(text, problems):
    """One event with our properties alone (RFC 5545, unfolded)."""
    names = [re.split("[:;]", line)[0] for line in text.replace("\r\n ", "").split("\r\n")[:-1]]
    if names != ("BEGIN VERSION PRODID CALSCALE METHOD BEGIN UID SEQUENCE DTSTAMP DTSTART DTEND SUMMARY LOCATION CLASS "
                 "TRANSP END END").split() or CONTROL.search(text.replace("\r\n", "")):
        problems.append(f"calendar: {names}: {CONTROL.findall(text)}")
    if "\n" in text.replace("\r\n", "") or any(len(line.encode()) > 75 for line in text.split("\r\n")):
        problems.append("calendar: line ends or lengths")


def check_holder(field, page, problems):
    """What only a holder can open, from their page as it came; answers how many pages bore a payload."""
    shown = 0
    for name in ("pass", "snooze", "decline", "visit-again", "outcome", "sheet", "calendar"):
        form = Forms(page).ending("/" + name)
        if not form:
            problems.append(f"holder: there is no form for {name}")
            continue
        status, answer = request(field.port, "POST", path_of(form["action"]), form["fields"])
        if status != 200:
            problems.append(f"holder: {name} was answered with {status}")
        check_page(answer, name, problems)
        shown += len(MARK.findall(answer)) > 0
        if name == "calendar":
            ask = [form for form in Forms(answer).forms if form["selects"]][-1]
            fields = {**ask["fields"], "day": ask["selects"]["day"][1], "part": "morning"}
            status, text = request(field.port, "POST", path_of(ask["action"]), fields)
            if status != 200:
                problems.append(f"calendar: {status}")
            check_calendar(text, problems)
            shown += len(MARK.findall(text)) > 0
    return shown


def record_and_hand_off(field, page, problems):
    """The outcome's questions to their end, and the note for another agency; answers the pages."""
    answers = {"kind": {"kind": "accepted"}, "consent": {"consent": "yes"}, "scope": {"scope-partner": "yes"},
               "when": {"how": "in_person"}, "known": {"known": "no"}, "line": {"line": "none"}}
    pages = []
    form = Forms(page).ending("/outcome")
    status, page = request(field.port, "POST", path_of(form["action"]), form["fields"])
    for _ in range(10):
        forms = [form for form in Forms(page).forms if form["action"].endswith("/outcome")]
        if not forms:
            break
        form = forms[-1]
        fields = {**form["fields"], **answers[form["fields"]["step"]]}
        if "on" in form["selects"]:
            fields["on"] = form["selects"]["on"][1]
        status, page = request(field.port, "POST", path_of(form["action"]), fields)
        pages.append(page)
        if status != 200:
            problems.append(f"outcome: {status}")
    form = Forms(page).ending("/hand-off")
    if form:
        _, page = request(field.port, "POST", path_of(form["action"]), form["fields"])
        pages.append(page)
        ask = [form for form in Forms(page).forms if form["action"].endswith("/hand-off")][-1]
        agency = re.search(r'<input[^>]*type="radio"[^>]*name="to"[^>]*value="([^"]*)"', page)
        status, page = request(field.port, "POST", path_of(ask["action"]), {**ask["fields"], "to": agency[1]})
        pages.append(page)
        if status != 200:
            problems.append(f"hand-off: {status}")
    else:
        problems.append("hand-off: there is no form for it")
    for page in pages:
        check_page(page, "outcome and note", problems)
    return pages


def check_board(field, problems):
    """The board and the status page of a leader who is the admin too; answers how many pages bore a payload."""
    person = SignedIn(field, "ann@example.org")
    person.enter(person.ask())
    pages = [person.send("GET", path) for path in ("/board/new-cross", "/status")]
    board = pages[0][1]
    form = Forms(board).ending("/choose")
    item = re.search(r'<input[^>]*type="checkbox"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', board)
    if form and item:
        action = re.search(r'<button[^>]*name="([^"]*)"[^>]*value="([^"]*)"', board)
        fields = {**form["fields"], item[1]: item[2], **({action[1]: action[2]} if action else {})}
        pages.append(person.send("POST", path_of(form["action"]), fields))
    else:
        problems.append("board: nothing to choose")
    for status, page in pages:
        if status != 200:
            problems.append(f"board: {status}")
        check_page(page, "board", problems)
    return sum(len(MARK.findall(page)) > 0 for _, page in pages)


def browse(field, links, problems):
    from playwright.sync_api import sync_playwright

    def claim(page, link):
        page.goto(link)
        pages = [("offer", page.content())]
        page.select_option("#member", "ann")
        if page.locator("#second").count():
            page.select_option("#second", "bob")
        with page.expect_navigation():
            page.locator("form[action$='/claim'] button").click()
        pages.append(("claimed", page.content()))
        with page.expect_navigation():
            page.locator("form[action$='/sheet'] button").click()
        return pages + [("sheet", page.content())]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context()
        context.add_init_script("window.pwned = n => { document.documentElement.dataset.pwned = n }")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("dialog", lambda dialog: (problems.append("browser: a dialog"), dialog.dismiss()))
        page.on("console", lambda message: problems.append(f"browser: console: {message.text[:100]}"))
        page.on("pageerror", lambda error: problems.append(f"browser: {str(error)[:100]}"))
        page.on("request", lambda asked: asked.resource_type == "document" and asked.url.startswith(field.url)
                or problems.append(f"browser: fetched {asked.url[:80]}"))
        shown = 0
        for link in links:
            for name, content in claim(page, link):
                check_page(content, f"browser: {name}", problems)
                shown += len(MARK.findall(content)) > 0
            if page.evaluate("document.documentElement.dataset.pwned || ''"):
                problems.append("browser: a script has run")
        browser.close()
    return shown


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--most", type=int)
    options.add_argument("--no-browser", action="store_true")
    options.add_argument("--journal", action="store_true")
    options = options.parse_args()
    texts = payloads(options.most)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        field.carry_all()
        field.name_admin("ann@example.org")
        field.name_agencies()
        field.name_members(["ann", "bob"], [text for _, text in texts if text.isprintable()][:40:10])
        at = {name: number for number, name in enumerate(HEADER)}
        rows = []
        for number, text in texts:
            good = row(f"SS{number:06d}", number + 1)
            good[at["Address"]] = f"{number + 1} Larkspur Road, {text}"
            good[at["Notes"]] = text
            rows.append(good)
            other = row(f"{text}{number}", number + 1, kind=text)
            rows.append(other)
            lost = row(f"ZZ{number:06d}", number + 1)
            lost[at["Easting"]], lost[at["Northing"]], lost[at["Notes"]] = text, "", text
            rows.append(lost)
        field.put_list("list.csv", rows)
        field.start()
        try:
            field.wait_until_ready()
            (mail, *_) = wait_for("the mail", field.mails_with_links, 120)
            check_mail(mail, problems)
            links = links_in(mail.read_text())
            check_forms(field, links[0], texts, problems)
            shown = 0 if options.no_browser else browse(field, links[1:], problems)
            if options.no_browser:
                for link in links[1:]:
                    _, page = request(field.port, "GET", path_of(link))
                    check_page(page, "offer", problems)
                    form = Forms(page).ending("/claim")
                    fields = {**form["fields"], "member": "ann"}
                    if "second" in form["selects"]:
                        fields["second"] = "bob"
                    status, page = request(field.port, "POST", path_of(form["action"]), fields)
                    assert status == 200, f"a claim was answered with {status}"
                    check_page(page, "claimed", problems)
                    shown += len(MARK.findall(page)) > 0
                    shown += check_holder(field, page, problems)
            _, page = request(field.port, "GET", path_of(links[0]))
            form = Forms(page).ending("/claim")
            _, page = request(field.port, "POST", path_of(form["action"]), {**form["fields"], "member": "ann"})
            check_holder(field, page, problems)
            record_and_hand_off(field, page, problems)
            on_board = check_board(field, problems)
            if not on_board:
                problems.append("board: no payload is on it: nothing was tried")
            check_commands(field, problems)
            for path in field.mails():
                check_mail(path, problems)
            lines = check_journal(field, options.journal, problems)
        finally:
            field.stop()
        if list(pathlib.Path("/tmp").glob("pwned*")):
            problems.append("a command was run")
    for problem in sorted(set(problems))[:40]:
        print(problem)
    if problems:
        raise SystemExit(f"{len(problems)} problems")
    if shown < len(links) // 2:
        raise SystemExit(f"only {shown} pages of {len(links)} showed their payload: nothing was tried")
    print(
        f"{len(texts)} payloads on {len(links)} links, {shown} pages that show one, in every field of a form, "
        f"in the mails, calendars, the board, the commands and {lines} lines of the journal: inert")


main()
