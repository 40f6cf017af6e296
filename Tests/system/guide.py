"""The commands and files of a page of the books, taken from the page itself, so that a test runs what people read.

A comment before a block says what it is:
    <!-- run -->                       commands, as root
    <!-- run until: WORDS -->          commands that go on; they are ended when they have had time to print WORDS
    <!-- run, patiently -->            again and again, until they succeed
    <!-- run, typing the password -->  with the password on standard input
    <!-- run with: WHAT -->            commands for which the test has to prepare something
    <!-- write: PATH -->               the block is the file PATH
    <!-- not run: WHY -->
A block of shell commands without such a comment is a mistake.
"""

import dataclasses
import re


@dataclasses.dataclass
class Block:
    heading: str
    mark: str
    text: str


def blocks(path):
    """Every block of the page that is to be run or written, in order."""
    found, heading, mark = [], "", None
    lines = iter(path.read_text().splitlines())
    for line in lines:
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif comment := re.fullmatch(r"<!-- (.*) -->", line):
            mark = comment[1]
        elif line.startswith("```"):
            text = []
            for inner in lines:
                if inner.startswith("```"):
                    break
                text.append(inner)
            if mark is None and line == "```sh":
                raise SystemExit(f"{path}: a block of commands under '{heading}' is not marked, so nothing runs it.")
            if mark and not mark.startswith("not run: "):
                found.append(Block(heading, mark, "\n".join(text) + "\n"))
            mark = None
        elif line.strip():
            if mark is not None:
                raise SystemExit(f"{path}: '{mark}' stands before no block.")
    return found
