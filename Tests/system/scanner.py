"""A mail scanner in imitation: nothing that it does to a link changes anything, and the link works afterwards.

    scanner.py --triaged PROGRAM [--rounds 1000] [--browser-rounds 1000]

In each round every link of a mail is opened with GET, HEAD and OPTIONS, with the methods that scanners also try
(PUT, DELETE, PATCH, TRACE), with a rewriting proxy's additions (a query, a fragment, a trailing slash, another
letter case of the host), by several user agents, and its forms are posted as they stand: without a name, without
a nonce, with the hidden fields alone. In a browser round headless Chromium runs scripts and clicks everything
that can be clicked, submits every form by script past the browser's own checks, follows every link of the page
and presses keys.

A link to sign in gets the same, a hundred times over HTTP and ten times in the browser, from where nobody asked for
it; then who asked signs in with it.

What the store holds (every table but the audit of refused presses) is the same afterwards, byte by byte; then
the person to whom the link was sent claims with it.
"""

import argparse
import hashlib
import http.client
import pathlib
import shutil
import sqlite3
import tempfile
import urllib.parse

from field import Field, Forms, SignedIn, links_in, path_of, pause, request, row, wait_for

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "BarracudaCentral Link Protect", "python-requests/2.32", "",
]
READING = ["GET", "HEAD", "OPTIONS"]
ODD = ["PUT", "DELETE", "PATCH", "TRACE"]

# Clicks, submits and follows what there is, once each; answers how much it did.
PRESS_EVERYTHING = """() => {
  let done = 0;
  for (const e of document.querySelectorAll('input[type=checkbox], input[type=radio], summary')) { e.click(); done++; }
  for (const e of document.querySelectorAll('[onclick], [role=button]')) { e.click(); done++; }
  const forms = [...document.forms].map(f => ({action: f.action, method: f.method,
    fields: [...new FormData(f)].map(([k, v]) => [k, String(v)])}));
  return {done, forms, links: [...document.links].map(a => a.href)};
}"""


def snapshot(state):
    """A fingerprint of every row of every table. The audit may note what was refused."""
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for name in ("triaged.sqlite", "triaged.sqlite-wal"):
            source = state / name
            if source.exists():
                shutil.copy(source, pathlib.Path(folder) / name)
                copies.append(name)
        base = sqlite3.connect(pathlib.Path(folder) / copies[0])
        tables = [name for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        prints = {}
        # What the daemon writes by itself while it runs, and what was refused.
        unwatched = (
            "audit", "clock_seen", "feed", "heartbeat", "import", "outcome_week", "retention_run")
        for table in tables:
            if table in unwatched:
                continue
            rows = sorted(repr(row) for row in base.execute(f'SELECT * FROM "{table}"')
                          if table != "sqlite_sequence" or row[0] not in unwatched)
            prints[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        changes = base.execute(
            "SELECT count(*), coalesce(sum(generation), 0), group_concat(DISTINCT state) FROM opportunity"
        ).fetchone()
        base.close()
    return prints, changes


def look(port, method, path, agent):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request(method, path, headers={"User-Agent": agent} if agent else {})
    answer = link.getresponse()
    body = answer.read().decode()
    link.close()
    return answer.status, body


def forms_of(page):
    return Forms(page).forms


def scan(field, path, number):
    """One scanner's visit without a browser. Answers how many requests it made."""
    made = 0
    agent = AGENTS[number % len(AGENTS)]
    for method in READING + ODD:
        status, page = look(field.port, method, path, agent)
        made += 1
        assert status in (200, 204, 405, 429, 501), f"{method} was answered with {status}"
    for variant in (path + "?utm_source=mail", path + "/", path.replace("/c/", "/C/"), path + "%20"):
        look(field.port, "GET", variant, agent)
        made += 1
    _, page = look(field.port, "GET", path, agent)
    for form in forms_of(page):
        action = urllib.parse.urlparse(form["action"]).path
        hidden = form["fields"]
        # Of a link to sign in the hidden fields are all there is; in another browser than the one that asked they do
        # nothing.
        for fields in (hidden, {}, {**hidden, "csrf_token": ""}, {**hidden, "member": ""}, {**hidden, "email": ""},
                       {**hidden, **{name: options[0] for name, options in form["selects"].items()}}):
            status, _ = request(field.port, "POST", action, fields)
            made += 1
            assert status in (400, 403, 404, 409, 410, 422, 429), f"a bare form was answered with {status}"
    return made


def browse(field, links, rounds):
    from playwright.sync_api import Error, sync_playwright

    def go(page, url):
        """A scanner does not wait for what it pressed before."""
        for _ in range(100):
            try:
                return page.goto(url)
            except Error as error:
                if "interrupted by another navigation" not in str(error) and "ERR_ABORTED" not in str(error):
                    raise
                pause(0.1)
        raise SystemExit("the page never came to rest")

    pressed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for number in range(rounds):
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("dialog", lambda dialog: dialog.accept())
            url = links[number % len(links)]
            go(page, url)
            found = page.evaluate(PRESS_EVERYTHING)
            pressed += found["done"]
            for button in range(page.locator("button").count()):
                go(page, url)
                page.locator("button").nth(button).click(no_wait_after=True)
                pressed += 1
            # Past `required`, by script, as it stands.
            for at in range(len(found["forms"])):
                go(page, url)
                page.evaluate("at => document.forms[at].submit()", at)
                page.wait_for_load_state()
                pressed += 1
                # What that brought is pressed too.
                for button in range(min(3, page.locator("button").count())):
                    page.locator("button").nth(button).click(no_wait_after=True)
                    page.wait_for_load_state()
                    pressed += 1
                    if page.locator("button").count() == 0:
                        break
            for href in found["links"][:8]:
                if href.startswith(field.url):
                    go(page, href)
            go(page, url)
            for key in ("Tab", "Tab", "Enter", "Tab", "Enter", "Space"):
                page.keyboard.press(key)
            page.wait_for_load_state()
            context.close()
        browser.close()
    return pressed


def signing_in(field, in_browser):
    """A link to sign in outlives its scanner; the session is given up again."""
    person = SignedIn(field, "ann@example.org")
    link = person.ask()
    before = wait_for("quiet", lambda: quiet(field))
    for number in range(100):
        scan(field, link, number)
    if in_browser:
        browse(field, [field.url + link], 10)
    after = snapshot(field.state)
    assert before == after, [name for name in after[0] if after[0][name] != before[0].get(name)]
    person.enter(link)
    status, page = person.send("GET", "/board/new-cross")
    assert status == 200, f"the board was answered with {status}"
    status, _ = person.send("POST", "/sign-out", Forms(page).ending("/sign-out")["fields"])
    assert status in (200, 303), f"signing out was answered with {status}"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--rounds", type=int, default=1000)
    options.add_argument("--browser-rounds", type=int, default=1000)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        field.put_list("list.csv", [row(f"SS{number:06d}", 10 + number) for number in range(3)])
        field.start()
        try:
            field.wait_until_ready()
            (mail,) = wait_for("the mail", field.mails)
            links = links_in(mail.read_text())
            claims = [link for link in links if "/c/" in link]
            assert len(claims) == 3, links
            signing_in(field, options.browser_rounds > 0)
            before = wait_for("quiet", lambda: quiet(field))
            made = sum(scan(field, path_of(claims[at % 3]), at) for at in range(options.rounds))
            pressed = browse(field, claims, options.browser_rounds) if options.browser_rounds else 0
            after = snapshot(field.state)
            assert before == after, [name for name in after[0] if after[0][name] != before[0].get(name)]
            # The link still works for its person.
            for claim in claims:
                status, page = request(field.port, "GET", path_of(claim))
                form = Forms(page).ending("/claim")
                fields = {**form["fields"], "member": "ann"}
                if "second" in form["selects"]:
                    fields["second"] = "bob"
                status, page = request(field.port, "POST", path_of(form["action"]), fields)
                assert status == 200 and "Larkspur Road" in page, f"the claim was answered with {status}"
        finally:
            field.stop()
    print(
        f"{options.rounds} scans with {made} requests and {options.browser_rounds} visits of a browser that "
        f"pressed {pressed} things: no claim, no change, and the links work for their person")


def quiet(field):
    """The store, once two looks have seen it alike."""
    first = snapshot(field.state)
    return first if first == snapshot(field.state) else None


main()
