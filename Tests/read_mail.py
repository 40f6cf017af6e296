"""Reads mails as a strict mail program would, for tests.

    read_mail.py MAIL.eml ...

Prints a JSON list, one object for each mail: "defects" (of the message, its parts and its headers;
also bare line ends, bytes beyond ASCII, lines over 78), "headers" as [name, value] pairs decoded,
"text" and "html" decoded, "text_links", "html_links" as [href, words] pairs, "html_words" (what a
reader sees), "attributes" (every attribute name that the HTML uses), "tags", "images" as the [src, alt,
width] of each, "structure" (the content types as they lie in each other), "files" as [type,
disposition, file name, Content-ID, SHA-256 of the content] of each part that is no text.
"""

import email
import email.policy
import hashlib
import json
import re
import sys
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.words, self.attributes, self.tags = [], [], set(), set()
        self.images = []
        self.hidden = 0

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag in ("title", "style", "script"):
            self.hidden += 1
        if tag == "img":
            self.images.append([dict(attributes).get(name) for name in ("src", "alt", "width")])
        if tag == "a":
            self.links.append([dict(attributes).get("href"), ""])

    def handle_endtag(self, tag):
        if tag in ("title", "style", "script"):
            self.hidden -= 1

    def handle_data(self, data):
        if self.hidden:
            return
        self.words += data.split()
        if self.lasttag == "a" and self.links:
            self.links[-1][1] += data


def structure(part):
    if not part.is_multipart():
        return part.get_content_type()
    return f"{part.get_content_type()}({','.join(structure(each) for each in part.iter_parts())})"


def files(message):
    found = []
    for part in message.walk():
        if part.get_content_maintype() in ("text", "multipart"):
            continue
        if part["Content-Transfer-Encoding"] != "base64":
            raise ValueError("a file that is not in base64")
        found.append([part.get_content_type(), part.get_content_disposition(), part.get_filename(),
                      part["Content-ID"], hashlib.sha256(part.get_content()).hexdigest()])
    return found


def read(raw):
    strict = email.policy.SMTP.clone(raise_on_defect=True)
    defects = []
    try:
        message = email.message_from_bytes(raw, policy=strict)
        headers = [[name, str(value)] for name, value in message.items()]
        parts = {part.get_content_type(): part.get_content().replace("\r\n", "\n")
                 for part in message.walk() if part.get_content_maintype() == "text"}
        structured, filed = structure(message), files(message)
    except Exception as error:
        return {"defects": [repr(error)]}
    for part in message.walk():
        defects += [repr(defect) for defect in part.defects]
        for name, value in part.items():
            defects += [f"{name}: {defect!r}" for defect in value.defects]
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        defects.append("bare line end")
    if not raw.isascii() or b"\0" in raw:
        defects.append("not plain ASCII")
    if "multipart/alternative(text/plain," not in structured:
        defects.append("not multipart/alternative")
    defects += [f"long line: {line[:40]!r}" for line in raw.split(b"\r\n") if len(line) > 78]
    page = Page()
    page.feed(parts["text/html"])
    page.close()
    return {
        "defects": defects,
        "headers": headers,
        "text": parts["text/plain"],
        "html": parts["text/html"],
        "text_links": re.findall(r"https?://\S+", parts["text/plain"]),
        "html_links": page.links,
        "html_words": " ".join(page.words),
        "attributes": sorted(page.attributes),
        "tags": sorted(page.tags),
        "images": page.images,
        "structure": structured,
        "files": filed,
    }


print(json.dumps([read(open(path, "rb").read()) for path in sys.argv[1:]]))
