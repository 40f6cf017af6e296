"""An FTPS server (pyftpdlib over pyOpenSSL) for the tests of folders on other machines.

    ftps_server.py FOLDER [--plain] [--implicit] [--timeless] [--sizeless]
                   [--closed] [--miscount N] [--read-only] [--kill-at BYTES]

Listens on a free port of 127.0.0.1, prints {"port": 12345, "ca": "..."}, ends when its standard
input does. The certificate is signed by a CA made for this run; "ca" is its PEM file. The user is
"ann", the word "sesame"; the folder served is FOLDER/far.

    --plain      offers no TLS at all
    --implicit   TLS from the first byte
    --closed     lets nothing be read
    --miscount N tells every file to be N bytes longer than it is
    --read-only  lets nothing be deleted
    --kill-at    the connection is cut once so many bytes of a file have gone out
    --timeless   does not know MDTM
    --sizeless   knows neither SIZE nor MDTM

In FOLDER: commands.jsonl, one line for each command with whether it came over TLS; no password.
"""

import argparse
import json
import os
import sys
import threading
import warnings

warnings.filterwarnings("ignore")

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer
import logging

from certificate import certificate

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--plain", action="store_true")
parser.add_argument("--implicit", action="store_true")
parser.add_argument("--closed", action="store_true")
parser.add_argument("--miscount", type=int, default=0)
parser.add_argument("--read-only", action="store_true")
parser.add_argument("--timeless", action="store_true")
parser.add_argument("--sizeless", action="store_true")
parser.add_argument("--kill-at", type=int)
options = parser.parse_args()
path = lambda name: os.path.join(options.folder, name)
os.makedirs(path("far"), exist_ok=True)
logging.basicConfig(level=logging.CRITICAL)
log = open(path("commands.jsonl"), "a", buffering=1)
base, data_base = (FTPHandler, DTPHandler) if options.plain else (TLS_FTPHandler, TLS_DTPHandler)


class Data(data_base):
    def send(self, data):
        if options.kill_at and self.get_transmitted_bytes() + len(data) > options.kill_at:
            self.cmd_channel.close()
            self.close()
            return 0
        return super().send(data)


class Handler(base):
    dtp_handler = Data
    permit_foreign_addresses = False

    def pre_process_command(self, line, cmd, arg):
        said = "" if cmd == "PASS" else arg
        log.write(json.dumps({"command": cmd, "argument": said,
                              "tls": bool(getattr(self, "_ssl_established", False))}) + "\n")
        if (options.timeless and cmd == "MDTM") or (options.sizeless and cmd in ("SIZE", "MDTM")):
            self.respond("502 Not known here.")
            return
        super().pre_process_command(line, cmd, arg)

    def ftp_SIZE(self, path):
        if options.miscount:
            self.respond(f"213 {os.path.getsize(path) + options.miscount}")
        else:
            super().ftp_SIZE(path)

    def handle(self):
        if options.implicit:
            self.secure_connection(self.get_ssl_context())
        super().handle()


if not options.plain:
    certificate(options.folder)
    with open(path("chain.pem"), "w") as chain:
        for part in ("server.pem", "server.key"):
            chain.write(open(path(part)).read())
    Handler.certfile = path("chain.pem")
    Handler.tls_control_required = True
    Handler.tls_data_required = True
    Handler.ssl_context = None
authorizer = DummyAuthorizer()
authorizer.add_user("ann", "sesame", path("far"),
                    perm="el" if options.closed else "elr" if options.read_only else "elradfmwMT")
Handler.authorizer = authorizer
server = FTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
print(json.dumps({"port": server.address[1], "ca": path("ca.pem")}), flush=True)
server.serve_forever(handle_exit=False)
