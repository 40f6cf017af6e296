"""Signs in to a board by mail and works on it in Debian's Chromium.

    board_flow.py BASE MAILS LEADER ADMIN FOLDER [--phone] [--no-press]

BASE is the address of a running instance, MAILS the folder in which its mails lie, LEADER and ADMIN the e-mail
addresses of somebody who leads an area and of the admin. At 360 and 1280 px, light and dark, without and with
JavaScript (with --phone at 360 px alone), the leader asks for a link, takes it from the mail as it lies there, opens
it from another site as from a webmail, presses its button, and is signed in; then claims for somebody, passes on,
takes back and ends links (not with --no-press), and signs out. The admin sees the status.

On every page: no sideways scrolling (also at 320 px and 200 % zoom), no message on the console, nothing fetched but
the page, targets of 44 px, no axe-core violation, no error of the Nu HTML checker. Pictures go into FOLDER with
board-report.json: `ok`, `problems`, `pages`.
Exits 1 where there are problems.
"""

import email
import email.policy
import json
import pathlib
import re
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from claim_flow import check_html

CHROMIUM = "/usr/bin/chromium"
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
COOKIE = "__Host-triaged"

MEASURE = """() => {
  const root = document.documentElement;
  const low = [...document.querySelectorAll(
      'button, select, input[type=email], .choice, summary, nav a')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML.slice(0, 80));
  return {scroll: root.scrollWidth, client: root.clientWidth, low, lang: root.lang,
          h1: document.querySelectorAll('h1').length,
          font: getComputedStyle(document.body).fontSize};
}"""


class Mails:
    """The folder of mails: what came since it was looked at last."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def names(self):
        return {p.name for p in self.folder.iterdir()} if self.folder.is_dir() else set()

    def link(self, before, recipient):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for name in sorted(self.names() - before):
                message = email.message_from_bytes(
                    (self.folder / name).read_bytes(), policy=email.policy.default
                )
                text = message.get_body(("plain",)).get_content()
                found = re.search(r"http://\S+/sign-in/\S+", text)
                if found and recipient in str(message["To"]):
                    return found[0], str(message["Subject"])
            time.sleep(0.1)
        raise TimeoutError("no mail with a link came")


class Walk:
    """One way through the board, in one size and colour scheme, with or without JavaScript."""

    def __init__(self, browser, report, base, mails, folder, size, scheme, script):
        self.browser, self.report, self.base, self.mails = browser, report, base, mails
        self.folder, self.scheme, self.script = folder, scheme, script
        self.label = f"board-{size}-{scheme}-{'js' if script else 'nojs'}"
        self.width, self.height = SIZES[size]

    def tab(self):
        context = self.browser.new_context(
            viewport={"width": self.width, "height": self.height},
            color_scheme=self.scheme,
            java_script_enabled=self.script,
            locale="en-GB",
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: self.console(m.text))
        page.on("pageerror", lambda e: self.problem(f"page error: {e}"))
        page.on("request", self.note)
        return page

    def console(self, text):
        if "the server responded with a status of" not in text:
            self.problem(f"console: {text}")

    def problem(self, text):
        self.report["problems"].append(f"{self.label}: {text}")

    def note(self, request):
        if request.resource_type != "document":
            self.problem(f"fetched {request.resource_type}")

    def look(self, page, name, response=None, status=200):
        if response is not None and response.status != status:
            self.problem(f"{name}: status {response.status} instead of {status}")
        html = response.text() if response is not None else page.content()
        (self.folder / "html" / f"{self.label}-{name}.html").write_text(html)
        page.screenshot(path=str(self.folder / f"{self.label}-{name}.png"), full_page=True)
        for width in {320, self.width, self.width // 2 if self.width > 640 else 320}:
            page.set_viewport_size({"width": width, "height": self.height})
            seen = page.evaluate(MEASURE)
            if seen["scroll"] > seen["client"]:
                self.problem(f"{name}: scrolls sideways at {width} px ({seen['scroll']})")
            for element in seen["low"]:
                self.problem(f"{name}: lower than 44 px at {width} px: {element}")
        if seen["font"] != "19px" or seen["lang"] != "en-GB" or seen["h1"] != 1:
            self.problem(f"{name}: font, language or heading: {seen}")
        page.set_viewport_size({"width": self.width, "height": self.height})
        if self.script:
            for violation in Axe().run(page).response["violations"]:
                nodes = [n["html"][:120] for n in violation["nodes"]]
                self.problem(f"{name}: axe {violation['id']}: {nodes}")
        self.report["pages"].append(f"{self.label}-{name}")

    def press(self, page, button, scope=None):
        with page.expect_navigation() as navigation:
            (scope or page).get_by_role("button", name=button, exact=True).click()
        return navigation.value

    def sign_in(self, page, address):
        before = self.mails.names()
        self.look(page, "1-sign-in", page.goto(self.base + "/sign-in"))
        self.look(page, "2-no-address", self.press(page, "Send me a link"), 422)
        page.get_by_label("Your work e-mail address").fill(address)
        self.look(page, "3-sent", self.press(page, "Send me a link"))
        link, subject = self.mails.link(before, address)
        if link.rsplit("/", 1)[1] in subject:
            self.problem("the subject holds the link")
        # As from a webmail: the page before is another site's.
        page.goto("data:text/html,<a href='" + link + "'>a mail</a>")
        with page.expect_navigation():
            page.get_by_role("link", name="a mail").click()
        self.look(page, "4-link")
        other = self.tab()
        other.goto(link)
        self.look(other, "4-other-device", self.press(other, "Sign in"), 422)
        if self.cookie(other):
            self.problem("another browser than the one that asked was let in by the button alone")
        other.context.close()
        if self.cookie(page):
            self.problem("a cookie was set before the button was pressed")
        self.press(page, "Sign in")
        cookie = self.cookie(page)
        if not cookie:
            self.problem("no cookie was kept")
        elif not (cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"):
            self.problem(f"the cookie is not as it should be: {cookie}")
        if page.url.rstrip("/") == self.base + "/sign-in":
            self.problem("the redirect after the button did not land signed in")
        again = self.tab()
        self.look(again, "5-used-link", again.goto(link), 404)
        again.context.close()

    def cookie(self, page):
        for cookie in page.context.cookies():
            if cookie["name"] == COOKIE:
                return cookie
        return None

    def boxes(self, page, heading):
        """Checkboxes of the list under a heading."""
        return page.locator(f"#{heading} ~ form").first.get_by_role("checkbox")

    def under(self, page, heading):
        return page.locator(f"#{heading} ~ form").first

    def leader(self, address, presses):
        page = self.tab()
        self.sign_in(page, address)
        self.look(page, "6-board")
        if page.locator("svg.tm").count() != 1:
            self.problem("the board has no map")
        style = page.locator("svg.tm .tm-paper").first.evaluate("e => getComputedStyle(e).fill")
        if style in ("rgb(0, 0, 0)",):
            self.problem("the map is without its style")
        if re.search(r"\d+ (Quince|Pipit|Mill)", page.content()):
            self.problem("a house number is on the board")
        self.look(page, "7-nothing-ticked", self.press(page, "Claim for somebody"), 422)
        if presses:
            self.presses(page)
        page.goto(self.base + "/board")
        # From another site the cookie stays away: the page says how to go on.
        page.goto("data:text/html,<a href='" + self.base + "/board'>a mail</a>")
        with page.expect_navigation():
            page.get_by_role("link", name="a mail").click()
        with page.expect_navigation():
            page.get_by_role("link", name="Signed in already? Go to your board").click()
        if "/board/" not in page.url:
            self.problem("the way on from another site does not lead to the board")
        self.look(page, "14-signed-out", self.press(page, "Sign out"))
        if self.cookie(page):
            self.problem("the cookie is still there after signing out")
        page.goto(self.base + "/board")
        if not page.url.endswith("/sign-in"):
            self.problem("the board opens after signing out")
        page.context.close()

    def presses(self, page):
        where = page.goto(self.base + "/board").url
        boxes = self.boxes(page, "open")
        for number in range(min(2, boxes.count())):
            boxes.nth(number).check()
        self.look(page, "8-for-whom", self.press(page, "Claim for somebody"))
        self.look(page, "9-nobody-picked", self.press(page, "Claim"), 422)
        page.select_option("#member", index=1)
        chosen = page.locator("#member").input_value()
        for option in page.locator("#second option").all():
            if option.get_attribute("value") not in ("", chosen):
                page.select_option("#second", option.get_attribute("value"))
                break
        self.look(page, "10-claimed", self.press(page, "Claim"))
        page.goto(where)
        self.boxes(page, "held").first.check()
        self.look(page, "11-pass-on", self.press(page, "Pass on"))
        page.select_option("#member", index=2)
        page.get_by_role("radio").first.check()
        self.look(page, "12-passed", self.press(page, "Pass on"))
        for button in ("Take back", "End the links"):
            page.goto(where)
            # What was passed on is taken back, so that the next way finds the board as this one did.
            for box in self.boxes(page, "held").all() if button == "Take back" else []:
                box.check()
            if button == "End the links":
                continue
            name = "13-" + button.lower().replace(" ", "-")
            self.look(page, name, self.press(page, button, self.under(page, "held")))
            self.look(page, name + "-done", self.press(page, button))

    def admin(self, address):
        page = self.tab()
        self.sign_in(page, address)
        self.look(page, "15-status")
        if not page.url.endswith("/status"):
            self.problem("the admin does not land on the status")
        self.look(page, "16-not-yours", page.goto(self.base + "/board/new-cross"), 403)
        page.context.close()


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 5:
        sys.exit(__doc__)
    base, mails, leader, admin, folder = arguments
    base = base.rstrip("/")
    folder = pathlib.Path(folder)
    (folder / "html").mkdir(parents=True, exist_ok=True)
    report = {"ok": False, "problems": [], "pages": []}
    # Links come a minute apart for one address: each way is another's, or waits.
    ways = [("phone", "light", True, "leader"), ("phone", "dark", True, "admin")]
    if "--phone" not in sys.argv:
        ways += [
            ("desktop", "dark", True, "leader"), ("desktop", "light", True, "admin"),
            ("phone", "dark", False, "leader"), ("desktop", "light", False, "leader"),
        ]
    asked = {}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox"]
            )
            for size, scheme, script, who in ways:
                address = leader if who == "leader" else admin
                time.sleep(max(0, asked.get(address, -100) + 61 - time.monotonic()))
                walk = Walk(browser, report, base, Mails(mails), folder, size, scheme, script)
                if who == "leader":
                    walk.leader(address, "--no-press" not in sys.argv)
                else:
                    walk.admin(address)
                asked[address] = time.monotonic()
            browser.close()
        check_html(folder, report)
    except Exception as error:  # a page that did not come: told with what was seen before it
        report["problems"].append(f"{type(error).__name__}: {error}")
    report["ok"] = not report["problems"]
    text = json.dumps(report, indent=1)
    (folder / "board-report.json").write_text(text + "\n")
    print(text)
    sys.exit(0 if report["ok"] else 1)


if __name__ == "__main__":
    main()
