"""An SMTP server that spoils one stage of its first dialogue in one way, and behaves from then on, for tests.

    smtp_stages.py FOLDER [--certificate good|wrong-host|expired] STAGE

One port of 127.0.0.1 for each fault: prints {"port": ..., "ca": "..."} (the port without a fault) and writes
ports.json, {fault: port}. STARTTLS and AUTH PLAIN (desk, sesame) are offered and wanted. Ends when its standard
input does.

STAGE   connect, greeting, ehlo, starttls, ehlo-tls, auth, mail, rcpt, data, end (after the final dot)
faults  4xx, 5xx   a refusal
        drop       the connection is closed
        rst        it is reset
        hang       nothing comes any more
        garbage    bytes that are no reply
        long       a reply of 200,000 letters
        split      the right reply, a byte at a time

In FOLDER:
    FAULT/clear         what came in clear, of all dialogues
    FAULT/taken.jsonl   one line for each mail that was taken: its Message-ID and whether it came over TLS
"""

import argparse
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time

from certificate import certificate, other_certificate

FAULTS = ["4xx", "5xx", "drop", "rst", "hang", "garbage", "long", "split", "none"]


class Over(Exception):
    """The dialogue has come to its end."""


class Dialogue:
    def __init__(self, plain, fault, stage, folder, context):
        self.socket, self.fault, self.stage = plain, fault, stage
        self.folder, self.context = folder, context
        self.isTLS = False
        self.isIn = False
        self.read = b""

    def line(self):
        while b"\n" not in self.read:
            more = self.socket.recv(65536)
            if not more:
                raise Over
            if not self.isTLS:
                with open(os.path.join(self.folder, "clear"), "ab") as file:
                    file.write(more)
            self.read += more
        line, self.read = self.read.split(b"\n", 1)
        return line.rstrip(b"\r")

    def say(self, stage, reply):
        """The reply of a stage, or what this dialogue has in its place."""
        if stage != self.stage:
            return self.socket.sendall(reply)
        fault, self.stage = self.fault, None
        if fault == "split":
            for at in range(len(reply)):
                self.socket.sendall(reply[at:at + 1])
        elif fault in ("4xx", "5xx"):
            words = b"421 4.3.2 Later\r\n" if fault == "4xx" else b"554 5.7.1 No\r\n"
            self.socket.sendall(words)
            if stage == "connect":
                raise Over
        elif fault == "hang":
            # Until the other side goes.
            while self.socket.recv(65536):
                pass
            raise Over
        elif fault == "rst":
            raw = self.socket
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
            raise Over
        elif fault == "garbage":
            self.socket.sendall(b"\x00\xff\x16\x03 what\r\n\xde\xad\r\n")
            raise Over
        elif fault == "long":
            self.socket.sendall(reply[:4] + b"x" * 200_000 + b"\r\n")
        else:
            raise Over

    def run(self):
        if self.stage == "connect" and self.fault != "split":
            self.say("connect", b"220 ")
        # Of what is split, the greeting is what the connection says first.
        if self.stage == "connect":
            self.stage = "greeting"
        self.say("greeting", b"220 relay.test ESMTP\r\n")
        data = None
        while True:
            line = self.line()
            word = line.split(b" ")[0].upper()
            if word in (b"EHLO", b"HELO"):
                if self.isTLS:
                    self.say("ehlo-tls", b"250-relay.test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
                else:
                    self.say("ehlo", b"250-relay.test\r\n250 STARTTLS\r\n")
            elif word == b"STARTTLS":
                self.say("starttls", b"220 2.0.0 Go\r\n")
                self.socket = self.context.wrap_socket(self.socket, server_side=True)
                self.isTLS, self.read = True, b""
            elif word == b"AUTH":
                if line.count(b" ") < 2:
                    self.socket.sendall(b"334 \r\n")
                    self.line()
                self.say("auth", b"235 2.7.0 In\r\n")
                self.isIn = True
            elif word == b"MAIL":
                if not (self.isTLS and self.isIn):
                    self.socket.sendall(b"530 5.7.0 Sign in\r\n")
                    continue
                self.say("mail", b"250 2.1.0 OK\r\n")
            elif word == b"RCPT":
                self.say("rcpt", b"250 2.1.5 OK\r\n")
            elif word == b"DATA":
                at = self.stage
                self.say("data", b"354 Go on\r\n")
                if at == "data" and self.fault in ("4xx", "5xx"):
                    continue
                data = []
                while (line := self.line()) != b".":
                    data.append(line)
                # It is ours when we say so, or say nothing more: only a refusal gives it back.
                if self.stage != "end" or self.fault not in ("4xx", "5xx"):
                    self.take(data)
                self.say("end", b"250 2.0.0 Taken\r\n")
            elif word == b"QUIT":
                self.socket.sendall(b"221 2.0.0 Bye\r\n")
                raise Over
            else:
                self.socket.sendall(b"250 2.0.0 OK\r\n")

    def take(self, data):
        ids = [line.split(b" ", 1)[1].decode() for line in data
               if line.lower().startswith(b"message-id:")]
        with open(os.path.join(self.folder, "taken.jsonl"), "a") as file:
            file.write(json.dumps({"id": ids[0] if ids else None, "tls": self.isTLS}) + "\n")


def listen(fault, stage, folder, context):
    server = socket.create_server(("127.0.0.1", 0))

    def loop():
        left = stage
        while True:
            plain, _ = server.accept()
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=talk, args=(plain, fault, left, folder, context), daemon=True).start()
            left = None

    threading.Thread(target=loop, daemon=True).start()
    return server.getsockname()[1]


def talk(plain, fault, stage, folder, context):
    dialogue = Dialogue(plain, fault, stage, folder, context)
    try:
        dialogue.run()
    except (Over, OSError, ssl.SSLError, IndexError):
        pass
    try:
        dialogue.socket.close()
    except OSError:
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("stage")
    parser.add_argument(
        "--certificate", choices=["good", "wrong-host", "expired"], default="good")
    given = parser.parse_args()
    if given.certificate == "good":
        context = certificate(given.folder)
    else:
        context = other_certificate(given.folder, given.certificate)
    ports = {}
    for fault in FAULTS:
        folder = os.path.join(given.folder, fault)
        os.makedirs(folder)
        ports[fault] = listen(fault, given.stage if fault != "none" else None, folder, context)
    with open(os.path.join(given.folder, "ports.json"), "w") as file:
        json.dump(ports, file)
    print(json.dumps({
        "port": ports["none"], "ca": os.path.join(given.folder, "ca.pem")}), flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
