"""Walks a claim link from the mail to the outcome in Debian's Chromium.

    claim_flow.py URL NAME OTHER_NAME FOLDER [--no-outcome] [--phone] [--last]

URL is an open claim link, NAME and OTHER_NAME are two members as its list shows them. At 360 and
1280 px, light and dark, without and with JavaScript, NAME claims, OTHER_NAME is refused and looks at
taking over, NAME opens it again and goes through everything that a holder can do: each question is
sent empty, gone back from and sent; what was put off is undone; a button is clicked twice; a second
tab has grown old; the Back button of the browser is used. One way is walked by keyboard alone. In the
end the claim is given back or undone; the last time round the outcome "accepted, with consent" is
recorded, unless --no-outcome is given. With --phone it is done at 360 px alone, with --last the last
time round alone.

What is looked at on every page, walking.py tells; also that no title tells a name or a street. Pictures of every page
go into FOLDER, and what is printed as report.json: one JSON object with `ok`, `problems`, `pages` and `requests` (the
Origin and Sec-Fetch-Site that Chromium sent with each form). Exits 1 where there are problems.
"""

import pathlib
import sys

from walking import Walk, report_on


class ClaimWalk(Walk):
    """One way from the offer to its end."""

    def __init__(self, browser, report, url, names, folder, size, scheme, script):
        super().__init__(browser, report, folder, size, scheme, script)
        self.url, self.names = url, names

    def look(self, page, name, response=None, status=200):
        for word in ("Lane", "Street,", "Road", *self.names):
            if word in page.title():
                self.problem(f"{name}: the title tells {word}")
        super().look(page, name, response, status)

    def choose(self, page, name):
        """Picks the member whose entry is the name, alone or with the agency behind it."""
        for option in page.locator("#member option").all():
            text = option.inner_text().strip()
            if text == name or text.startswith(name + " ("):
                page.select_option("#member", option.get_attribute("value"))
                return
        self.problem(f"{name} is not on the list")

    def go(self, ending):
        holder, other = self.names
        mine, theirs = self.tab(), self.tab()
        self.look(mine, "01-offer", mine.goto(self.url), 200)
        if mine.locator("#member").input_value() != "":
            self.problem("a name is picked already")
        theirs.goto(self.url)
        self.nothing_picked(mine)
        self.fill_in(mine, holder, other)
        self.look(mine, "03-claimed", self.press(mine, "Claim this offer"), 200)
        address = mine.locator(".address").first.inner_text()

        self.fill_in(theirs, other, holder)
        self.look(theirs, "04-conflict", self.press(theirs, "Claim this offer"), 409)
        self.look(theirs, "05-held", theirs.goto(self.url), 200)
        self.look(theirs, "06-take-over", self.press(theirs, "Take it over"), 200)
        self.look(theirs, "07-take-over-empty", self.press(theirs, "Take it over"), 422)
        if address in theirs.content():
            self.problem("the address is on a page that a colleague got")
        theirs.context.close()

        self.back_button(mine, holder, address)
        self.reopen(mine, holder, address)
        self.questions(mine, address)
        self.papers(mine, address)
        self.old_tab(mine, holder)
        self.outcome(mine, holder, ending)
        self.look(mine, "40-unknown", mine.goto(self.url[:-6] + "AAAAAA"), 404)
        mine.context.close()

    def nothing_picked(self, page):
        # The list keeps its first, empty entry: the browser itself does not send the form.
        page.get_by_role("button", name="Claim this offer").click()
        if page.url != self.url:
            self.problem("the form was sent without a name")
        # A browser that does not know `required` sends it.
        for select in page.locator("select").all():
            select.evaluate("e => e.removeAttribute('required')")
        self.look(page, "02-no-name", self.press(page, "Claim this offer"), 422)

    def fill_in(self, page, holder, other):
        self.choose(page, holder)
        second = page.locator("#second")
        if second.count():
            second.select_option(label=other)

    def reopen(self, page, holder, address):
        page.goto(self.url)
        self.choose(page, holder)
        self.press(page, "Open the offer")
        if page.locator(".address").first.inner_text() != address:
            self.problem("the holder does not get the same page again")

    def back_button(self, page, holder, address):
        """From the holder's page back to the link: without the address."""
        tab = self.tab()
        tab.goto(self.url)
        self.choose(tab, holder)
        self.press(tab, "Open the offer")
        tab.go_back()
        if address in tab.content() or tab.locator(".address").count():
            self.problem("the Back button brings the address on a GET")
        self.choose(tab, holder)
        self.press(tab, "Open the offer")
        if tab.locator(".address").first.inner_text() != address:
            self.problem("after the Back button the offer does not open")
        tab.context.close()

    def questions(self, page, address):
        """Each question: as it comes, sent empty, and back to the offer."""
        for number, (name, button, send) in enumerate([
            ("pass", "Pass it on", "Pass it on"),
            ("snooze", "Put it off", "Put it off"),
            ("decline", "Decline it for good", "Decline it"),
            ("calendar", "Put it into my calendar", "Get the file"),
            ("visit-again", "Visit again", "Note it"),
        ]):
            if not page.get_by_role("button", name=button, exact=True).count():
                self.problem(f"{name}: there is no button for it")
                continue
            self.look(page, f"{10 + number}-{name}", self.press(page, button), 200)
            if address in page.content():
                self.problem(f"{name}: the question shows the address")
            if name != "visit-again":
                self.look(page, f"{10 + number}-{name}-empty", self.press(page, send), 422)
            if name == "snooze":
                page.select_option("#day", index=2)
                self.look(page, "11-snoozed", self.press(page, send), 200)
                self.look(page, "11-undone", self.press(page, "Undo"), 200)
            else:
                self.press(page, "Back")
            if page.locator(".address").first.inner_text() != address:
                self.problem(f"{name}: Back does not lead to the offer")
        renew = page.get_by_role("button", name="Hold it longer")
        # The second click may break off the answer to the first: what counts is the page that comes in the end.
        page.evaluate("document.documentElement.dataset.old = ''")
        renew.dblclick(no_wait_after=True)
        page.locator("html:not([data-old]) .address").first.wait_for()
        page.wait_for_load_state()
        self.look(page, "15-renewed", None, 200)

    def papers(self, page, address):
        self.look(page, "16-sheet", self.press(page, "Print a visit sheet"), 200)
        page.emulate_media(media="print")
        page.screenshot(path=str(self.folder / f"{self.label}-16-sheet-printed.png"), full_page=True)
        page.emulate_media(media="screen")
        self.press(page, "Back")
        self.press(page, "Put it into my calendar")
        page.select_option("#day", index=2)
        page.get_by_label("Morning").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Get the file").click()
        if not download.value.suggested_filename.endswith(".ics"):
            self.problem(f"the calendar's file is {download.value.suggested_filename}")
        self.press(page, "Back")

    def old_tab(self, page, holder):
        """A second tab that has grown old changes nothing."""
        second = self.tab()
        second.goto(self.url)
        self.choose(second, holder)
        self.press(second, "Open the offer")
        self.press(page, "Hold it longer")
        self.look(second, "17-old-tab", self.press(second, "Give it back"), 409)
        second.context.close()

    def outcome(self, page, holder, ending):
        self.look(page, "20-kind", self.press(page, "Record what happened"), 200)
        self.look(page, "20-kind-empty", self.press(page, "Continue"), 422)
        page.get_by_label("They accepted help").check()
        self.look(page, "21-consent", self.press(page, "Continue"), 200)
        self.look(page, "21-consent-empty", self.press(page, "Continue"), 422)
        page.get_by_label("Yes, they agree").check()
        answer = self.press(page, "Continue")
        if page.locator("#households").count():
            self.look(page, "21-households", answer, 200)
            self.look(page, "21-households-empty", self.press(page, "Continue"), 422)
            page.locator("#households").check()
            answer = self.press(page, "Continue")
        self.look(page, "22-scope", answer, 200)
        self.look(page, "22-scope-empty", self.press(page, "Continue"), 422)
        page.locator("input[type=checkbox]").last.check()
        self.look(page, "23-when", self.press(page, "Continue"), 200)
        self.press(page, "Back")
        if not page.locator("input[type=checkbox]").last.is_checked():
            self.problem("Back has lost an answer")
        self.press(page, "Continue")
        page.get_by_label("In person").check()
        self.look(page, "24-known", self.press(page, "Continue"), 200)
        page.get_by_label("Not sure").check()
        self.look(page, "25-line", self.press(page, "Continue"), 200)
        if ending == "outcome":
            page.get_by_label("None of these").check()
            self.look(page, "26-recorded", self.press(page, "Record what happened"), 200)
            self.press(page, "Undo")
            self.reopen(page, holder, page.locator(".address").first.inner_text())
            self.answer_again(page)
            if page.get_by_role("button", name="Make a note").count():
                self.look(page, "27-hand-off", self.press(page, "Make a note for another service"), 200)
                page.locator("input[type=radio]").first.check()
                self.look(page, "28-note", self.press(page, "Make the note"), 200)
            self.look(page, "29-finished", page.goto(self.url), 200)
            return
        self.reopen(page, holder, self.address_of(page, holder))
        button = "Undo" if ending == "undo" else "Give it back"
        self.look(page, f"30-{ending}", self.press(page, button), 200)
        if ending == "undo":
            # The last step was to hold it longer; the claim itself is given back.
            self.reopen(page, holder, self.address_of(page, holder))
            self.press(page, "Give it back")

    def address_of(self, page, holder):
        page.goto(self.url)
        self.choose(page, holder)
        self.press(page, "Open the offer")
        return page.locator(".address").first.inner_text()

    def answer_again(self, page):
        self.press(page, "Record what happened")
        for label in ["They accepted help", "Yes, they agree", None, "In person", "Yes"]:
            if label is None and page.locator("#households").count():
                page.locator("#households").check()
                self.press(page, "Continue")
            if label is None:
                page.locator("input[type=checkbox]").last.check()
            else:
                page.get_by_label(label, exact=True).check()
            self.press(page, "Continue")
        page.get_by_label("None of these").check()
        self.press(page, "Record what happened")

    def by_keyboard(self):
        """Claims and gives back without a pointer."""
        holder, other = self.names
        page = self.tab()
        page.goto(self.url)

        def tab_to(what):
            for _ in range(80):
                page.keyboard.press("Tab")
                focused = page.evaluate(
                    """() => { const e = document.activeElement, s = getComputedStyle(e);
                    return {what: e.id || e.innerText || '', seen: s.outlineStyle != 'none'}; }""")
                if not focused["seen"] and focused["what"]:
                    self.problem(f"keyboard: the focus on {focused['what'][:30]} is not seen")
                if focused["what"].strip() == what:
                    return
            self.problem(f"keyboard: {what} is not reached")

        tab_to("Skip to the main part")
        tab_to("member")
        page.keyboard.type(holder)
        if page.locator("#second").count():
            tab_to("second")
            page.keyboard.type(other)
        tab_to("Claim this offer")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        tab_to("Put it off")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        tab_to("day")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            tab_to("Put it off")
            page.keyboard.press("Enter")
        tab_to("Give it back")
        with page.expect_navigation() as navigation:
            page.keyboard.press("Space")
        self.look(page, "50-keyboard", navigation.value, 200)
        page.context.close()


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 4:
        sys.exit(__doc__)
    url, holder, other, folder = arguments
    folder = pathlib.Path(folder)
    ways = [
        ("phone", "light", False, "undo"),
        ("phone", "dark", True, "release"),
        ("desktop", "dark", False, "undo"),
        ("desktop", "light", True, "release"),
        ("desktop", "dark", True, "undo"),
        ("phone", "light", True, "release" if "--no-outcome" in sys.argv else "outcome"),
    ]

    def walks(browser, report):
        def walk(*way):
            return ClaimWalk(browser, report, url, (holder, other), folder, *way)

        walk("desktop", "light", False).by_keyboard()
        for size, scheme, script, ending in ways:
            if "--last" in sys.argv and (size, scheme, script, ending) != ways[-1]:
                continue
            if "--phone" in sys.argv and size != "phone":
                continue
            walk(size, scheme, script).go(ending)

    report_on(folder, "report.json", walks)


if __name__ == "__main__":
    main()
