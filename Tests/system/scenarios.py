"""What an instance is doing when a fault meets it: each scenario is made ready, done under faults, and brought to its end.

A scenario of a verb that the program lacks is named at the end, and is never passed over in silence.
"""

import asyncio
import contextlib
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import time

from aiosmtpd.controller import Controller

from field import Field, Forms, ROOT, free_port, links_in, pause, path_of, request, row
from oracle import copy_of, opened

# Seconds within which whatever is begun must have ended, faults or not.
DEADLINE = 40
# Seconds after which a daemon under faults is not waited for any more.
FAULTY = 10


class Stuck(Exception):
    """Something did not end in its time."""


class Post:
    """A relay that takes everything."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.content)
        await asyncio.sleep(0)
        return "250 taken"


class Workshop:
    """One instance in one folder, always at the same place, that is put back to how it was before each fault."""

    def __init__(self, triaged, folder):
        self.triaged = triaged
        self.folder = pathlib.Path(folder)
        self.live = self.folder / "live"
        self.base = self.folder / "base"
        self.post = Post()
        self.relay = Controller(self.post, hostname="127.0.0.1", port=free_port())
        self.relay.start()

    def close(self):
        self.relay.stop()

    def field(self, by_mail=False):
        """A new instance in the place of what was there."""
        shutil.rmtree(self.live, ignore_errors=True)
        self.live.mkdir(parents=True)
        field = Field(
            self.triaged, self.live, ["ann", "bob"], smtp_port=self.relay.port if by_mail else None)
        field.name_admin("desk@example.org")
        return field

    def keep(self):
        """What is there now is how it is before each fault."""
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.copytree(self.live, self.base, symlinks=True, ignore=sockets)

    def put_back(self):
        shutil.rmtree(self.live, ignore_errors=True)
        shutil.copytree(self.base, self.live, symlinks=True)
        self.post.mails.clear()


def sockets(folder, names):
    return [name for name in names if pathlib.Path(folder, name).is_socket()]


def quiet(environment=None):
    return {**os.environ, "SWIFT_BACKTRACE": "enable=no", **(environment or {})}


def ended(process, seconds=DEADLINE):
    """How it ended, as subprocess says it."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Stuck(f"a process had not ended after {seconds} s") from None


class Scenario:
    """`prepare` makes it ready, `act` does it under faults, `finish` brings it to its end without any."""

    name = ""
    by_mail = False
    # The verb that it is of, where it is not the daemon's.
    needs = ()

    def __init__(self, workshop):
        self.workshop = workshop
        self.acknowledged = []
        # What the program is started by: nothing, or strace.
        self.under = []
        # Folders beside state and drop in which faults happen.
        self.others = []
        # Of a command: whether it has said so.
        self.is_done = False

    def prepare(self):
        self.field = self.workshop.field(self.by_mail)
        self.make_ready(self.field)
        self.workshop.keep()

    def make_ready(self, field):
        pass

    def forget(self):
        """All is as it was before."""
        self.workshop.put_back()
        self.acknowledged = []
        self.is_done = False

    def act(self, environment):
        """Answers how the process ended. What the other side was told is done is in `acknowledged`."""
        raise NotImplementedError

    def finish(self):
        raise NotImplementedError

    def run_once(self, environment=None, arguments=("run", "--once")):
        """Answers how it ended."""
        field = self.field
        with open(field.log, "ab") as journal:
            process = subprocess.Popen(
                [*self.under, field.triaged, *arguments, "--config", str(field.config), "--state", str(field.state)],
                stdout=journal, stderr=journal, env=quiet(environment))
        return ended(process)

    def must_run(self, arguments=("run", "--once")):
        code = self.run_once(arguments=arguments)
        if code != 0:
            raise Stuck(f"{' '.join(arguments)} ended with {code} without any fault: {self.last_words()}")

    def last_words(self):
        return self.field.log.read_text(errors="replace")[-1500:] if self.field.log.exists() else ""

    def mails(self):
        """Every mail that came, duplicates and all."""
        found = list(self.workshop.post.mails)
        for folder in ("new", "cur"):
            path = self.field.state / "mail" / folder
            if path.exists():
                found += [mail.read_bytes() for mail in sorted(path.iterdir())]
        return found

    def owes(self):
        """Whether anything is to be sent within a minute; `True` also where the daemon is writing just now."""
        try:
            reader = opened(copy_of(self.field.state, self.workshop.folder / "look"))
        except sqlite3.DatabaseError:
            return True
        with contextlib.closing(reader), contextlib.suppress(sqlite3.DatabaseError):
            return reader.execute(
                "SELECT 1 FROM digest WHERE state IN ('pending', 'sending', 'deferred') AND next_attempt < :soon UNION ALL"
                " SELECT 1 FROM notice WHERE state IN ('pending', 'sending', 'deferred') AND next_attempt < :soon UNION ALL"
                " SELECT 1 FROM announcement WHERE state IN ('pending', 'bundled')",
                {"soon": (time.time() + 60) * 1000}).fetchone()
        return True

    def check(self, reader):
        """What was acknowledged is there. Answers what is not."""
        return [why for why, question in self.acknowledged if not reader.execute(question).fetchone()]


class OnceScenario(Scenario):
    """Done by one `triaged run --once`."""

    def act(self, environment):
        return self.run_once(environment)

    def finish(self):
        self.must_run()
        # What was begun when it died is tried again after a pause.
        for _ in range(100):
            if not self.owes():
                return
            pause(0.1)
            self.must_run()
        raise Stuck("something is owed and is not sent")


def jobs(count, first=1, **others):
    return [row(f"SS{at:06d}", at, street="Pipit Lane", **others) for at in range(first, first + count)]


class First(OnceScenario):
    """The very first start: folders, key, database, a list, its mail."""

    name = "first start"

    def make_ready(self, field):
        field.put_list("list.csv", jobs(6))


class Poll(OnceScenario):
    """A list comes with new jobs, changed ones and closed ones."""

    name = "poll"

    def make_ready(self, field):
        first = jobs(24)
        field.put_list("list-1.csv", first)
        self.must_run()
        second = [list(line) for line in first] + jobs(8, first=25)
        second[0][6] = "Assigned"
        second[1][3] = second[1][1]
        field.put_list("list-2.csv", second)


class Deliver(OnceScenario):
    """What is owed goes out by a relay."""

    name = "deliver"
    by_mail = True

    def make_ready(self, field):
        # Nobody listens at the port at first, so all of it is owed and none of it taken.
        settings = field.config / "triaged.yaml"
        text = settings.read_text()
        settings.write_text(text.replace(f"port: {self.workshop.relay.port},", f"port: {free_port()},"))
        field.put_list("list.csv", jobs(12))
        self.must_run()
        settings.write_text(text)
        pause(0.5)


class Migrate(OnceScenario):
    """The database of an earlier version is brought up to today's, step by step."""

    name = "migrate"

    def make_ready(self, field):
        field.put_list("list.csv", jobs(12))
        self.must_run()
        downgrade(field.state / "triaged.sqlite", step=8)
        field.put_list("list-2.csv", jobs(14))


class Held(OnceScenario):
    """A list that has lost most of its jobs comes, and is held."""

    name = "import held"

    def make_ready(self, field):
        field.put_list("list-1.csv", jobs(40))
        self.must_run()
        field.put_list("list-2.csv", jobs(4))

    def check(self, reader):
        gone = reader.execute("SELECT count(*) FROM job WHERE gone IS NOT NULL").fetchone()[0]
        return super().check(reader) + ([f"{gone} jobs are closed by a list that is held"] if gone else [])


class Accept(OnceScenario):
    """A person takes the list that was held."""

    name = "accept"
    arguments = ("feeds", "accept", "street-scene")

    def make_ready(self, field):
        field.put_list("list-1.csv", jobs(40))
        self.must_run()
        field.put_list("list-2.csv", jobs(4) + jobs(3, first=60))
        self.must_run()

    def act(self, environment):
        code = self.run_once(environment, self.arguments)
        if code == 0:
            self.acknowledged = [
                (f"job SS{at:06d} of the accepted list is not there",
                 f"SELECT 1 FROM job WHERE reference = 'SS{at:06d}' AND gone IS NULL") for at in (1, 2, 60, 61, 62)]
            self.acknowledged.append(("no job is gone by the accepted list", "SELECT 1 FROM job WHERE gone IS NOT NULL"))
        return code

    def finish(self):
        # Whoever was not answered does it again; what is done is refused as nothing held.
        if self.run_once(arguments=self.arguments) not in (0, 1):
            raise Stuck(f"feeds accept failed without any fault: {self.last_words()}")
        super().finish()


class DaemonScenario(Scenario):
    """Done by a daemon: it is started, something is pressed, it is stopped."""

    # Counting begins with the press; else with the start.
    arms = True
    # Whether anything is pressed only once the pages can be reached.
    waits = True

    def act(self, environment):
        arm = self.workshop.folder / "arm"
        arm.unlink(missing_ok=True)
        if self.arms:
            environment = {**environment, "FAULTS_ARM": str(arm)}
        process = self.start(environment)
        try:
            if self.waits:
                self.wait_ready(process)
            arm.touch()
            self.press(process)
            if process.poll() is None:
                os.kill(self.daemon(process), signal.SIGTERM)
            return ended(process)
        finally:
            if process.poll() is None:
                # strace would leave it running.
                os.kill(self.daemon(process), signal.SIGKILL)
                process.kill()
                process.wait()

    def start(self, environment=None):
        field = self.field
        with open(field.log, "ab") as journal:
            return subprocess.Popen(
                [*self.under, field.triaged, "run", "--config", str(field.config), "--state", str(field.state)],
                stdout=journal, stderr=journal, env=quiet(environment))

    def daemon(self, process):
        """Its process id, also where it was started by another."""
        if not self.under:
            return process.pid
        return int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])

    def wait_ready(self, process):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if process.poll() is not None:
                raise Stuck(f"the daemon ended with {process.returncode} at its start: {self.last_words()}")
            if self.is_up():
                return
            pause(0.02)
        raise Stuck("the daemon was not ready in its time")

    def is_up(self):
        with contextlib.suppress(OSError):
            return request(self.field.port, "GET", "/livez")[0] == 200
        return False

    def press(self, process):
        raise NotImplementedError

    def finish(self):
        process = self.start()
        try:
            self.wait_ready(process)
            self.press_again(process)
            process.send_signal(signal.SIGTERM)
            code = ended(process)
            if code != 0:
                raise Stuck(f"the daemon ended with {code} without any fault: {self.last_words()}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def press_again(self, process):
        raise NotImplementedError


class Press(DaemonScenario):
    """Somebody presses a button of a claim link."""

    def make_ready(self, field):
        field.put_list("list.csv", jobs(3))
        self.must_run()
        self.link = links_in(field.mails_with_links()[0].read_text())[0]
        process = self.start()
        self.wait_ready(process)
        try:
            self.before(field)
        finally:
            process.send_signal(signal.SIGTERM)
            ended(process)

    def before(self, field):
        """Leaves in `form` and `fields` what is pressed."""
        raise NotImplementedError

    def open_form(self, ending):
        return Forms(request(self.field.port, "GET", path_of(self.link))[1]).ending(ending)

    def claimed_page(self):
        form = self.open_form("/claim")
        status, page = request(
            self.field.port, "POST", path_of(form["action"]), {**form["fields"], "member": "ann"})
        if status != 200:
            raise Stuck(f"a claim was answered with {status}")
        return page

    def send(self):
        """Answers the status, 0 where nobody answered."""
        try:
            return request(self.field.port, "POST", path_of(self.form["action"]), self.fields)[0]
        except (OSError, ValueError, EOFError) as error:
            if isinstance(error, TimeoutError):
                raise Stuck("a press was not answered in 30 s") from error
            return 0
        except Exception as error:  # http.client has many for a connection that was cut
            if type(error).__module__ != "http.client":
                raise
            return 0

    def press(self, process):
        self.acknowledged = [(f"{self.name} was answered with 200 and is not there", self.proof)] if self.send() == 200 else []

    def press_again(self, process):
        status = self.send()
        if status != 200:
            raise Stuck(f"the same press once more was answered with {status}")


class Claim(Press):
    name = "claim"
    proof = "SELECT 1 FROM opportunity JOIN claim ON claim.opportunity = opportunity.id WHERE state = 'claimed' AND claim.holder = 'ann' AND claim.ended_at IS NULL"

    def before(self, field):
        self.form = self.open_form("/claim")
        self.fields = {**self.form["fields"], "member": "ann"}


class Release(Press):
    name = "release"
    proof = "SELECT 1 FROM claim WHERE ended_how = 'released'"

    def before(self, field):
        self.form = Forms(self.claimed_page()).ending("/release")
        self.fields = self.form["fields"]


class Outcome(Press):
    """The last of the questions, by which the outcome and its consent are recorded."""

    name = "outcome"
    proof = "SELECT 1 FROM outcome JOIN consent USING (opportunity, generation) WHERE kind = 'accepted' AND consent.given = 1"
    answers = {"kind": {"kind": "accepted"}, "consent": {"consent": "yes"}, "scope": {"scope-partner": "yes"},
               "when": {"how": "in_person"}, "known": {"known": "no"}}

    def make_ready(self, field):
        field.name_agencies()
        super().make_ready(field)

    def before(self, field):
        form = Forms(self.claimed_page()).ending("/outcome")
        fields = form["fields"]
        for _ in range(10):
            status, page = request(field.port, "POST", path_of(form["action"]), fields)
            if status != 200:
                raise Stuck(f"a question about the outcome was answered with {status}")
            form = [form for form in Forms(page).forms if form["action"].endswith("/outcome")][-1]
            step = form["fields"]["step"]
            fields = {**form["fields"], **self.answers.get(step, {"line": "none"})}
            if "on" in form["selects"]:
                fields["on"] = form["selects"]["on"][1]
            if step == "line":
                self.form, self.fields = form, fields
                return
        raise Stuck("the questions about the outcome have no end")


class Purge(DaemonScenario):
    """What is past its time is deleted after a start."""

    name = "purge"
    arms = False
    waits = False

    def make_ready(self, field):
        # Some of the jobs are gone from today's list, and have been for years.
        field.put_list("list-1.csv", jobs(30))
        self.must_run()
        field.put_list("list-2.csv", jobs(24, first=7))
        self.must_run()
        age(field.state / "triaged.sqlite", days=1200)
        long_ago = time.time() - 90 * 86400
        for export in (field.state / "archive").iterdir():
            moved = export.with_name(re.sub(r"^\d{8}", "20200101", export.name))
            export.rename(moved)
            os.utime(moved, (long_ago, long_ago))

    def is_over(self):
        try:
            reader = opened(copy_of(self.field.state, self.workshop.folder / "look"))
            with contextlib.closing(reader):
                return not reader.execute("SELECT 1 FROM job WHERE gone < first_seen").fetchone()
        except sqlite3.DatabaseError:
            return False  # Copied in the middle of a write.

    def press(self, process):
        # Where calls go on failing nothing is purged.
        self.wait(process, FAULTY)

    def wait(self, process, seconds):
        """Answers whether it was purged in that time; not where the daemon has died."""
        end = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < end:
            if self.is_over() and self.is_up():
                # The log is emptied behind it.
                pause(0.2)
                return True
            pause(0.05)
        return False

    def press_again(self, process):
        if not self.wait(process, DEADLINE) and process.poll() is None:
            raise Stuck("nothing was purged")
        if process.poll() is not None:
            raise Stuck(f"the daemon ended by itself: {self.last_words()}")


class Reload(DaemonScenario):
    """The configuration is read again while a list comes."""

    name = "reload"

    def make_ready(self, field):
        field.put_list("list-1.csv", jobs(4))
        self.must_run()
        # Made now, so that it is the same whatever the time is.
        field.put_list("list-2.csv", jobs(8))
        (field.drop / "list-2.csv").rename(field.folder / "list-2.csv")

    def press(self, process):
        team = self.field.config / "team.yaml"
        team.write_text(team.read_text().replace("name: Bob,", "name: Robert,"))
        (self.field.folder / "list-2.csv").rename(self.field.drop / "list-2.csv")
        if process.poll() is None:
            os.kill(self.daemon(process), signal.SIGHUP)
        # Where a call fails it may be refused; the next start has it.
        self.wait(process, "read again and is in force|on the disk is refused", FAULTY)

    def press_again(self, process):
        if not self.wait(process, "", DEADLINE) and process.poll() is None:
            raise Stuck("the list behind the reload is not read, or its mail is not sent")
        if process.poll() is not None:
            raise Stuck(f"the daemon ended by itself: {self.last_words()}")

    def wait(self, process, words, seconds):
        """Answers whether in that time the journal has the words, the list is read and its mail is sent; not where the
        daemon has died.
        """
        end = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < end:
            told = re.search(words, self.field.log.read_text(errors="replace"))
            is_read = not list(self.field.drop.glob("*.csv")) and len(self.field.mails_with_links()) > 1
            if told and is_read and not self.owes():
                return True
            pause(0.05)
        return False


def age(database, days):
    """What is over was over so many days ago."""
    with contextlib.closing(sqlite3.connect(database)) as writer, writer:
        back = days * 86_400_000
        writer.execute("UPDATE job SET gone = gone - ? WHERE gone NOTNULL", (back,))
        writer.execute("UPDATE opportunity SET ended_at = ended_at - ? WHERE ended_at NOTNULL", (back,))
    with contextlib.closing(sqlite3.connect(database)) as writer:
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def schema_steps():
    """Name and SQL of every released step, out of the sources."""
    folder = ROOT / "Sources" / "Storage" / "Schema"
    order = re.findall(r'registerMigration\("([^"]+)"\) \{ try \$0\.execute\(sql: (\w+)\)', (folder / "schema.swift").read_text())
    texts = {}
    for path in folder.glob("step*.swift"):
        for name, body in re.findall(r'let (\w+) = """\n(.*?)\n *"""', path.read_text(), re.S):
            texts[name] = body
    (owed,) = re.findall(r'let owedStates = "([^"]+)"', (folder / "step0012Outbox.swift").read_text())
    return [(name, texts[sql].replace("\\(owedStates)", owed)) for name, sql in order]


def downgrade(database, step):
    """Puts in the database's place one as an earlier version left it, with a feed, jobs and what was offered."""
    old = pathlib.Path(str(database) + ".old")
    with contextlib.closing(sqlite3.connect(old)) as writer:
        writer.execute("PRAGMA page_size = 16384")
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute(f"PRAGMA application_id = {0x74726961}")
        writer.execute("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        for name, sql in schema_steps()[:step]:
            writer.executescript(sql)
            writer.execute("INSERT INTO grdb_migrations VALUES (?)", (name,))
        writer.execute("ATTACH ? AS today", (str(database),))
        for table in ("feed", "import", "job_kind", "job", "score", "opportunity", "opportunity_job", "digest",
                      "announcement", "link"):
            both = [name for (_, name, *_) in writer.execute(f"PRAGMA main.table_info({table})")]
            there = {name for (_, name, *_) in writer.execute(f"PRAGMA today.table_info({table})")}
            columns = ", ".join(f'"{name}"' for name in both if name in there)
            writer.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}")
        writer.commit()
        writer.execute("DETACH today")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for end in ("", "-wal", "-shm"):
        pathlib.Path(str(database) + end).unlink(missing_ok=True)
        pathlib.Path(str(old) + end).unlink(missing_ok=True) if end else None
    old.rename(database)
    database.chmod(0o600)


class Verb(OnceScenario):
    """Done by one command, which opens the state folder itself; done once more where it was cut short."""

    arguments = ()

    def act(self, environment):
        code = self.run_once(environment, self.arguments)
        self.is_done = code == 0
        return code

    def finish(self):
        self.must_run(self.arguments)
        self.is_done = True
        super().finish()


class Backup(Verb):
    """A copy is made of the database; what lies there as a backup is whole."""

    name = "backup"
    needs = ("backup",)

    def make_ready(self, field):
        self.folder = field.folder / "backups"
        self.folder.mkdir(mode=0o700)
        self.arguments = ("backup", "--to", str(self.folder))
        self.others = [self.folder]
        field.put_list("list.csv", jobs(12))
        self.must_run()

    def check(self, reader):
        # What is not finished is hidden or not dated.
        wrong, whole = super().check(reader), 0
        for path in self.folder.iterdir():
            if path.name.startswith(".") or path.read_bytes()[:6] != b"SQLite":
                continue
            copy = self.workshop.folder / "look" / "backup"
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)
            try:
                with contextlib.closing(sqlite3.connect(copy)) as backup:
                    if backup.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                        wrong.append("a backup is damaged")
                    if backup.execute("SELECT count(*) FROM job").fetchone()[0] != 12:
                        wrong.append("a backup lacks jobs")
            except sqlite3.DatabaseError as error:
                wrong.append(f"a backup is damaged: {error}")
            whole += 1
        if self.is_done and not whole:
            wrong.append("a backup was said to be made, and there is none")
        return wrong


class Erase(Verb):
    """Everything of an address is erased; what was said to be erased is in no file any more."""

    name = "erase"
    needs = ("subject", "erase")
    arguments = ("subject", "erase", "--address", "3 Pipit Lane", "--postcode", "NG17 9CM", "--yes")

    def make_ready(self, field):
        field.put_list("list.csv", jobs(12))
        self.must_run()

    def finish(self):
        # Where all of it is erased already there is nothing left to erase.
        if self.run_once(arguments=self.arguments) not in (0, 1):
            raise Stuck(f"subject erase failed without any fault: {self.last_words()}")
        self.is_done = True
        OnceScenario.finish(self)

    def check(self, reader):
        wrong = super().check(reader)
        if self.is_done:
            wrong += [f"{path.name} still holds what was said to be erased"
                      for path in self.field.state.rglob("*") if path.is_file() and b"3 Pipit Lane" in path.read_bytes().replace(b"13 Pipit Lane", b"")]
        return wrong


SCENARIOS = [First, Poll, Deliver, Claim, Release, Outcome, Purge, Migrate, Reload, Held, Accept, Backup, Erase]


def is_there(kind, triaged):
    """Whether the program can do what a scenario is of."""
    if not kind.needs:
        return True
    # Of a verb that is not there the program's own help is shown.
    said = subprocess.run([triaged, *kind.needs, "--help"], capture_output=True, text=True, env=quiet(), check=False)
    return f"usage: triaged {' '.join(kind.needs)}" in said.stdout.lower()
