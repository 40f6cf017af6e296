"""A small HTTP server for the tests of fetching: what it does is in the path.

    http_server.py FOLDER [--tls]

Listens on a free port of 127.0.0.1, prints {"port": 12345} (with --tls also "ca", the PEM file of
the CA made for this run), ends when its standard input does. In FOLDER: requests.jsonl, one line
for each request with its path and headers.
"""

import base64
import json
import os
import sys
import threading
import time

from serving import QuietHandler, serve

LIST = b"reference,street\r\n1,Mill Lane\r\n"
ETAG = '"list-1"'
BASIC = "Basic " + base64.b64encode("ann:open sesame é".encode()).decode()
CHANGED = "Sat, 21 Nov 2026 06:00:00 GMT"


class Handler(QuietHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with lock, open(os.path.join(sys.argv[1], "requests.jsonl"), "a") as log:
            headers = {name.lower(): value for name, value in self.headers.items()}
            log.write(json.dumps({"path": self.path, "headers": headers}) + "\n")
        path = self.path.partition("?")[0]
        port = self.server.server_address[1]
        if path == "/list.csv":
            known = (self.headers["If-None-Match"] == ETAG
                     or self.headers["If-Modified-Since"] == CHANGED)
            self.answer(304 if known else 200, b"" if known else LIST, ETag=ETAG,
                        Last_Modified=CHANGED, Content_Type="text/csv")
        elif path.startswith("/file/"):
            # A file of the folder, always whole, with the validators that headers.json names.
            folder = sys.argv[1]
            with open(os.path.join(folder, os.path.basename(path)), "rb") as file:
                body = file.read()
            # While there is a file "hold" the answer waits; "holding" says so.
            hold = os.path.join(folder, "hold")
            while os.path.exists(hold):
                open(os.path.join(folder, "holding"), "w").close()
                if over.wait(0.02):
                    return
            with open(os.path.join(folder, "headers.json")) as file:
                self.answer(200, body, **json.load(file))
        elif path == "/empty.csv":
            self.answer(200, b"")
        elif path == "/moved-here":
            self.answer(302, b"moved", Location="/list.csv")
        elif path == "/moved-away":
            self.answer(302, b"moved", Location=f"http://localhost:{port}/list.csv?key=sesame")
        elif path == "/moved-port":
            self.answer(302, b"moved", Location="http://127.0.0.1:1/list.csv")
        elif path == "/moved-to-plain":
            self.answer(302, b"moved", Location=f"http://127.0.0.1:{port}/list.csv")
        elif path == "/moved-nowhere":
            self.answer(302, b"moved")
        elif path == "/round":
            self.answer(302, b"moved", Location="/round")
        elif path == "/long-declared":
            self.begin(200, Content_Length=str(10_000_000))
        elif path == "/long":
            self.begin(200, Transfer_Encoding="chunked")
            try:
                for _ in range(1000):
                    self.wfile.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True
        elif path == "/short":
            self.begin(200, Content_Length="1000")
            self.wfile.write(LIST)
            self.close_connection = True
        elif path == "/stalled":
            self.begin(200, Content_Length="1000")
            self.wfile.write(LIST)
            over.wait()
        elif path == "/silent":
            over.wait()
        elif path == "/busy":
            self.answer(503, b"<html>busy</html>", Retry_After="120")
        elif path == "/busy-until":
            date = self.date_time_string(time.time() + 600)
            self.answer(503, b"busy", Retry_After=date)
        elif path in ("/basic.csv", "/bearer.csv", "/key.csv"):
            let_in = {"/basic.csv": self.headers["Authorization"] == BASIC,
                      "/bearer.csv": self.headers["Authorization"] == "Bearer open-sesame",
                      "/key.csv": self.path.endswith("?api_key=open%2Bsesame%26x")}[path]
            if let_in:
                self.answer(200, LIST)
            else:
                self.answer(401, b"who?", WWW_Authenticate='Basic realm="lists"')
        elif path == "/moved-to-basic":
            self.answer(302, b"moved", Location="/basic.csv")
        elif path == "/slow-down":
            self.answer(429, b"later", Retry_After="7")
        elif path.startswith("/status/"):
            self.answer(int(path.rpartition("/")[2]), b"<html>" + b"no" * 100_000)
        else:
            self.answer(404, b"no")

    def begin(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def answer(self, status, body, **headers):
        if status != 304:
            headers["Content_Length"] = str(len(body))
        self.begin(status, **headers)
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


lock = threading.Lock()
over = threading.Event()
serve(Handler, tls="--tls" in sys.argv)
