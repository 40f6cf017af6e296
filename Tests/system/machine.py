"""A Debian 12 that is booted in a container of its own (systemd-nspawn), with a network of its own.

Needs root, and Debian's debootstrap and systemd-container. The machine is a copy of one that is made once;
it is gone at the end.
"""

import contextlib
import ctypes
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import time

from field import wait_for

# What the package depends on, and what the guide has installed beside it: the machine has no way out to get them.
PACKAGES = [
    "systemd", "systemd-sysv", "dbus", "libnss-systemd", "ca-certificates", "openssl", "man-db", "iproute2", "libstdc++6",
    "libcurl4", "libsqlite3-0", "libproj25", "proj-data", "libzip4", "libexpat1", "zlib1g", "nginx-light", "procps",
]
MIRROR = "http://deb.debian.org/debian"
_library = ctypes.CDLL(None, use_errno=True)


def make_base(folder):
    """Debian 12 with what the package needs, made once; an unfinished one is made anew."""
    if (folder / "made").exists():
        return folder / "root"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", "bookworm", folder / "root", MIRROR],
        check=True, stdout=subprocess.DEVNULL)
    (folder / "made").touch()
    return folder / "root"


class Machine:
    """One booted machine, from `start` to `stop`."""

    def __init__(self, base, folder):
        self.root = pathlib.Path(folder) / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", base, self.root], check=True)
        (self.root / "etc/hostname").write_text("council\n")
        self.console = open(pathlib.Path(folder) / "console.log", "wb")
        self.container = None
        self.init = None

    def start(self):
        # One tree of control groups, as Debian 12 has it; the filters of addresses are programs (bpf) that systemd loads.
        self.container = subprocess.Popen(
            ["systemd-nspawn", "-D", self.root, "--boot", "--register=no", "--keep-unit", "--private-network",
             f"--machine=triaged-test-{os.getpid()}", "--system-call-filter=bpf"],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        self.init = wait_for("the container's first process", self.first_process)
        wait_for(
            "the machine to have booted",
            lambda: self.run("systemctl is-system-running", check=False).stdout.strip() in ("running", "degraded"))

    def first_process(self):
        """The child of the container's keeper that is process 1 to itself; before it there are helpers."""
        children = pathlib.Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children")
        for child in children.read_text().split():
            with contextlib.suppress(OSError):
                if re.search(r"^NSpid:.*\s1$", pathlib.Path(f"/proc/{child}/status").read_text(), re.M):
                    return int(child)
        return None

    def stop(self):
        self.console.close()
        if self.container is None:
            return
        self.run("systemctl poweroff", check=False)
        try:
            self.container.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.container.kill()
            self.container.wait()

    def command(self, *words):
        return ["nsenter", f"--target={self.init}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root",
                "env", "-i", "--chdir=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
                "DEBIAN_FRONTEND=noninteractive", *words]

    def run(self, script, check=True, stdin=""):
        """Runs shell commands as root in /root until the first that fails; answers with what they printed."""
        done = subprocess.run(
            self.command("sh", "-e", "-c", script), input=stdin, capture_output=True, text=True, errors="replace")
        if check and done.returncode != 0:
            raise SystemExit(f"{script}\nended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done

    def says(self, script, **more):
        return self.run(script, **more).stdout.strip()

    def path(self, name):
        return self.root / name.lstrip("/")

    def show(self, unit, name):
        """One property of a unit."""
        return self.says(f"systemctl show --value --property={name} {unit}")

    @contextlib.contextmanager
    def inside(self):
        """What this thread does meanwhile is done in the machine's network."""
        with open("/proc/thread-self/ns/net") as here, open(f"/proc/{self.init}/ns/net") as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())

    def connection(self, port):
        """A connection to the machine's own loopback interface, for field.request."""
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with self.inside():
            link.connect()
        return link

    def patiently(self, script, seconds=150):
        """Until the commands succeed."""
        began = time.monotonic()
        wait_for(script, lambda: self.run(script, check=False).returncode == 0, seconds)
        return time.monotonic() - began


def _enter(namespace):
    clone_newnet = 0x40000000
    if _library.setns(namespace, clone_newnet) != 0:
        raise OSError(ctypes.get_errno(), "the network of the machine cannot be entered")
