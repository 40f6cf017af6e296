"""A small HTTPS server that is posted to, for tests: how it answers is in the path.

    webhook_server.py FOLDER

Listens on a free port of 127.0.0.1, prints {"port": 12345, "ca": "..."}, ends when its standard input
does. In FOLDER: requests.jsonl, one line for each request: when (seconds, monotonic), method, path,
headers, body; and for each secret in a file "secrets" there whether a signature of Standard Webhooks is good.

    /status/429/Retry-After/7   this status, with these header fields, percent-encoded
    /until/503/600              with Retry-After as a date so many seconds from now
    /echo                       200 with what was posted
    /interim                    100 and 103 before the 204
    /long, /dribble             200 and a body without end, fast or a byte at a time
    /short                      200 and less than was declared
    /headers                    header fields without end
    /slow                       a status line that never ends, a byte at a time
    /hang, /drop, /reset        no answer at all
    /garbage, /old, /number     no HTTP; HTTP/0.9; a status that is none
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

from serving import QuietHandler, serve


class Handler(QuietHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        with lock, open(os.path.join(sys.argv[1], "requests.jsonl"), "a") as log:
            headers = {name.lower(): value for name, value in self.headers.items()}
            log.write(json.dumps({
                "when": time.monotonic(), "method": self.command, "path": self.path,
                "headers": headers, "body": body.decode("utf-8", "replace"),
                "verified": verified(headers, body)}) + "\n")
        self.close_connection = True
        try:
            self.behave(self.path.partition("?")[0].split("/")[1:], body)
        except (OSError, ssl.SSLError):
            pass

    do_GET = do_POST

    def behave(self, words, body):
        if words[0] == "status":
            fields = [urllib.parse.unquote(word) for word in words[2:]]
            self.answer(int(words[1]), b"<html>no</html>", zip(fields[::2], fields[1::2]))
        elif words[0] == "until":
            date = self.date_time_string(time.time() + int(words[2]))
            self.answer(int(words[1]), b"later", [("Retry-After", date)])
        elif words[0] == "echo":
            self.answer(200, body, [])
        elif words[0] == "interim":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n"
                             b"HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n")
            self.answer(204, b"", [])
        elif words[0] == "long":
            self.begin(200, [("Content-Length", "100000000")])
            for _ in range(10_000):
                self.wfile.write(b"x" * 10_000)
        elif words[0] == "dribble":
            self.begin(200, [("Content-Length", "1000000")])
            while not over.wait(0.05):
                self.wfile.write(b"x")
        elif words[0] == "short":
            self.begin(200, [("Content-Length", "1000")])
            self.wfile.write(b"short")
        elif words[0] == "headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.wfile.write(b"X-More: " + b"x" * 8000 + b"\r\n")
        elif words[0] == "slow":
            self.wfile.write(b"HTTP/1.1 ")
            while not over.wait(0.05):
                self.wfile.write(b"0")
        elif words[0] == "hang":
            over.wait()
        elif words[0] == "reset":
            # Closed with bytes unsent is a reset.
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        elif words[0] == "garbage":
            self.wfile.write(bytes(range(256)) * 20)
        elif words[0] == "old":
            self.wfile.write(b"Thank you for your message.\n")
        elif words[0] == "number":
            self.wfile.write(b"HTTP/1.1 abc Fine\r\nContent-Length: 0\r\n\r\n")

    def begin(self, status, fields):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def answer(self, status, body, fields):
        if status == 204:
            body = b""
        self.begin(status, [*fields, ("Content-Length", str(len(body))), ("Connection", "close")])
        self.wfile.write(body)


def verified(headers, body):
    try:
        secrets = open(os.path.join(sys.argv[1], "secrets")).read().split()
    except FileNotFoundError:
        return []
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    good = []
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        code = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        good.append(f"v1,{code}" in headers["webhook-signature"].split(" "))
    return good


lock = threading.Lock()
over = threading.Event()
serve(Handler, tls=True)
