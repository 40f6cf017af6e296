"""A CA made for one run of a test server, and its certificate for 127.0.0.1 and localhost."""

import os
import ssl
import subprocess


def certificate(folder):
    """Writes ca.pem and the server's key and certificate to the folder.

    Returns the server's SSL context. Needs Debian's openssl.
    """
    path = lambda name: os.path.join(folder, name)
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
           "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    run = lambda *more: subprocess.run([*new, *more], check=True, capture_output=True)
    run("-subj", "/CN=Test CA", "-keyout", path("ca.key"), "-out", path("ca.pem"))
    run("-subj", "/CN=localhost", "-keyout", path("server.key"), "-out", path("server.pem"),
        "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("server.pem"), path("server.key"))
    return context
