"""A GeoReport v2 server for the tests of Open311 feeds. Its requests are made up.

    open311_server.py FOLDER [--rows N] [--limit N] [--page-limit N] [--key WORD] [--now ISO]
                      [--ignore page|dates] [--crowd N] [--busy-at N] [--html] [--cut]

Listens on a free port of 127.0.0.1, prints {"port": 12345}, ends when its standard input does.
Serves /v2/requests.json and /v2/requests.xml: N requests (1000), one every hour back from --now,
the newest first; at most --limit in one answer (1000), or --page-limit a page.

    --ignore page    every page is the first one
    --ignore dates   start_date and end_date mean nothing
    --crowd N        the newest hour holds N requests more
    --busy-at N      the Nth question is answered by 429 with Retry-After
    --html           a page with status 200 in place of a list
    --cut            the answer ends in the middle, as if it were whole

In FOLDER: requests.jsonl, one line for each question with its query and headers.
"""

import argparse
import datetime
import json
import os
import threading
import urllib.parse
from xml.sax.saxutils import escape

from serving import QuietHandler, serve

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--rows", type=int, default=1000)
parser.add_argument("--limit", type=int, default=1000)
parser.add_argument("--page-limit", type=int)
parser.add_argument("--key")
parser.add_argument("--now", default="2027-01-15T08:00:00+00:00")
parser.add_argument("--ignore", choices=["page", "dates"])
parser.add_argument("--crowd", type=int, default=0)
parser.add_argument("--busy-at", type=int)
parser.add_argument("--html", action="store_true")
parser.add_argument("--cut", action="store_true")
options = parser.parse_args()
NOW = datetime.datetime.fromisoformat(options.now)
WORDS = 'a "quoted" ] } \\ <request> & [{'


def request(number, when):
    return {"service_request_id": f"{number:06}", "status": "closed" if number % 3 else "open",
            "service_name": "Bulky waste", "service_code": "BW", "description": WORDS,
            "requested_datetime": when.isoformat(), "updated_datetime": when.isoformat(),
            "expected_datetime": "", "address": f"{number} Mill Lane", "zipcode": "NG0 0AA",
            "lat": 53.1, "long": -1.2, "_when": when}


rows = [request(n, NOW - datetime.timedelta(hours=n, minutes=30)) for n in range(options.rows)]
rows += [request(900_000 + n, NOW - datetime.timedelta(minutes=30)) for n in range(options.crowd)]
rows.sort(key=lambda row: row["_when"], reverse=True)


def as_json(chosen):
    return json.dumps([{k: v for k, v in row.items() if k != "_when"} for row in chosen])


def as_xml(chosen):
    text = '<?xml version="1.0" encoding="utf-8"?>\n<!-- <request> --><service_requests>'
    for row in chosen:
        fields = "".join(f"<{k}>{escape(str(v))}</{k}>" if v != "" else f"<{k}/>"
                         for k, v in row.items() if k != "_when")
        text += f"<request note='a>b'>{fields}</request>"
    return text + "</service_requests>"


class Handler(QuietHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        with lock:
            asked.append(query)
            number = len(asked)
            with open(os.path.join(options.folder, "requests.jsonl"), "a") as log:
                log.write(json.dumps({"path": url.path, "query": query}) + "\n")
        if options.busy_at and number == options.busy_at:
            return self.answer(429, "later", Retry_After="90")
        if options.key and query.get("api_key") != options.key:
            return self.answer(403, "no such key")
        writers = {"/v2/requests.json": as_json, "/v2/requests.xml": as_xml}
        if url.path not in writers:
            return self.answer(404, "no")
        if options.html:
            return self.answer(200, "<!DOCTYPE html><html><body>Sign in</body></html>")
        chosen = rows
        if options.ignore != "dates":
            start, end = (datetime.datetime.fromisoformat(query[name].replace("Z", "+00:00"))
                          for name in ("start_date", "end_date"))
            if end - start > datetime.timedelta(days=90):
                return self.answer(400, "too long a time")
            chosen = [row for row in rows if start <= row["_when"] <= end]
        if "page_size" in query:
            size = min(int(query["page_size"]), options.page_limit or options.limit)
            page = 1 if options.ignore == "page" else int(query["page"])
            chosen = chosen[(page - 1) * size: page * size]
        chosen = chosen[:options.limit]
        text = writers[url.path](chosen)
        self.answer(200, text[:-20] if options.cut else text)

    def answer(self, status, text, **headers):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


lock, asked = threading.Lock(), []
serve(Handler, tls=False)
