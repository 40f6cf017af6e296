"""Walks a claim link from the mail to the outcome in Debian's Chromium.

    claim_flow.py URL NAME OTHER_NAME FOLDER [--no-outcome] [--phone]

URL is an open claim link, NAME and OTHER_NAME are two members as its list shows them. At 360 and
1280 px, light and dark, without and with JavaScript, NAME claims, OTHER_NAME is refused, NAME opens
it again, forgets the consent, and gives the offer back or undoes the claim. The last time round the
outcome "accepted, with consent" is recorded, unless --no-outcome is given. With --phone it is done
at 360 px alone.

On every page: no horizontal scrolling (also at 320 px and at 200 % zoom), no message on the console,
nothing fetched but the page, a calm title, targets of 44 px, and no axe-core violation. Pictures of
every page go into FOLDER, and what is printed as report.json: one JSON object with `ok`,
`problems`, `pages` and `requests` (the Origin and Sec-Fetch-Site that Chromium sent with each
form). Exits 1 where there are problems.
"""

import json
import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}

MEASURE = """() => {
  const root = document.documentElement;
  const small = [...document.querySelectorAll('button, select, .choice')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML.slice(0, 80));
  return {scroll: root.scrollWidth, client: root.clientWidth, small,
          lang: root.lang, h1: document.querySelectorAll('h1').length,
          font: getComputedStyle(document.body).fontSize};
}"""


class Walk:
    """One way through the pages, in one size and colour scheme, with or without JavaScript."""

    def __init__(self, browser, report, url, names, folder, size, scheme, script):
        self.report, self.url, self.names, self.folder = report, url, names, folder
        self.label = f"{size}-{scheme}-{'js' if script else 'nojs'}"
        self.width, self.height = SIZES[size]
        self.script = script
        self.browser = browser
        self.scheme = scheme

    def tab(self):
        context = self.browser.new_context(
            viewport={"width": self.width, "height": self.height},
            color_scheme=self.scheme,
            java_script_enabled=self.script,
            locale="en-GB",
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda m: self.console(m.text))
        page.on("pageerror", lambda e: self.problem(f"page error: {e}"))
        page.on("request", self.note)
        return page

    def console(self, text):
        # Chromium reports each 4xx and 5xx of the page itself; those are looked at by status.
        if "the server responded with a status of" not in text:
            self.problem(f"console: {text}")

    def problem(self, text):
        self.report["problems"].append(f"{self.label}: {text}")

    def note(self, request):
        if request.resource_type != "document":
            self.problem(f"fetched {request.resource_type}")
        if request.method == "POST":
            headers = request.all_headers()
            self.report["requests"].append(
                {k: headers.get(k) for k in ("origin", "sec-fetch-site", "referer")}
            )

    def look(self, page, name, response, status):
        """Takes a picture of a page and everything that can be measured on it."""
        if response.status != status:
            self.problem(f"{name}: status {response.status} instead of {status}")
        for word in ("Lane", "Street,", "Road", *self.names):
            if word in page.title():
                self.problem(f"{name}: the title tells {word}")
        page.screenshot(path=str(self.folder / f"{self.label}-{name}.png"), full_page=True)
        for width in {320, self.width, self.width // 2 if self.width > 640 else 320}:
            page.set_viewport_size({"width": width, "height": self.height})
            seen = page.evaluate(MEASURE)
            if seen["scroll"] > seen["client"]:
                self.problem(f"{name}: scrolls sideways at {width} px ({seen['scroll']})")
            for element in seen["small"]:
                self.problem(f"{name}: lower than 44 px at {width} px: {element}")
        if seen["font"] != "19px" or seen["lang"] != "en-GB" or seen["h1"] != 1:
            self.problem(f"{name}: font, language or heading: {seen}")
        page.set_viewport_size({"width": self.width, "height": self.height})
        if self.script:
            for violation in Axe().run(page).response["violations"]:
                nodes = [n["html"][:120] for n in violation["nodes"]]
                self.problem(f"{name}: axe {violation['id']}: {nodes}")
        self.report["pages"].append(f"{self.label}-{name}")

    def press(self, page, button):
        with page.expect_navigation() as navigation:
            page.get_by_role("button", name=button).click()
        return navigation.value

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
        self.look(mine, "1-offer", mine.goto(self.url), 200)
        if mine.locator("#member").input_value() != "":
            self.problem("a name is picked already")
        theirs.goto(self.url)

        # The list keeps its first, empty entry: the browser itself does not send the form.
        mine.get_by_role("button", name="Claim this offer").click()
        if mine.url != self.url:
            self.problem("the form was sent without a name")
        # A browser that does not know `required` sends it.
        mine.locator("#member").evaluate("e => e.removeAttribute('required')")
        self.look(mine, "2-no-name", self.press(mine, "Claim this offer"), 422)

        self.choose(mine, holder)
        self.look(mine, "3-claimed", self.press(mine, "Claim this offer"), 200)
        address = mine.locator(".address").first.inner_text()

        self.choose(theirs, other)
        self.look(theirs, "4-conflict", self.press(theirs, "Claim this offer"), 409)
        self.look(theirs, "5-held", theirs.goto(self.url), 200)
        if address in theirs.content():
            self.problem("the address is on a page that a GET brought")
        theirs.context.close()

        mine.goto(self.url)
        self.choose(mine, holder)
        self.press(mine, "Open the offer")
        if mine.locator(".address").first.inner_text() != address:
            self.problem("the holder does not get the same page again")
        mine.get_by_label("They accepted help").check()
        mine.screenshot(
            path=str(self.folder / f"{self.label}-6-accepted.png"), full_page=True
        )
        response = self.press(mine, "Record what happened")
        self.look(mine, "7-consent-missing", response, 422)
        if ending == "outcome":
            mine.get_by_label("Yes, they agreed").check()
            self.look(mine, "8-recorded", self.press(mine, "Record what happened"), 200)
            self.look(mine, "9-finished", mine.goto(self.url), 200)
        else:
            mine.goto(self.url)
            self.choose(mine, holder)
            self.press(mine, "Open the offer")
            button = "Undo the claim" if ending == "undo" else "Give it back"
            self.look(mine, f"8-{ending}", self.press(mine, button), 200)
        self.look(mine, "10-unknown", mine.goto(self.url[:-6] + "AAAAAA"), 404)
        mine.context.close()


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 4:
        sys.exit(__doc__)
    url, holder, other, folder = arguments
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    report = {"ok": False, "problems": [], "pages": [], "requests": []}
    ways = [
        ("phone", "light", False, "undo"),
        ("phone", "dark", True, "release"),
        ("desktop", "dark", False, "undo"),
        ("desktop", "light", True, "release"),
        ("desktop", "dark", True, "undo"),
        ("phone", "light", True, "release" if "--no-outcome" in sys.argv else "outcome"),
    ]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox"]
            )
            for size, scheme, script, ending in ways:
                if "--phone" in sys.argv and size != "phone":
                    continue
                Walk(browser, report, url, (holder, other), folder, size, scheme, script).go(ending)
            browser.close()
    except Exception as error:  # a page that did not come: told with what was seen before it
        report["problems"].append(f"{type(error).__name__}: {error}")
    report["ok"] = not report["problems"]
    text = json.dumps(report, indent=1)
    (folder / "report.json").write_text(text + "\n")
    print(text)
    sys.exit(0 if report["ok"] else 1)


if __name__ == "__main__":
    main()
