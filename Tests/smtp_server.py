"""A real SMTP server (aiosmtpd) that behaves as it is told, for tests.

    smtp_server.py FOLDER [--tls starttls|implicit|none] [--user NAME --password WORD]
                   [--certificate good|wrong-host] [--ca-like FILE] [--host ADDRESS --port PORT --name NAME] [STEP ...]

Listens on a free port of 127.0.0.1, or where it is told to in a network of the test's own, and prints one line of JSON: {"port": 12345, "ca": "..."}. The
certificate is signed by a CA made for this run, which bears the name of the one in --ca-like; "ca" is its PEM file. Ends when its standard input
does, so that it never outlives who started it.

One STEP for each MAIL command in turn, the last one from then on ("accept" without any):
    accept                 take the mail
    mail:451 4.7.1 Later   this reply to MAIL, and so rcpt:... to RCPT
    end:550 5.7.1 No       this reply to the message itself
    cut                    take the mail and drop the connection before the final reply
    hang                   never reply to the message
    stay                   take the mail and never reply to QUIT

In FOLDER:
    mails/0001.eml, mails/0001.json   each mail that the server took, and "from", "to",
                                      "message_id", "tls", "user", "step" beside it
    wire.bin                          every byte that clients said, after decryption
    log.jsonl                         one line for each MAIL command: its step
"""

import argparse
import asyncio
import email
import json
import logging
import os
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

from certificate import certificate, other_certificate


class Wire(SMTP):
    """Keeps what the client said, word for word."""

    def __init__(self, folder, *args, **more):
        self.wire = open(os.path.join(folder, "wire.bin"), "ab", buffering=0)
        super().__init__(*args, **more)

    def data_received(self, data):
        self.wire.write(data)
        super().data_received(data)

    def connection_lost(self, error):
        super().connection_lost(error)
        self.wire.close()


class Behaviour:
    def __init__(self, folder, steps):
        self.folder = folder
        self.steps = steps or ["accept"]
        self.begun = 0
        self.taken = 0
        os.makedirs(os.path.join(folder, "mails"), exist_ok=True)

    def reply(self, session, stage):
        at, _, words = session.step.partition(":")
        return words if at == stage else None

    async def handle_MAIL(self, server, session, envelope, address, options):
        session.step = self.steps[min(self.begun, len(self.steps) - 1)]
        self.begun += 1
        with open(os.path.join(self.folder, "log.jsonl"), "a") as log:
            log.write(json.dumps({"step": session.step}) + "\n")
        if reply := self.reply(session, "mail"):
            return reply
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.reply(session, "rcpt"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if session.step == "hang":
            await asyncio.sleep(3600)
        if reply := self.reply(session, "end"):
            return reply
        self.take(session, envelope)
        if session.step == "cut":
            server.transport.abort()
        return "250 2.0.0 Taken"

    async def handle_QUIT(self, server, session, envelope):
        if getattr(session, "step", None) == "stay":
            await asyncio.sleep(3600)
        return "221 2.0.0 Bye"

    def take(self, session, envelope):
        self.taken += 1
        name = os.path.join(self.folder, "mails", f"{self.taken:04}")
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "message_id": email.message_from_bytes(envelope.content)["Message-ID"],
            "tls": session.ssl is not None,
            "user": getattr(session, "user", None),
            "step": session.step,
        }
        with open(name + ".json", "w") as file:
            json.dump(facts, file)
        with open(name + ".part", "wb") as file:
            file.write(envelope.content)
        os.rename(name + ".part", name + ".eml")


async def serve(arguments):
    behaviour = Behaviour(arguments.folder, arguments.steps)
    context = None
    if arguments.certificate != "good":
        context = other_certificate(arguments.folder, arguments.certificate)
    elif arguments.tls != "none":
        context = certificate(arguments.folder, arguments.ca_like, arguments.name)

    def authenticate(server, session, envelope, mechanism, credentials):
        name, word = credentials.login.decode(), credentials.password.decode()
        if (name, word) == (arguments.user, arguments.password):
            session.user = name
            return AuthResult(success=True)
        # "handled" would leave the reply to us, and the client waiting for it.
        return AuthResult(success=False, handled=False)

    def protocol():
        return Wire(
            arguments.folder, behaviour, hostname="relay.test", loop=loop,
            tls_context=context if arguments.tls == "starttls" else None,
            authenticator=authenticate if arguments.user else None,
            auth_required=bool(arguments.user),
            auth_require_tls=arguments.tls == "starttls")

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol, arguments.host, arguments.port, ssl=context if arguments.tls == "implicit" else None)
    ready = {"port": server.sockets[0].getsockname()[1]}
    if context:
        ready["ca"] = os.path.join(arguments.folder, "ca.pem")
    print(json.dumps(ready), flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    os._exit(0)


if __name__ == "__main__":
    # Clients that do not trust us, or go away, are what some tests are about.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore", DeprecationWarning)
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("steps", nargs="*", metavar="STEP")
    parser.add_argument("--tls", choices=["starttls", "implicit", "none"], default="starttls")
    parser.add_argument("--certificate", choices=["good", "wrong-host"], default="good")
    parser.add_argument("--ca-like")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--name", default="localhost")
    asyncio.run(serve(parser.parse_args()))
