"""A stand-in of GOV.UK Notify, written from its public documentation, for tests.

    notify_server.py FOLDER [--clock SECONDS] [STEP ...]

Listens with TLS on a free port of 127.0.0.1, prints {"port": 12345, "ca": "..."}, ends when
its standard input does. --clock: how far its clock is from this machine's.

One STEP for each POST in turn, the last one from then on ("take" without any):
    take                take the mail: 201
    cut                 take the mail and drop the connection before the answer
    500                 trouble of its own
    rate, daily         429, by the minute and by the day
    team                400: a recipient whom the key does not reach
    template            400: a template that is not there
    page                502 with a page for people

Tokens are checked: HS256 over the service's id and a moment within 30 seconds of this clock; else 403.
The simulator's addresses perm-fail@ and temp-fail@simulator.notify end as their names say; any other mail
is "created" when asked after first, then "sending", then "delivered".

In FOLDER: posts.jsonl, one line for each mail that was asked for: step, body, whether it was taken; and
gets.jsonl, one line for each question after mails: its query.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.parse
import uuid

from serving import QuietHandler, serve

SERVICE = "99999999-8888-4777-8666-555555555555"
SECRET = "00000000-1111-4222-8333-444444444444"
TEMPLATE = "77777777-6666-4555-8444-333333333333"


class Refusal(Exception):
    def __init__(self, status, error, message):
        self.status, self.error, self.message = status, error, message


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def check_token(header):
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, "AuthError", "Unauthorized: authentication bearer scheme must be used")
    try:
        head, claims, code = token.split(".")
        kinds, says, given = json.loads(decode(head)), json.loads(decode(claims)), decode(code)
    except ValueError:
        raise Refusal(403, "AuthError", "Invalid token: signature, api token not found")
    if kinds != {"typ": "JWT", "alg": "HS256"} or set(says) != {"iss", "iat"}:
        raise Refusal(403, "AuthError", "Invalid token: algorithm used is not HS256")
    if says["iss"] != SERVICE:
        raise Refusal(403, "AuthError", "Invalid token: service not found")
    wanted = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(wanted, given):
        raise Refusal(403, "AuthError", "Invalid token: signature, api token not found")
    if abs(time.time() + clock - says["iat"]) > 30:
        raise Refusal(403, "AuthError",
                      "Error: Your system clock must be accurate to within 30 seconds")


def check_mail(mail):
    def wrong(message):
        raise Refusal(400, "ValidationError", message)
    known = {"email_address", "template_id", "personalisation", "reference"}
    if not {"email_address", "template_id"} <= set(mail):
        wrong("template_id is a required property")
    if set(mail) - known:
        wrong("Additional properties are not allowed")
    if mail["email_address"].count("@") != 1:
        wrong("email_address Not a valid email address")
    if mail["template_id"] != TEMPLATE:
        raise Refusal(400, "BadRequestError", "Template not found")
    missing = {"subject", "body"} - set(mail.get("personalisation", {}))
    if missing:
        raise Refusal(400, "BadRequestError",
                      "Missing personalisation: " + ", ".join(sorted(missing)))


class Handler(QuietHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        try:
            check_token(self.headers["Authorization"])
            if self.path != "/v2/notifications/email":
                raise Refusal(404, "NoResultFound", "No result found")
            self.post(json.loads(body))
        except Refusal as refusal:
            self.refuse(refusal)

    def post(self, mail):
        global posted
        with lock:
            step = steps[min(posted, len(steps) - 1)]
            posted += 1
        is_taken = step in ("take", "cut")
        self.log("posts.jsonl", {"step": step, "body": mail, "taken": is_taken})
        if step == "500":
            raise Refusal(500, "Exception", "Internal server error")
        if step == "rate":
            raise Refusal(429, "RateLimitError",
                          "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
        if step == "daily":
            raise Refusal(429, "TooManyRequestsError",
                          "Exceeded send limits (email: 250000) for today")
        if step == "team":
            raise Refusal(400, "BadRequestError",
                          f"Can't send to {mail['email_address']} using a team-only API key")
        if step == "template":
            raise Refusal(400, "BadRequestError", "Template not found")
        if step == "page":
            return self.answer(502, b"<html>bad gateway</html>", "text/html")
        check_mail(mail)
        made = {"id": str(uuid.uuid4()), "reference": mail.get("reference"),
                "email_address": mail["email_address"], "type": "email", "asked": 0}
        with lock:
            taken.insert(0, made)
        if step == "cut":
            self.close_connection = True
            self.connection.close()
            return
        self.say(201, {
            "id": made["id"], "reference": made["reference"], "scheduled_for": None,
            "content": {"subject": mail["personalisation"]["subject"],
                        "body": mail["personalisation"]["body"], "from_email": "x@example.org"},
            "uri": f"/v2/notifications/{made['id']}",
            "template": {"id": TEMPLATE, "version": 1, "uri": f"/v2/template/{TEMPLATE}"}})

    def do_GET(self):
        try:
            check_token(self.headers["Authorization"])
            url = urllib.parse.urlsplit(self.path)
            if url.path != "/v2/notifications":
                raise Refusal(404, "NoResultFound", "No result found")
            query = urllib.parse.parse_qs(url.query)
            self.log("gets.jsonl", {"query": query})
            found = []
            with lock:
                for mail in taken:
                    if query.get("reference", [mail["reference"]]) == [mail["reference"]]:
                        found.append({"id": mail["id"], "reference": mail["reference"],
                                      "email_address": mail["email_address"],
                                      "type": "email", "status": self.status(mail)})
                        mail["asked"] += 1
            self.say(200, {"notifications": found, "links": {"current": self.path}})
        except Refusal as refusal:
            self.refuse(refusal)

    def status(self, mail):
        end = {"perm-fail@simulator.notify": "permanent-failure",
               "temp-fail@simulator.notify": "temporary-failure",
               "technical@example.org": "technical-failure"}.get(mail["email_address"])
        return end or ["created", "sending", "delivered"][min(mail["asked"], 2)]

    def refuse(self, refusal):
        self.say(refusal.status, {
            "status_code": refusal.status,
            "errors": [{"error": refusal.error, "message": refusal.message}]})

    def say(self, status, words):
        self.answer(status, json.dumps(words).encode(), "application/json")

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log(self, name, words):
        with lock, open(os.path.join(sys.argv[1], name), "a") as log:
            log.write(json.dumps(words) + "\n")


words = sys.argv[2:]
clock = 0
if words[:1] == ["--clock"]:
    clock, words = int(words[1]), words[2:]
steps = words or ["take"]
posted = 0
taken = []
lock = threading.Lock()
serve(Handler, tls=True)
