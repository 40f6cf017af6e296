"""Signs in to a board by mail and works on it in Debian's Chromium.

    board_flow.py BASE MAILS LEADER ADMIN FOLDER [--phone] [--no-press] [--welsh]

BASE is the address of a running instance, MAILS the folder in which its mails lie, LEADER and ADMIN the e-mail
addresses of somebody who leads an area and of the admin. At 360 and 1280 px, light and dark, without and with
JavaScript (with --phone at 360 px alone), the leader asks for a link, takes it from the mail as it lies there, opens
it from another site as from a webmail, presses its button, and is signed in; then claims for somebody, passes on,
takes back and ends links (not with --no-press), and signs out. The admin sees the status.

With --welsh the offer, the way in and an unknown link are looked at in Welsh too. The HTML of every mail goes through the
Nu HTML checker with the pages.

What is looked at on every page, walking.py tells. Pictures go into FOLDER with board-report.json: `ok`, `problems`,
`pages`. Exits 1 where there are problems.
"""

import email
import email.policy
import pathlib
import re
import sys
import time

from walking import Walk, report_on

COOKIE = "__Host-triaged"


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

    def messages(self):
        return [
            email.message_from_bytes((self.folder / name).read_bytes(), policy=email.policy.default)
            for name in sorted(self.names())
        ]

    def offer(self):
        """The first link to claim with."""
        for message in self.messages():
            found = re.search(r"http://\S+/c/\S+", message.get_body(("plain",)).get_content())
            if found:
                return found[0]
        raise LookupError("no mail offers anything")

    def keep_pages(self, folder):
        """The HTML of each mail, for the checker."""
        pages = [message.get_body(("html",)) for message in self.messages()]
        pages = [page.get_content() for page in pages if page is not None]
        for number, page in enumerate(pages):
            (folder / "html" / f"mail-{number}.html").write_text(page)
        return len(pages)


class WelshWalk(Walk):
    """What anybody can open, as a browser gets it that asks for Welsh."""

    def __init__(self, browser, report, folder):
        super().__init__(browser, report, folder, "phone", "light", True, label="welsh-", language="cy")

    def go(self, base, offer):
        page = self.tab()
        self.look(page, "offer", page.goto(offer))
        self.look(page, "no-name", self.send(page), 422)
        self.look(page, "sign-in", page.goto(base + "/sign-in"))
        self.look(page, "no-address", self.send(page), 422)
        self.look(page, "unknown", page.goto(base + "/c/none"), 404)
        page.context.close()

    def send(self, page):
        """Presses the page's button past the browser's own checks, whatever it is called."""
        for select in page.locator("select").all():
            select.evaluate("e => e.removeAttribute('required')")
        with page.expect_navigation() as navigation:
            page.locator("main form button").last.click()
        return navigation.value


class BoardWalk(Walk):
    """One way through the board."""

    def __init__(self, browser, report, base, mails, folder, size, scheme, script):
        super().__init__(browser, report, folder, size, scheme, script, label="board-")
        self.base, self.mails = base, mails

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
        self.look(page, "15-signed-out", self.press(page, "Sign out"))
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
        page.goto(where)
        # What was passed on is taken back, so that the next way finds the board as this one did.
        for box in self.boxes(page, "held").all():
            box.check()
        self.look(page, "13-take-back", self.press(page, "Take back", self.under(page, "held")))
        self.look(page, "13-take-back-done", self.press(page, "Take back"))
        page.goto(where)
        self.boxes(page, "open").first.check()
        self.look(page, "14-end-the-links", self.press(page, "End the links", self.under(page, "open")))

    def admin(self, address):
        page = self.tab()
        self.sign_in(page, address)
        self.look(page, "16-status")
        if not page.url.endswith("/status"):
            self.problem("the admin does not land on the status")
        self.look(page, "17-not-yours", page.goto(self.base + "/board/new-cross"), 403)
        page.context.close()


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 5:
        sys.exit(__doc__)
    base, mails, leader, admin, folder = arguments
    base = base.rstrip("/")
    folder = pathlib.Path(folder)
    # Links come a minute apart for one address: each way is another's, or waits.
    ways = [("phone", "light", True, "leader"), ("phone", "dark", True, "admin")]
    if "--phone" not in sys.argv:
        ways += [
            ("desktop", "dark", True, "leader"), ("desktop", "light", True, "admin"),
            ("phone", "dark", False, "leader"), ("desktop", "light", False, "leader"),
        ]

    def walks(browser, report):
        asked = {}
        for size, scheme, script, who in ways:
            address = leader if who == "leader" else admin
            time.sleep(max(0, asked.get(address, -100) + 61 - time.monotonic()))
            walk = BoardWalk(browser, report, base, Mails(mails), folder, size, scheme, script)
            if who == "leader":
                walk.leader(address, "--no-press" not in sys.argv)
            else:
                walk.admin(address)
            asked[address] = time.monotonic()
        if "--welsh" in sys.argv:
            WelshWalk(browser, report, folder).go(base, Mails(mails).offer())
        if not Mails(mails).keep_pages(folder):
            report["problems"].append("no mail has a page: nothing was checked")

    report_on(folder, "board-report.json", walks)


if __name__ == "__main__":
    main()
