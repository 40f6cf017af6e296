"""wapiti, a scanner of web sites, on every page that a link and a sign-in open: it finds nothing.

    wapiti.py --triaged PROGRAM --wapiti PROGRAM [--minutes 5]

It starts at an open claim link, at one that somebody holds, at the sign-in, at the board and at the status page, the
last two with the cookie of somebody who leads the area and is the admin too, and attacks with all its modules that
need no server of their own. The finding of pages and each of the attacks may take so many minutes (wapiti's own
--max-scan-time ends the finding alone); most take seconds. Which were stopped before their end is told. Pages that are the answer to a form alone (the holder's page and its questions) have no
address to start from: those are hostile.py's.
"""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile

from field import Field, SignedIn, links_in, row, wait_for

MODULES = (
    "backup,brute_login_form,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,"
    "permanentxss,redirect,sql,timesql,upload,xss,xxe").split(",")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--wapiti", required=True)
    options.add_argument("--minutes", type=int, default=5)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        field.name_admin("ann@example.org")
        field.put_list("list.csv", [row(f"SS{number:06d}", 10 + number) for number in range(3)])
        field.start()
        report = pathlib.Path(folder) / "report.json"
        try:
            field.wait_until_ready()
            (mail, *_) = wait_for("the mail", field.mails_with_links)
            person = SignedIn(field, "ann@example.org")
            person.enter(person.ask())
            links = links_in(mail.read_text())
            most = options.minutes * 60
            run = subprocess.run(
                [options.wapiti, "-u", links[0], "-s", links[1], "-s", field.url + "/sign-in",
                 "-s", field.url + "/board/new-cross", "-s", field.url + "/status", "--scope", "domain",
                 "-H", "Cookie: " + person.cookie(), "-x", field.url + "/sign-out",
                 "-x", field.url + "/status/sign-everybody-out",
                 "-m", ",".join(MODULES), "-f", "json", "-o", str(report), "--flush-session", "--no-bugreport",
                 "--max-scan-time", str(most), "--max-attack-time", str(most),
                 "--store-session", str(pathlib.Path(folder) / "s"),
                 "--store-config", str(pathlib.Path(folder) / "c"), "-v", "1"],
                capture_output=True, text=True, timeout=most * (len(MODULES) + 2), check=False)
            assert report.exists(), run.stdout[-2000:] + run.stderr[-2000:]
            status, _ = field.get("/livez")
            assert status == 200
        finally:
            field.stop()
        found = json.loads(report.read_text())
        lines = [
            f"{kind}: {name}: {item['method']} {item['path']}: {item['info']}"
            for kind in ("vulnerabilities", "anomalies") for name, items in found[kind].items() for item in items]
        for line in lines:
            print(line)
        pages = found["infos"].get("crawled_pages_nbr", found["infos"].get("crawled_pages"))
        if lines:
            raise SystemExit(f"wapiti has {len(lines)} findings")
        stopped = re.findall(r"Max attack time was reached for module (\w+)", run.stdout + run.stderr)
        print(f"wapiti {found['infos']['version']}, {len(MODULES)} modules, {pages} pages: no finding; "
              + (f"stopped after {most} s: {', '.join(stopped)}" if stopped else "each module went to its end"))


main()
