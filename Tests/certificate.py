"""A CA made for one run of a test server, and its certificate for 127.0.0.1 and localhost, or another name."""

import os
import ssl
import subprocess


def certificate(folder, like=None, name="localhost"):
    """Writes ca.pem and the server's key and certificate to the folder.

    like: a certificate whose name the CA bears too. Returns the server's SSL context. Needs Debian's openssl.
    """
    path = lambda name: os.path.join(folder, name)
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
           "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    run = lambda *more: subprocess.run([*new, *more], check=True, capture_output=True)
    run("-subj", "/CN=Test CA", "-keyout", path("ca.key"), "-out", path("ca.pem"))
    if like:
        with open(path("ca.ext"), "w") as file:
            file.write("basicConstraints=critical,CA:TRUE\n")
        subprocess.run(
            ["openssl", "x509", "-in", like, "-signkey", path("ca.key"), "-clrext", "-extfile",
             path("ca.ext"), "-days", "2", "-out", path("ca.pem")], check=True, capture_output=True)
    run("-subj", "/CN=localhost", "-keyout", path("server.key"), "-out", path("server.pem"),
        "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
        "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("server.pem"), path("server.key"))
    return context


def other_certificate(folder, kind):
    """One of the same CA that is for another host, or has expired."""
    context = certificate(folder)
    path = lambda name: os.path.join(folder, name)
    host = "DNS:elsewhere.test" if kind == "wrong-host" else "DNS:localhost,IP:127.0.0.1"
    dates = (["-not_before", "20200101000000Z", "-not_after", "20200201000000Z"]
             if kind == "expired" else ["-days", "2"])
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=relay", "-keyout", path("server.key"), "-out", path("server.csr")],
        check=True, capture_output=True)
    # `x509 -req` of Debian 12 knows no dates; `ca` does.
    for name, text in (("index.txt", ""), ("serial", "0A\n")):
        with open(path(name), "w") as file:
            file.write(text)
    with open(path("ca.cnf"), "w") as file:
        file.write(
            "[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=%s\ndatabase=%s\nserial=%s\ndefault_md=sha256\n"
            "policy=p\nx509_extensions=e\nunique_subject=no\n[p]\ncommonName=supplied\n"
            "[e]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=%s\n"
            % (folder, path("index.txt"), path("serial"), host))
    if kind == "expired":
        dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]
    subprocess.run(
        ["openssl", "ca", "-batch", "-config", path("ca.cnf"), "-cert", path("ca.pem"), "-keyfile",
         path("ca.key"), "-in", path("server.csr"), "-out", path("server.pem"), "-notext", *dates],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("server.pem"), path("server.key"))
    return context
