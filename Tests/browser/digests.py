"""Looks at the mails in Debian's Chromium: every reviewed HTML part in light and dark, on a phone and a desk.

    digests.py FOLDER [GOLDEN]

GOLDEN is the folder with the HTML parts, Tests/NotifyTests/Golden if left out. Pictures go into FOLDER. A mail has no
script, fetches nothing, is no wider than the screen, has text of 16 px and more and links whose words differ; axe-core
finds no violation and the Nu HTML checker no error. Prints a JSON report and exits 1 where there are problems.
"""

import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe

from walking import report_on

SIZES = {"phone": (360, 740), "desk": (1280, 900)}

# In the page: texts that are smaller than 16 px, and what is wider than the screen.
MEASURE = """() => {
  const small = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const size = parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize);
    if (text && size < 16) small.push(`${size} px: ${text.slice(0, 40)}`);
  }
  const words = [...document.querySelectorAll('a')].map(link => link.textContent.trim());
  return {small, width: document.documentElement.scrollWidth, scripts: document.scripts.length,
          twice: words.filter((word, at) => words.indexOf(word) !== at)};
}"""


def look(browser, report, folder, page_file):
    html = page_file.read_text()
    (folder / "html" / page_file.name).write_text(html)
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            name = f"{page_file.stem}-{size}-{scheme}"
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            page.set_content(html)
            found = page.evaluate(MEASURE)
            problems = [f"small text, {text}" for text in found["small"]]
            problems += [f"two links say: {words}" for words in found["twice"]]
            problems += [f"it fetches {url}" for url in asked]
            if found["width"] > width:
                problems.append(f"it is {found['width']} px wide")
            if found["scripts"]:
                problems.append("it has a script")
            violations = Axe().run(page).response["violations"]
            problems += [f"axe: {violation['id']}: {violation['help']}" for violation in violations]
            report["problems"] += [f"{name}: {problem}" for problem in problems]
            report["pages"].append(name)
            page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
            context.close()


def main():
    folder = pathlib.Path(sys.argv[1])
    golden = pathlib.Path(
        sys.argv[2] if len(sys.argv) > 2
        else pathlib.Path(__file__).resolve().parents[1] / "NotifyTests" / "Golden")
    pages = sorted(golden.glob("*.html"))

    def walks(browser, report):
        for page_file in pages:
            look(browser, report, folder, page_file)

    report_on(folder, "digests.json", walks)


main()
