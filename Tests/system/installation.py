"""A small installation on which the commands of the books are tried: a daemon with a team, an area, a register, a list that
has made offers, and beside it the files that the pages speak of.

What a page calls /etc/triaged, /var/lib/triaged, /run/triaged, /root and /srv lies in one temporary folder.
"""

import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import zipfile

import openpyxl

from field import AREA, HEADER, ROOT, Field, Forms, links_in, path_of, request, row, wait_for

# Beside the other area, and without jobs: what is done to it changes no offer.
SPARE = AREA.replace("new-cross", "spare").replace("New Cross", "Spare").replace("4495", "4525").replace("4505", "4535")
NORTH = AREA.replace("new-cross", "north").replace("New Cross", "North Park").replace("3585", "3600").replace("3595", "3610")
# As many as a list is not believed to lose at once.
JOBS = 16
# Seconds until something is taken not to come any more, on a machine on which much else runs.
PATIENCE = 180
# The UPRNs of the look-alike lists (Tests/FlareImportTests/Fixtures/guess/make.py).
LOOK_ALIKES = [100031200000 + 37 * n for n in range(30)]


class Installation(Field):
    def __init__(self, triaged, folder, relay_port):
        super().__init__(triaged, folder, ["ann", "bob"])
        self.root, self.srv, self.bin = (self.folder / name for name in ["root", "srv", "bin"])
        for made in [self.root, self.srv / "backups/triaged", self.bin, self.folder / "gnupg"]:
            made.mkdir(parents=True, mode=0o700)
        self.write_program()
        (self.config / "areas/spare.geojson").write_text(SPARE)
        rules = self.config / "rules.yaml"
        rules.write_text(re.sub(r"(?m)^review_on:.*", "review_on: 2099-01-01", rules.read_text()))
        # Without the shifts of OSTN15: no coordinate here is anything but the grid's, and each command is twice as fast.
        self.edit("triaged.yaml", "channels:\n", f"data: {self.srv}\nchannels:\n"
                  f"  relay: {{kind: smtp, host: 127.0.0.1, port: {relay_port}, security: plain}}\n")
        self.edit("feeds/street-scene.yaml", "agreement: {reference: example-1}", "agreement: {reference: DSA-1}")
        self.name_admin("it-desk@example.org")
        self.put_register(8)
        self.jobs = [self.job(number) for number in range(1, JOBS + 1)]

    def job(self, number):
        """The second of two named addresses has another UPRN than the first."""
        made = row(f"SS10{30 + number}", number, days=2 + number % 19)
        made[8] = {1: "10001", 3: "100031234567"}.get(number, "")
        if number == 2:
            made[9] = "12 Mill Lane"
        return made

    def put_register(self, entries):
        path = self.config / "register.csv"
        lines = [f",{number} Nowhere Street,NG17 1ZZ,do_not_contact,\n" for number in range(1, entries + 1)]
        path.write_text("uprn,address,postcode,flag,expires\n" + "".join(lines))
        long_ago = datetime.datetime.now().timestamp() - 60
        os.utime(path, (long_ago, long_ago))

    def edit(self, name, before, after):
        path = self.config / name
        text = path.read_text()
        if before not in text:
            raise SystemExit(f"{name} has no '{before}' to edit")
        path.write_text(text.replace(before, after, 1))

    def begin(self):
        """From the start to the first offers."""
        self.start()
        self.wait_until_ready()
        self.put_list("list-1.csv", self.jobs)
        wait_for("the first offers", self.mails_with_links, PATIENCE)

    def demand_started_so(self):
        """The daemon runs by the words with which a page starts one."""
        words = pathlib.Path(f"/proc/{self.process.pid}/cmdline").read_text().split("\0")[:-1]
        if words != [self.triaged, "run", "--config", str(self.config), "--state", str(self.state)]:
            raise SystemExit(f"the daemon was started otherwise: {words}")

    # MARK: - Its commands

    def write_program(self):
        """The program with the folders of this installation in the place of the usual ones. Who names a state folder of
        their own means no configuration of ours."""
        program = self.bin / "triaged"
        program.write_text(
            "#!/bin/sh\n"
            f'case " $* " in *" --state "*) ;;\n'
            f'*" --config "*) set -- "$@" --state \'{self.state}\' ;;\n'
            f'*) set -- "$@" --config \'{self.config}\' --state \'{self.state}\' ;; esac\n'
            f'exec \'{self.triaged}\' "$@"\n')
        program.chmod(0o755)

    def desk(self, page):
        """A folder in which the commands of one page are given, with the files that they name."""
        desk = self.folder / "desks" / re.sub(r"\W", "-", page)
        if desk.exists():
            return desk
        desk.mkdir(parents=True)
        (desk / "config").symlink_to(self.config)
        (desk / "new-cross.geojson").write_text(AREA.replace("450500", "450600"))
        (desk / "north.geojson").write_text(NORTH)
        rules = (self.config / "rules.yaml").read_text()
        (desk / "next.yaml").write_text(rules.replace('version: "2026-11"', 'version: "next"').replace("points: 40", "points: 30"))
        with open(desk / "list.csv", "w", newline="") as file:
            csv.writer(file).writerows([HEADER, *self.jobs])
        workbook = openpyxl.Workbook()
        for line in [HEADER, *self.jobs]:
            workbook.active.append(line)
        workbook.save(desk / "list.xlsx")
        with zipfile.ZipFile(desk / "OPEN-UPRN.zip", "w") as archive:
            places = [f"{uprn},{449600 + n * 20}.0,{358700 + n * 20}.0,53.1,-1.2" for n, uprn in enumerate(LOOK_ALIKES)]
            archive.writestr("osopenuprn.csv", "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n" + "\n".join(places) + "\n")
        return desk

    def run(self, text, desk):
        """One line of a page, in a shell."""
        for usual, here in [("/etc/triaged", self.config), ("/var/lib/triaged", self.state), ("/run/triaged", self.state),
                            ("/root/", f"{self.root}/"), ("/srv/", f"{self.srv}/")]:
            text = text.replace(usual, str(here))
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", text], cwd=desk, capture_output=True, text=True, timeout=120,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.root), "LC_ALL": "C.UTF-8",
                 "GNUPGHOME": str(self.folder / "gnupg"), "SWIFT_BACKTRACE": "enable=no"})

    def says(self, *words):
        return self.run("triaged " + " ".join(words), self.folder).stdout

    def answer(self, *words):
        """What a verb says in JSON."""
        return json.loads(self.says(*words, "--json"))

    def newest_backup(self):
        return str(sorted((self.state / "backups").glob("*.sqlite"))[-1])

    def claim(self):
        """Somebody claims one of the offers; answers its number."""
        held = self.held()
        for link in [link for mail in self.mails_with_links() for link in links_in(mail.read_text())]:
            form = Forms(request(self.port, "GET", path_of(link))[1]).ending("/claim")
            if form:
                request(self.port, "POST", path_of(form["action"]), {**form["fields"], "member": "ann"})
                if new := self.held() - held:
                    return new.pop()
        raise SystemExit(f"nothing could be claimed:\n{self.says('claims')}")

    def held(self):
        return set(re.findall(r"(?m)^(\d+)\b", self.says("claims")))

    # MARK: - Its troubles

    def have_mail_refused(self):
        """The mail about two more offers goes through a relay that knows no mailbox."""
        self.edit("team.yaml", "email: ann@example.org, channel: post", "email: ann@example.org, channel: relay")
        if self.run("triaged reload", self.folder).returncode != 0:
            raise SystemExit("a team with another channel is refused")
        # What tells of the first two may have begun before the reload, by the earlier channel.
        listed = self.jobs
        for number in (JOBS + 1, JOBS + 3):
            told = len(self.mails_with_links())
            listed = listed + [self.job(number), self.job(number + 1)]
            self.put_list(f"list-{number}.csv", listed)
            wait_for(
                "a mail about two more offers", lambda: self.is_refused() or len(self.mails_with_links()) > told, PATIENCE)
        wait_for("a mail that is refused", self.is_refused, PATIENCE)

    def is_refused(self):
        return re.search(r"about \d+ opportunities to ann through relay.*\n.*failed \(550\)", self.says("outbox", "list"))

    def get_into_trouble(self):
        """What a page has a word to accept for, at once: a list from which most jobs are gone, a slip in a boundary, a
        register that has lost most of its entries."""
        self.put_list("list-short.csv", self.jobs[:2])
        self.put_register(2)
        (self.config / "areas/spare.geojson").write_text(SPARE.replace("453500", "452550"))

    def accepting(self, verb):
        """The digits with which a trouble's own sentence says to accept something."""
        asked = {"feeds": "feeds show street-scene", "areas": "areas list", "register": "status"}[verb]
        return wait_for(
            f"'triaged {verb} accept' in what 'triaged {asked}' says",
            lambda: re.search(rf"triaged {verb} accept (?:street-scene --list )?(\w+)", self.says(asked)), PATIENCE)[1]

    def spoil_team(self):
        self.edit("team.yaml", "email: bob@example.org", "e-mail: bob@example.org")

    def mend_team(self):
        self.edit("team.yaml", "e-mail: bob@example.org", "email: bob@example.org")
