"""OpenSSH's own server, for SFTP alone, for the tests of folders on other machines.

    sftp_server.py FOLDER [--kill-at BYTES]

Needs Debian's openssh-server (its sshd is run as a plain process, with a configuration and keys
made for this run). Listens on a free port of 127.0.0.1, prints {"port": 12345, "user": "..."}, ends
when its standard input does. Only keys open it: a password would need an account of the system.

With --kill-at every connection is cut once so many bytes have gone to the client.

In FOLDER:
    far/                the folder that is served; its path is the path in the URL
    client, client.pub  the key that is let in; stranger, stranger.pub one that is not
    known_hosts         the server's key
    known_hosts.hashed  the same with the host's name hashed
    known_hosts.many    the same behind lines of other kinds (RSA first, as ssh-keyscan may put it)
    known_hosts.other   another key under the server's name
    known_hosts.empty   nobody
    sshd.log            what the server says
"""

import argparse
import ctypes
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--kill-at", type=int)
options = parser.parse_args()
folder = os.path.realpath(options.folder)
path = lambda name: os.path.join(folder, name)
SSHD = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
if not SSHD:
    sys.exit("There is no sshd: run `make deps-test`.")


def key(name, *kind):
    subprocess.run(["ssh-keygen", "-q", "-t", *(kind or ["ed25519"]), "-N", "", "-C", name, "-f", path(name)],
                   check=True, stdout=subprocess.DEVNULL)
    with open(path(name + ".pub")) as file:
        return " ".join(file.read().split()[:2])


def write(name, text, mode=0o600):
    with open(path(name), "w") as file:
        file.write(text)
    os.chmod(path(name), mode)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


host, other = key("host"), key("other")
# sshd serves the RSA and ECDSA keys too, as a real one does.
rsa, ecdsa = key("host_rsa", "rsa", "-b", "2048"), key("host_ecdsa", "ecdsa")
client, _ = key("client"), key("stranger")
os.makedirs(path("far"), exist_ok=True)
write("authorized", client + "\n")
user = pwd.getpwuid(os.getuid()).pw_name


def die_with_us():
    """PR_SET_PDEATHSIG: the tests end this script with SIGKILL, which nothing here can catch."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def start(port):
    write("sshd.conf", f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {path("host_rsa")}
HostKey {path("host_ecdsa")}
HostKey {path("host")}
AuthorizedKeysFile {path("authorized")}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
LogLevel VERBOSE
Subsystem sftp internal-sftp
""")
    # As root it insists on the folder in which it shuts itself in before the sign-in.
    if os.getuid() == 0:
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
    server = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", path("sshd.conf")], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(path("sshd.log"), "a"),
        preexec_fn=die_with_us)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
                if probe.recv(4) == b"SSH-":
                    return server
        except OSError:
            time.sleep(0.02)
    server.poll() is None and server.kill()
    return None


def relay(source, target, limit):
    """Passes bytes on; both ends are cut when the limit is reached."""
    passed = 0
    try:
        while data := source.recv(65536):
            passed += len(data)
            target.sendall(data)
            if limit and passed > limit:
                break
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve_cut(listener, port):
    while True:
        near, _ = listener.accept()
        far = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=relay, args=(near, far, None), daemon=True).start()
        threading.Thread(target=relay, args=(far, near, options.kill_at), daemon=True).start()


server = None
for _ in range(10):
    port = free_port()
    if server := start(port):
        break
if not server:
    sys.exit("sshd did not start: " + open(path("sshd.log")).read())
if options.kill_at:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve_cut, args=(listener, port), daemon=True).start()
    port = listener.getsockname()[1]

name = f"[127.0.0.1]:{port}"
write("known_hosts", f"{name} {host}\n")
write("known_hosts.hashed", f"{name} {host}\n")
subprocess.run(["ssh-keygen", "-q", "-H", "-f", path("known_hosts.hashed")], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
write("known_hosts.many", f"# made by hand\n{name} {rsa}\n{name} {ecdsa}\nelsewhere,{name} {host}\n")
write("known_hosts.other", f"{name} {other}\n")
write("known_hosts.empty", "")


print(json.dumps({"port": port, "user": user}), flush=True)
sys.stdin.buffer.read()
os._exit(0)
