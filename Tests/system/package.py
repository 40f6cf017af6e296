"""The package in a booted Debian 12: everything that docs/getting-started.md and docs/upgrade.md tell people to do.

    package.py --before OLD.deb --package NEW.deb --base FOLDER

Installs OLD as the guide says, with its own commands and files, drops a list, reads the mail, claims by its link, over
TLS too; ends and stops the daemon the hard way; takes credentials away; goes to NEW and back; removes, installs again,
purges; runs a second council. Wants root. FOLDER keeps the Debian that each run copies.
"""

import argparse
import contextlib
import csv
import email
import email.policy
import gzip
import html
import json
import pathlib
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

from books import machine_commands
from field import HEADER, ROOT, Forms, path_of, request, row, wait_for
from guide import blocks
from machine import Machine, make_base

GUIDE = blocks(ROOT / "docs/getting-started.md")
UPGRADE = blocks(ROOT / "docs/upgrade.md")
PASSWORD = "tangerine"
RELAY = "192.0.2.25"
DATA = "/var/lib/private/triaged"
# What systemd has set (WatchdogSec, RestartSec), and within what it is to run again after a kill, in seconds.
WATCHDOG, RESTART, AGAIN = 60, 1, 2


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--before", required=True, type=pathlib.Path)
    options.add_argument("--package", required=True, type=pathlib.Path)
    options.add_argument("--base", required=True, type=pathlib.Path)
    options = options.parse_args()
    base = make_base(options.base)
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(base, folder)
        try:
            machine.start()
            Story(machine, pathlib.Path(folder), options).tell()
        except BaseException:
            if machine.init:
                print(machine.run("journalctl --no-pager -n 40 -u triaged; systemctl status --no-pager triaged", check=False).stdout)
            raise
        finally:
            machine.stop()


class Story:
    def __init__(self, machine, folder, options):
        self.machine, self.folder, self.options = machine, folder, options
        self.relay = None
        self.link = None

    def tell(self):
        began = time.monotonic()
        try:
            for chapter in [
                self.install, self.configure, self.first_mail, self.journal, self.sandbox, self.kill, self.hang,
                self.questions_while_stopped, self.reload, self.real_thing, self.missing_credential, self.refused_configuration, self.upgrade, self.step_back,
                self.remove, self.purge, self.several_councils,
            ]:
                start = time.monotonic()
                told = chapter()
                print(f"{chapter.__name__.replace('_', ' ')}: {told} ({time.monotonic() - start:.1f} s)", flush=True)
        finally:
            if self.relay:
                self.relay.stdin.close()
                self.relay.wait()
        everything = [block for block in GUIDE + UPGRADE if not getattr(block, "is_done", False)]
        if everything:
            raise SystemExit(f"nothing has run what stands under '{everything[0].heading}': {everything[0].text}")
        print(f"all of it held, in {time.monotonic() - began:.0f} s")

    # MARK: - The pages of the books

    def follow(self, page, heading, mark=None, text=None):
        """Runs the blocks under a heading as the page marks them; answers with what they printed."""
        printed = ""
        chosen = [
            block for block in page
            if block.heading.startswith(heading) and (mark is None or block.mark == mark)
            and (text is None or text in block.text)]
        if not chosen:
            raise SystemExit(f"the page has no block '{mark}' under '{heading}'")
        for block in chosen:
            printed += self.perform(block)
            block.is_done = True
        return printed

    def perform(self, block):
        kind, _, more = block.mark.partition(": ")
        if kind == "write":
            path = self.machine.path(more)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
            return ""
        if kind == "run until":
            script = "timeout --signal=INT --kill-after=20 20 sh -c " + quoted(block.text)
            said = self.machine.run(script, check=False)
            demand(more in said.stdout, f"'{block.text}' did not print '{more}':\n{said.stdout}{said.stderr}")
            return said.stdout
        if kind == "run, patiently":
            self.machine.patiently(block.text)
            return ""
        typed = PASSWORD + "\n" if kind == "run, typing the password" else ""
        return self.machine.run(block.text, stdin=typed).stdout

    def put_package(self, package):
        """The only one in the folder from which the page installs."""
        for old in self.machine.path("/root").glob("triaged_*.deb"):
            old.unlink()
        shutil.copyfile(package, self.machine.path("/root") / package.name)

    # MARK: - Chapters

    def install(self):
        self.put_package(self.options.before)
        said = self.follow(GUIDE, "1. Install")
        version = self.installed_version()
        demand(re.search(r"^\d+\.\d+\.\d+", said, re.M), "triaged --version says no version")
        demand(self.machine.show("triaged", "ActiveState") == "inactive", "the service runs before there is an area")
        demand("enabled" in self.machine.says("systemctl is-enabled triaged"), "the service is not enabled")
        demand("areas was not met" in self.machine.run("systemctl status triaged", check=False).stdout,
               "systemctl status does not say what is waited for")
        self.demand_no_failed_unit()
        demand(self.machine.says("stat -c '%a %U %G' /etc/triaged") == "750 root triaged-read", "anybody may read /etc/triaged")
        demand(not self.machine.path(DATA).exists(), "there is a state folder before the first start")
        for page in ["1 triaged", "8 triaged", "5 triaged.yaml", "5 triaged-feeds", "5 triaged-rules", "5 triaged-team"]:
            self.machine.run(f"man {page} | grep -q SYNOPSIS || man {page} | grep -q DESCRIPTION")
        self.demand_named_files()
        # A second time does no harm.
        self.machine.run(f"sh /var/lib/dpkg/info/triaged.postinst configure {version}")
        self.demand_no_failed_unit()
        return f"version {version}, waiting for an area; the demonstration ran"

    def configure(self):
        rows = [row(f"SS{number:04d}", number) for number in range(1, 4)]
        # Fewer than the places of a week, so that the next list brings something too.
        self.write_list("/root/list.csv", rows)
        for chapter in ["2. The map", "3. The list", "4. The team", "5. The contact register"]:
            self.follow(GUIDE, chapter)
        said = self.follow(GUIDE, "6. The settings")
        demand("No errors." in said, f"the configuration of the guide has errors: {said}")
        demand("Larkspur" not in self.machine.path("/root/rules.html").read_text(), "the rules name a street")
        return "as the guide says; no errors"

    def first_mail(self):
        said = self.follow(GUIDE, "7. The first mail")
        demand("active (running)" in said, "the service does not run")
        demand("Larkspur Road" not in self.machine.says("journalctl --no-pager -u triaged"), "a street stands in the journal")
        mail = self.mails_to("ann@example.org")[0]
        self.link = links(mail, "http://127.0.0.1:8480")[0]
        status, page = self.ask("GET", path_of(self.link))
        demand(status == 200, f"the link was answered with {status}")
        form = Forms(page).ending("/claim")
        fields = {**form["fields"], "member": "ann"}
        # Visits are made by two, as areas are without further words.
        (other,) = form["selects"].keys() - {"member"}
        fields[other] = "bob"
        status, page = self.ask("POST", path_of(form["action"]), fields)
        demand(status == 200, f"the claim was answered with {status}: {plain(page)}")
        self.demand_claim()
        return f"a list, {len(self.mails_to('ann@example.org'))} mail, a claim by its link"

    def journal(self):
        """What the other pages of the books ask of systemd."""
        asked = machine_commands()
        for command in asked:
            said = self.machine.run(command)
            demand("Larkspur" not in said.stdout, f"'{command}' shows a street")
        demand("running" in self.machine.says("journalctl -u triaged -x"), "the journal has nothing of the service")
        return f"{len(asked)} questions of the books are answered"

    def sandbox(self):
        process = self.machine.show("triaged", "MainPID")
        facts = self.machine.says(f"cat /proc/{process}/status")
        for fact in ["Seccomp:\t2", "NoNewPrivs:\t1", "CapEff:\t0000000000000000"]:
            demand(fact in facts, f"the daemon has not '{fact}'")
        user = int(re.search(r"Uid:\t(\d+)", facts)[1])
        demand(61184 <= user <= 65519, f"the daemon runs as user {user}, which is none that systemd made for it")
        demand(self.machine.says(f"stat -c '%a %u' {DATA}") == f"700 {user}", "the state folder is open to others")
        demand("Max core file size        0" in self.machine.says(f"cat /proc/{process}/limits"), "it may leave a core")
        # Another user of the machine reaches neither settings nor data nor socket.
        for path in ["/etc/triaged/triaged.yaml", "/var/lib/triaged/triaged.sqlite", "/run/triaged/admin.sock"]:
            said = self.machine.run(f"runuser -u nobody -- stat {path}", check=False)
            demand(said.returncode != 0, f"anybody may look at {path}")
        # A mail server's pipe may run as the daemon's user while it runs.
        bounce = self.machine.run("runuser -u triaged -g triaged-read -- triaged bounce", stdin="Subject: hello\n\nhello\n", check=False)
        demand(bounce.returncode == 0, f"the daemon's own user cannot hand a bounce over: {bounce.returncode} {bounce.stderr}")
        exposure = self.machine.says("systemd-analyze security --threshold=10 triaged | tail -1")
        return f"seccomp, no capability, a user of its own; {exposure.lstrip('→ ')}"

    def kill(self):
        return f"started again {self.after_signal('KILL', AGAIN):.1f} s after kill -9; the claim is there"

    def hang(self):
        took = self.after_signal("STOP", WATCHDOG + 5 + RESTART)
        demand(self.machine.show("triaged", "NRestarts") == "2", "somebody else started it again")
        demand("watchdog" in self.machine.says("journalctl --no-pager -u triaged | tail -60").lower(), "it was not the watchdog")
        return f"stopped, ended by the watchdog and running again after {took:.1f} s; the claim is there"

    def questions_while_stopped(self):
        """Root asks while the service is stopped, and leaves nothing that the daemon's user could not open."""
        self.machine.run("systemctl stop triaged")
        # A list that root dropped stays root's in the archive, which is the daemon's folder.
        before = set(self.machine.says(f"find {DATA} -user root").splitlines())
        self.machine.run("triaged status; triaged queue; triaged outbox list; triaged backup", check=False)
        left = set(self.machine.says(f"find {DATA} -user root").splitlines()) - before
        demand(not left, f"a question of root's left files of root's: {left}")
        self.machine.run("systemctl start triaged")
        self.demand_claim()
        return "root's questions leave nothing behind that would stop the next start"

    def reload(self):
        process = self.machine.show("triaged", "MainPID")
        team = self.machine.path("/etc/triaged/team.yaml")
        good = team.read_text()
        demand("name: Ann Archer" in good and "leaders: [ann]" in good, f"the guide's team is another: {good}")
        team.write_text(good.replace("name: Ann Archer", "name: Anna Archer"))
        self.machine.run("systemctl reload triaged")
        wait_for("the page to have the new name", lambda: self.holder() == "Anna Archer")
        team.write_text(good.replace("leaders: [ann]", "leaders: [nobody-known]").replace("name: Ann Archer", "name: Half Archer"))
        self.machine.run("systemctl reload triaged", check=False)
        wait_for("the journal to tell of the bad edit",
                 lambda: "nobody-known" in self.machine.says("journalctl --no-pager -u triaged"))
        demand(self.holder() == "Anna Archer", f"after the bad edit the page names {self.holder()}")
        team.write_text(good)
        self.machine.run("systemctl reload triaged")
        wait_for("the page to have the former name", lambda: self.holder() == "Ann Archer")
        self.demand_claim()
        demand(self.machine.show("triaged", "MainPID") == process, "a reload ended the daemon")
        return "a new name is on the page, the same process goes on; a bad edit is told and changes nothing"

    def real_thing(self):
        self.start_relay()
        said = self.follow(GUIDE, "8. The real thing")
        taken = list((self.folder / "relay/mails").glob("*.json"))
        demand(len(taken) == 1, f"the relay took {len(taken)} mails, and one was sent: {said}")
        facts = json.loads(taken[0].read_text())
        demand(facts["tls"] and facts["user"] == "triaged" and facts["to"] == ["ann@example.org"], f"the mail came so: {facts}")
        self.demand_only_the_relay()
        # New jobs, in the folder of step 9: the first real mail, whose link goes through nginx.
        self.follow(GUIDE, "9. Lists that come by themselves")
        rows = [row(f"SS{number:04d}", number, street="Pipit Lane") for number in range(20, 24)]
        self.write_list("/srv/triaged/lists/.list.part", [*self.rows, *rows])
        self.machine.run("chown flare-upload:triaged-read /srv/triaged/lists/.list.part; chmod 640 /srv/triaged/lists/.list.part; "
                         "mv /srv/triaged/lists/.list.part /srv/triaged/lists/list-2.csv")
        mail = wait_for("the mail with the new offers", self.real_mail, 180)
        link = links(mail, "https://triage.example.org")[0]
        status, page = self.ask_tls(path_of(link))
        demand(status == 200 and Forms(page).ending("/claim"), f"the link of the real mail was answered with {status}")
        # The proxy tells of what it cannot hand on, and must not tell that.
        self.machine.run("systemctl stop triaged")
        status, _ = self.ask_tls(path_of(link))
        demand(status == 502, f"without the service the proxy answered with {status}")
        self.machine.run("systemctl start triaged")
        demand(path_of(link) not in self.machine.says("cat /var/log/nginx/*.log; true"), "the proxy's log has the secret of a link")
        self.demand_claim()
        return "STARTTLS and a password from a credential; a list by upload; the link of the real mail through nginx"

    def missing_credential(self):
        drop_in = self.machine.path("/etc/systemd/system/triaged.service.d/credentials.conf")
        kept = drop_in.read_text()
        drop_in.unlink()
        lines = self.demand_refusal("66")
        demand(len(lines) == 1 and "triaged.yaml:13" in lines[0] and "${credentials}" in lines[0], f"what is said of a missing credential: {lines}")
        demand(PASSWORD not in " ".join(lines), "the password is said")
        drop_in.write_text(kept)
        secret = self.machine.path("/etc/triaged/credentials/relay-password")
        secret.rename(secret.with_name("away"))
        self.demand_refusal("243")
        secret.with_name("away").rename(secret)
        self.machine.run("systemctl start triaged")
        self.demand_claim()
        return f"status 66 and one line: {lines[0]}; one that is not on the disk: status 243; neither is tried again"

    def refused_configuration(self):
        team = self.machine.path("/etc/triaged/team.yaml")
        good = team.read_text()
        team.write_text(good + "captain: ann\n")
        lines = self.demand_refusal("78")
        demand(any("team.yaml:" in line and "captain" in line for line in lines), f"what is said of a bad edit: {lines}")
        team.write_text(good)
        self.machine.run("systemctl start triaged")
        return "status 78, with file and line; not tried again"

    def upgrade(self):
        before = self.installed_version()
        edited = self.machine.path("/etc/triaged/team.yaml").read_text()
        self.put_package(self.options.package)
        said = self.follow(UPGRADE, "A new version")
        now = self.installed_version()
        demand(before != now and "No errors." in said, f"the upgrade from {before} ended at {now}: {said}")
        demand(self.machine.path("/etc/triaged/team.yaml").read_text() == edited, "an edited file was replaced")
        self.demand_running()
        self.demand_claim()
        return f"from {before} to {now}: settings, claim and links are there"

    def step_back(self):
        new = self.installed_version()
        self.put_package(self.options.before)
        self.follow(UPGRADE, "A step back", text="--allow-downgrades")
        old = self.installed_version()
        demand(old != new, "the step back did nothing")
        self.demand_running()
        self.demand_claim()
        # A database that a later version has changed.
        self.machine.run("systemctl stop triaged")
        self.add_later_step()
        lines = self.demand_refusal("65")
        demand("later version" in " ".join(lines), f"what is said of a later database: {lines}")
        self.follow(UPGRADE, "A step back", text="triaged restore")
        self.wait_for_pages()
        self.follow(UPGRADE, "A step back", text="triaged resume")
        self.demand_running()
        self.demand_claim()
        return f"from {new} to {old}: the data are there; a later database is refused (65); the backup takes its place"

    def remove(self):
        said = self.follow(UPGRADE, "Remove", mark="run with: the end")
        demand(f"the data stay in {DATA}" in said, "removing does not say that the data stay")
        demand(self.machine.path(DATA + "/triaged.sqlite").exists(), "removing took the database")
        demand(not self.machine.path("/usr/bin/triaged").exists(), "the program is still there")
        self.demand_no_failed_unit()
        self.put_package(self.options.package)
        self.machine.run("apt-get install -y ./triaged_*_amd64.deb")
        self.demand_running()
        self.demand_claim()
        return "the data stay; installed again it goes on"

    def purge(self):
        said = self.follow(UPGRADE, "Remove", mark="run with: the end, at last")
        demand(f"removing all data in {DATA}" in said, f"purging does not say what it removes: {said}")
        for gone in [DATA, "/var/lib/triaged", "/run/triaged", "/etc/triaged/triaged.yaml", "/etc/triaged/register.csv"]:
            path = self.machine.path(gone)
            demand(not path.exists() and not path.is_symlink(), f"purging left {gone}")
        demand("what you have made in /etc/triaged yourself stays" in said, "purging does not say what stays")
        demand(self.machine.path("/etc/triaged/areas/north.geojson").exists(), "purging took what the administrator made")
        self.machine.run("! grep -r -l Larkspur /var/lib /var/cache /var/log /etc 2>/dev/null")
        self.demand_no_failed_unit()
        return "no data left, and it says so; what the administrator made stays, and it says so"

    def several_councils(self):
        self.machine.run("rm -r /etc/triaged /etc/systemd/system/triaged.service.d; systemctl daemon-reload; apt-get install -y ./triaged_*_amd64.deb")
        self.follow(GUIDE, "Several councils", text="cp -r")
        self.machine.run("cp -r /usr/share/doc/triaged/examples/ashfield /etc/triaged/boston; "
                         "cp -r /usr/share/doc/triaged/examples/ashfield/. /etc/triaged/ashfield; "
                         "sed -i s/8480/8481/ /etc/triaged/boston/triaged.yaml; touch -d '1 minute ago' /etc/triaged/*/register.csv")
        said = self.follow(GUIDE, "Several councils", text="enable --now")
        demand("running since" in said, f"the status of an instance: {said}")
        self.machine.run("systemctl start triaged@boston")
        users = {self.machine.says(f"stat -c %u {DATA}/{name}") for name in ["ashfield", "boston"]}
        demand(len(users) == 2, "two councils share a user")
        for port in [8480, 8481]:
            demand(request(port, "GET", "/livez", connection=self.machine.connection(port))[0] == 200, f"port {port} is silent")
        self.machine.run("apt-get remove -y triaged; apt-get install -y ./triaged_*_amd64.deb")
        demand(self.machine.show("triaged@ashfield", "ActiveState") == "active", "an enabled council did not come back")
        self.machine.run("mkdir -p /etc/triaged/areas; cp /etc/triaged/boston/areas/*.geojson /etc/triaged/areas; systemctl start triaged")
        demand(self.machine.show("triaged", "ActiveState") == "inactive", "the plain service ran beside instances")
        self.machine.run("apt-get purge -y triaged")
        demand(not self.machine.path("/var/lib/triaged").exists() and not self.machine.path(DATA).exists(), "data of a council are left")
        self.demand_no_failed_unit()
        return "two instances, each with a user, a folder and a port of its own; the plain service stays out; purged too"

    # MARK: - What holds

    def demand_named_files(self):
        """What units, man pages, the catalogue, settings and books name of the package's documents is there."""
        files = [pathlib.Path(line) for line in self.machine.says("dpkg -L triaged").splitlines()]
        named = {}
        for file in files:
            path = self.machine.path(str(file))
            if not path.is_file() or file == pathlib.Path("/usr/bin/triaged"):
                continue
            text = (gzip.decompress(path.read_bytes()) if file.suffix == ".gz" else path.read_bytes()).decode(errors="replace")
            # Without what roff says of fonts, and by which it marks hyphens and points.
            text = re.sub(r"\\f\w", " ", text).replace("\\&", "").replace("\\", "")
            for name in re.findall(r"/usr/share/doc/triaged/[\w./-]*\w", text):
                named.setdefault(name, file)
        demand(len(named) > 10, f"only {sorted(named)} are named")
        for name, file in named.items():
            demand(pathlib.Path(name) in files, f"{file} names {name}, which is not there")

    def demand_no_failed_unit(self):
        failed = self.machine.says("systemctl --failed --no-legend --plain")
        demand(not failed, f"failed units: {failed}")

    def demand_running(self):
        demand(self.machine.show("triaged", "ActiveState") == "active", "the service does not run")
        said = self.machine.run("triaged status", check=False)
        demand("running since" in said.stdout, f"triaged status: {said.stdout}{said.stderr}")

    def demand_claim(self):
        """What Ann claimed in the beginning is hers."""
        self.wait_for_pages()
        holder = self.holder()
        demand(holder == "Ann Archer", f"the claim is gone: {holder}")

    def holder(self):
        """Whose the first offer is, as the page of its link says; where it says nothing of that, what it says."""
        status, page = self.ask("GET", path_of(self.link))
        named = re.search(r"(\w+ Archer) has this offer", plain(page))
        return named[1] if status == 200 and named else f"{status}, {plain(page)[:500]}"

    def demand_refusal(self, code):
        """It does not start, and systemd does not try again. Answers with its own lines in the journal."""
        self.machine.run("systemctl daemon-reload; systemctl stop triaged; systemctl reset-failed triaged", check=False)
        earlier = len(self.own_lines())
        said = self.machine.run("systemctl start triaged", check=False)
        demand(said.returncode != 0, "it starts all the same")
        # Were it to be tried again, it would be "activating" until then.
        state = {name: self.machine.show("triaged", name) for name in ["ActiveState", "ExecMainStatus", "NRestarts"]}
        demand(state == {"ActiveState": "failed", "ExecMainStatus": code, "NRestarts": "0"}, f"it ended so: {state}")
        return self.own_lines()[earlier:]

    def own_lines(self):
        """What the daemon has said in the journal, without what systemd says of it."""
        entries = self.machine.says("journalctl --no-pager -u triaged -o json").splitlines()
        return [entry["MESSAGE"] for entry in map(json.loads, entries) if entry["SYSLOG_IDENTIFIER"] != "systemd"]

    def demand_only_the_relay(self):
        """The filter of addresses is in force: an address of no drop-in is not reached from within the service."""
        self.machine.run("ip address add 192.0.2.99/32 dev lo")
        demand(sorted(self.machine.show("triaged", "IPAddressDeny").split()) == ["0.0.0.0/0", "::/0"], "not every address is forbidden at first")
        options = "-p IPAddressDeny=any " + " ".join(
            f"-p IPAddressAllow={address}" for address in self.machine.show("triaged", "IPAddressAllow").split())

        def tried(address, options):
            words = f"timeout 5 bash -c 'echo > /dev/tcp/{address}/587'"
            return self.machine.run(f"systemd-run -q --wait --collect {options} {words}", check=False).returncode

        demand(tried(RELAY, options) == 0, "the relay cannot be reached through the filter of the unit and its drop-in")
        # Nobody listens there, which is said at once to who may ask.
        demand(tried("192.0.2.99", "") == 1, "an address of this machine does not refuse")
        demand(tried("192.0.2.99", options) == 124, "an address that no drop-in names is reached through the filter")

    def after_signal(self, signal, seconds):
        """Seconds until systemd has begun another process, after this one was sent a signal. It gets ready."""
        process = self.machine.show("triaged", "MainPID")
        began = time.monotonic()
        self.machine.run(f"kill -{signal} {process}")

        wait_for(
            f"another process after SIG{signal}", lambda: self.machine.show("triaged", "MainPID") not in ("0", process),
            seconds)
        took = time.monotonic() - began
        wait_for("the service to be ready", lambda: self.machine.show("triaged", "ActiveState") == "active")
        self.demand_claim()
        return took

    # MARK: - Small ways

    def ask(self, method, path, form=None):
        return request(8480, method, path, form, connection=self.machine.connection(8480))

    def ask_tls(self, path):
        """By the proxy, as a browser does; its certificate is checked."""
        context = ssl.create_default_context(cafile=str(self.folder / "relay/ca.pem"))
        link = self.machine.connection(443)
        link.sock = context.wrap_socket(link.sock, server_hostname="triage.example.org")
        link.request("GET", path, headers={"Host": "triage.example.org"})
        answer = link.getresponse()
        return answer.status, answer.read().decode()

    def wait_for_pages(self):
        def answers():
            try:
                return self.ask("GET", "/livez")[0] == 200
            except OSError:
                return False

        wait_for("the pages", answers, 30)

    def installed_version(self):
        return self.machine.says("dpkg-query -W -f '${Version}' triaged")

    def write_list(self, path, rows):
        self.rows = rows
        with open(self.machine.path(path), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows)

    def mails_to(self, address):
        found = []
        for file in sorted(self.machine.path(DATA + "/mail/new").glob("*.eml")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address in mail["To"]:
                found.append(mail)
        return found

    def real_mail(self):
        """The mail in the relay's folder that offers something; None as long as there is none."""
        for file in sorted((self.folder / "relay/mails").glob("*.eml")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if links(mail, "https://triage.example.org") and "Pipit Lane" in text_of(mail):
                return mail
        return None

    def start_relay(self):
        """A relay with TLS and a password at the address that the guide names, and a certificate for the pages."""
        folder = self.folder / "relay"
        folder.mkdir()
        self.machine.run(f"ip address add {RELAY}/32 dev lo; echo '{RELAY} relay.example.org' >> /etc/hosts")
        with self.machine.inside():
            self.relay = subprocess.Popen(
                [sys.executable, ROOT / "Tests/smtp_server.py", folder, "--tls", "starttls", "--user", "triaged", "--password",
                 PASSWORD, "--host", RELAY, "--port", "587", "--name", "relay.example.org"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        json.loads(self.relay.stdout.readline())
        sign = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=triage.example.org", "-addext", "subjectAltName=DNS:triage.example.org", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-keyout",
                self.machine.path("/etc/ssl/private/triage.key"), "-out", self.machine.path("/etc/ssl/certs/triage.pem")]
        subprocess.run(sign, check=True, capture_output=True)
        shutil.copyfile(folder / "ca.pem", self.machine.path("/usr/local/share/ca-certificates/test.crt"))
        self.machine.run("update-ca-certificates")

    def add_later_step(self):
        """As a later version would leave the database: with a step that this one does not know."""
        with contextlib.closing(sqlite3.connect(self.machine.path(DATA + "/triaged.sqlite"))) as database, database:
            database.execute("insert into grdb_migrations values ('9999 of a later version')")


def demand(condition, sentence):
    if not condition:
        raise SystemExit(sentence)


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def plain(page):
    return " ".join(html.unescape(re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", page)).split())


def text_of(mail):
    return mail.get_body(preferencelist=("plain",)).get_content()


def links(mail, site):
    return sorted(set(re.findall(re.escape(site) + r"/c/[A-Za-z0-9_-]+", text_of(mail))))


main()
