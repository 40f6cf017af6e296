"""What keeps the daemon from starting, and what ends it: each with its exit code, one line, and no secret in it.

    refusals.py --triaged .build/release/triaged

Also, under a service manager: what may pass ends after ten seconds, and what does not at once; one failed fsync ends it with 74
within a second, with what was acknowledged on the disk. And a crash leaves no core.
"""

import argparse
import fcntl
import http.client
import json
import os
import pathlib
import resource
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

from field import Field, pause, row, wait_for

SECRET = "correct-horse-battery"
# A service manager that hears nothing.
MANAGER = "@nobody-listens"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options = options.parse_args()
    triaged = pathlib.Path(options.triaged).resolve()
    cases = [wrong_key, missing_password, typed_password, no_credentials, damaged, locked, port_taken, monitor_taken, monitor_nowhere, socket_taken, no_folder]
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            field = Field(triaged, folder, ["ann", "bob"])
            code, words = case(field)
            check(case.__name__, field, code, words)
    pace(triaged)
    for case in [failed_sync, failed_checkpoint, no_core]:
        with tempfile.TemporaryDirectory() as folder:
            case(Field(triaged, folder, ["ann", "bob"]), folder)
    print(f"{len(cases)} refusals, two of them timed, two failed syncs and a crash: each with its code and in one line")


def check(name, field, code, words):
    """The program ends soon, with this code, and says these words in one line."""
    ended = started(field)
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    assert ended.returncode == code, f"{name}: {ended.returncode} and not {code}: {ended.stderr}"
    most = 2 if code == 78 else 1
    told = [line for line in lines if not any(word in line for word in (" warning", " notice "))]
    assert len(told) <= most, f"{name}: {len(told)} lines: {ended.stderr}"
    for word in words:
        assert word in ended.stderr, f"{name}: no '{word}' in: {last}"
    assert SECRET not in ended.stderr, f"{name}: the secret is told"


def pace(triaged):
    """Under a service manager, which starts it again after a second, what may pass ends late, and what does not at once."""
    for case, least, most in [(port_taken, 9, 30), (wrong_key, 0, 9)]:
        with tempfile.TemporaryDirectory() as folder:
            field = Field(triaged, folder, ["ann", "bob"])
            code, _ = case(field)
            began = time.monotonic()
            ended = started(field, NOTIFY_SOCKET=MANAGER)
            took = time.monotonic() - began
            assert ended.returncode == code and least < took < most, f"{case.__name__}: {ended.returncode} after {took:.1f} s"


def started(field, **environment):
    given = {name: value for name, value in os.environ.items() if name != "CREDENTIALS_DIRECTORY"}
    try:
        return subprocess.run(
            [field.triaged, "run", "--config", str(field.config), "--state", str(field.state)],
            capture_output=True, text=True, timeout=30, env={**given, **environment})
    finally:
        for listener in getattr(field, "listeners", []):
            listener.close()


def edit(field, before, after):
    path = field.config / "triaged.yaml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def relay(field, password):
    edit(field, "{kind: maildir, path: '${state}/mail'}",
         f"{{kind: smtp, host: relay.example.org, user: triaged, password_file: '{password}'}}")


def wrong_key(field):
    edit(field, "instance: field", "instance: field\ninstanze: field")
    return 78, ["triaged.yaml:2:1: unknown key 'instanze', did you mean 'instance'?", "does not start"]


def missing_password(field):
    (field.folder / "password.txt").write_text(SECRET)
    relay(field, field.folder / "nowhere")
    return 66, ["triaged.yaml:7:", "'password_file'", str(field.folder / "nowhere")]


def typed_password(field):
    relay(field, SECRET)
    return 66, ["triaged.yaml:7:", "'password_file'", "not repeated"]


def no_credentials(field):
    relay(field, "${credentials}/relay-password")
    return 66, ["triaged.yaml:7", "CREDENTIALS_DIRECTORY is not set", "LoadCredential="]


def damaged(field):
    field.start()
    field.wait_until_ready()
    field.stop()
    database = field.state / "triaged.sqlite"
    with open(database, "r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(b"\xff" * 20_000)
    backups = field.state / "backups"
    backups.mkdir()
    for name in ["triaged-20261120T081500Z.sqlite", "triaged-20261122T081500Z.sqlite"]:
        (backups / name).write_text("x")
    return 65, [str(database), "is damaged", f"triaged restore {backups / name}"]


def locked(field):
    field.state.mkdir()
    lock = open(field.state / "triaged.sqlite.lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    field.listeners = [lock]
    return 75, ["is in use by"]


def port_taken(field):
    listener = socket.socket()
    listener.bind(("127.0.0.1", field.port))
    listener.listen()
    field.listeners = [listener]
    return 69, [f"port {field.port}", "'listen'"]


def monitor_taken(field):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    field.listeners = [listener]
    port = listener.getsockname()[1]
    edit(field, "instance: field", f"instance: field\nmonitor: {{host: 127.0.0.1, port: {port}}}")
    return 69, [f"port {port}", "'monitor'"]


def monitor_nowhere(field):
    """An address of no interface of this machine (RFC 5737)."""
    edit(field, "instance: field", "instance: field\nmonitor: {host: 192.0.2.77, outside: true}")
    return 69, ["192.0.2.77", "'monitor'"]


def socket_taken(field):
    field.state.mkdir()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(field.state / "admin.sock"))
    listener.listen()
    field.listeners = [listener]
    return 69, ["admin socket", "'admin_socket'"]


def no_folder(field):
    field.state.write_text("a file where the folder should be")
    return 74, [str(field.state), "cannot be made"]


def start_with_library(field, folder, **names):
    library = folder + "/failsync.so"
    subprocess.run(["clang", "-shared", "-fPIC", "-O2", "-o", library,
                    str(pathlib.Path(__file__).with_name("failsync.c")), "-ldl"], check=True)
    with open(field.log, "ab") as journal:
        field.process = subprocess.Popen(
            [field.triaged, "run", "--config", str(field.config), "--state", str(field.state)],
            stdout=journal, stderr=journal,
            # ThreadSanitizer would sleep for a second at the end, which is measured.
            env={**os.environ, "LD_PRELOAD": library, "NOTIFY_SOCKET": MANAGER, **names,
                 "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "") + " atexit_sleep_ms=0"})
    field.wait_until_ready()


def ends_at_once(field, trigger):
    wait_for("the failure", lambda: not trigger.exists())
    failed = time.monotonic()
    code = field.process.wait(timeout=20)
    took = time.monotonic() - failed
    assert code == 74, f"a failed sync ended with {code}:\n{field.log.read_text()[-2000:]}"
    assert took <= 1.0, f"it went on for {took:.2f} s after the failed sync"


def failed_sync(field, folder):
    """Of a commit: the list is not lost, and comes after the restart."""
    trigger = pathlib.Path(folder) / "now"
    try:
        start_with_library(field, folder, FAILSYNC_FILE=str(trigger))
        field.put_list("first.csv", [row("SS0001", 1)])
        wait_for("the first list", lambda: not list(field.drop.glob("*.csv")))
        trigger.write_text("now")
        field.put_list("second.csv", [row("SS0001", 1), row("SS0002", 2)])
        ends_at_once(field, trigger)
        field.start()
        field.wait_until_ready()
        wait_for("the second list", lambda: not list(field.drop.glob("*.csv")))
        assert field.stop() == 0
        jobs = sqlite3.connect(field.state / "triaged.sqlite").execute("SELECT count(*) FROM job").fetchone()[0]
        assert jobs == 2, f"{jobs} jobs after the restart"
    finally:
        field.stop()


def tell(field, path, wish):
    """Asks at the admin socket; false where nobody answers any more."""
    link = http.client.HTTPConnection("localhost", timeout=20)
    link.sock = socket.socket(socket.AF_UNIX)
    try:
        link.sock.connect(str(field.state / "admin.sock"))
        link.request("POST", path, body=json.dumps(wish))
        answer = link.getresponse()
        assert answer.status == 200, answer.read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def failed_checkpoint(field, folder):
    """Of the main file, which no statement tells of: SQLite itself would carry on."""
    trigger = pathlib.Path(folder) / "now"
    try:
        start_with_library(field, folder, FAILSYNC_FILE=str(trigger), FAILSYNC_NAME="triaged.sqlite")
        trigger.write_text("now")
        # Each writes some pages; with a thousand of them the log is moved into the main file.
        for _ in range(3000):
            if not trigger.exists() or not tell(field, "/pause", {"why": "to write", "by": "a test"}):
                break
            tell(field, "/resume", {})
        ends_at_once(field, trigger)
        field.start()
        field.wait_until_ready()
        assert field.stop() == 0
    finally:
        field.stop()


def no_core(field, folder):
    """With a limit that lets everybody else leave one."""
    allow = lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with open(field.log, "ab") as journal:
        field.process = subprocess.Popen(
            [field.triaged, "run", "--config", str(field.config), "--state", str(field.state)],
            stdout=journal, stderr=journal, cwd=folder, preexec_fn=allow,
            # A sanitizer leaves the signal alone, which is no crash of its finding.
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no",
                 **{name: os.environ.get(name, "") + " handle_segv=0" for name in ("ASAN_OPTIONS", "TSAN_OPTIONS")}})
    field.wait_until_ready()
    limits = pathlib.Path(f"/proc/{field.process.pid}/limits").read_text()
    core = next(line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
    assert int(core[4]) <= 1 and int(core[5]) <= 1, core
    field.process.send_signal(signal.SIGSEGV)
    code = field.process.wait(timeout=60)
    assert code == -signal.SIGSEGV, code
    assert not [name for name in os.listdir(folder) if name.startswith("core")], "a core was left"


main()
