"""Reads mails as a strict mail program would, for tests.

    read_mail.py MAIL.eml ...

Prints a JSON list, one object for each mail: "defects" (of the message, its parts and its headers;
also bare line ends, bytes beyond ASCII, lines over 78), "headers" as [name, value] pairs decoded,
"text" and "html" decoded, "text_links", "html_links" as [href, words] pairs, "html_words" (what a
reader sees), "attributes" (every attribute name that the HTML uses), "tags".
"""

import email
import email.policy
import json
import re
import sys
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.words, self.attributes, self.tags = [], [], set(), set()
        self.hidden = 0

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag in ("title", "style", "script"):
            self.hidden += 1
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


def read(raw):
    strict = email.policy.SMTP.clone(raise_on_defect=True)
    defects = []
    try:
        message = email.message_from_bytes(raw, policy=strict)
        headers = [[name, str(value)] for name, value in message.items()]
        parts = {part.get_content_type(): part.get_content().replace("\r\n", "\n")
                 for part in message.iter_parts()}
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
    if message.get_content_type() != "multipart/alternative":
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
    }


print(json.dumps([read(open(path, "rb").read()) for path in sys.argv[1:]]))
