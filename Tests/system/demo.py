"""Starts the demonstration as a newcomer would and walks its link in a browser.

    demo.py --triaged PATH [--pictures FOLDER] [--no-browser]

The demonstration must say within a minute where the mail lies and which link claims. With a
browser the board is worked on (Tests/browser/board_flow.py) and the whole way is walked (Tests/browser/claim_flow.py),
at 360 and 1280 px.
"""

import argparse
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse

from field import ROOT, free_port, request, wait_for


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--pictures")
    options.add_argument("--no-browser", action="store_true")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        said = pathlib.Path(folder) / "said"
        with open(said, "wb") as output:
            process = subprocess.Popen(
                [options.triaged, "demo", "--config", str(ROOT / "config"),
                 "--state", folder + "/state", "--port", str(free_port())],
                stdout=output, stderr=subprocess.STDOUT)
        try:
            walk(process, said, options, folder)
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=30)
        finally:
            process.kill()
        print(said.read_text())
        if code != 0:
            raise SystemExit(f"Ctrl-C ended the demonstration with {code}")


def walk(process, said, options, folder):
    def link():
        if process.poll() is not None:
            raise SystemExit("the demonstration ended by itself:\n" + said.read_text())
        return re.search(r"Claim here:\s+(http://\S+)", said.read_text())

    url = wait_for("the link", link)[1]
    port = urllib.parse.urlparse(url).port
    status, page = request(port, "GET", urllib.parse.urlparse(url).path)
    if status != 200 or "<select" not in page:
        raise SystemExit(f"the link was answered with {status}")
    if options.no_browser:
        return
    # The first mail is the one to the leader of the area whose folder name sorts first; both of
    # its claimants are on the page.
    names = re.findall(r"<option value=\"[^\"]+\">([^<(]+)", page)
    pictures = options.pictures or folder + "/pictures"
    pathlib.Path(pictures).mkdir(parents=True, exist_ok=True)
    board = subprocess.run(
        [sys.executable, str(ROOT / "Tests/browser/board_flow.py"), f"http://127.0.0.1:{port}",
         folder + "/state/mail/new", "ann@example.org", "it-desk@example.org", pictures + "/board"],
        capture_output=True, text=True)
    if board.returncode != 0:
        raise SystemExit(f"problems on the board:\n{board.stdout[-4000:]}{board.stderr[-2000:]}")
    flow = subprocess.run(
        [sys.executable, str(ROOT / "Tests/browser/claim_flow.py"), url, names[0].strip(),
         names[1].strip(), pictures], capture_output=True, text=True)
    if flow.returncode != 0:
        raise SystemExit(f"the browser found problems:\n{flow.stdout[-4000:]}{flow.stderr[-2000:]}")
    status, page = request(port, "GET", urllib.parse.urlparse(url).path)
    print(f"the way was walked in Chromium; the link now shows that it is done ({status})")


main()
