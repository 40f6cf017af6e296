"""What the HTTP servers of tests share: how one begins to listen, and how it ends."""

import http.server
import json
import os
import sys
import threading

from certificate import certificate


class QuietHandler(http.server.BaseHTTPRequestHandler):
    """Says nothing of requests, and nothing of connections that a test has cut."""

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, client):
        # A client that goes away in the middle is what some tests are about.
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            super().handle_error(request, client)


def serve(handler, tls):
    """Listens on a free port of 127.0.0.1, prints {"port": 12345}, and "ca" with TLS, whose files go into the folder
    that the first argument names; ends the program when its standard input does.
    """
    server = Server(("127.0.0.1", 0), handler)
    ready = {"port": server.server_address[1]}
    if tls:
        # The handshake is left to the thread of the connection.
        server.socket = certificate(sys.argv[1]).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
        ready["ca"] = os.path.join(sys.argv[1], "ca.pem")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(ready), flush=True)
    sys.stdin.buffer.read()
    os._exit(0)
