"""What the pages of the books say that can be held to account: commands, verbs that are named, links, paths.

Commands are the lines of the blocks that are marked as `sh`, and of every other block, fenced or indented, that begins with the
name of a program. In a block with `$` before its commands the other lines are what is printed.
"""

import dataclasses
import re
import shutil

from field import ROOT

# They begin a line of a block of commands also where this machine does not have them.
PROGRAMS = {
    "triaged", "make", "swift", "git", "echo", "umask", "mkdir", "install", "rm", "cp", "cat", "ls", "df", "sed", "useradd", "man",
    "curl", "sqlite3", "openssl", "age", "age-keygen", "gpg", "ssh", "rsync", "promtool", "nginx", "caddy", "certbot", "psql", "bcp",
    "systemctl", "systemd-analyze", "systemd-creds", "journalctl", "apt-get", "apt", "dpkg", "lintian", "dmesg", "ps", "sudo",
}
# Their blocks say by marks which test runs them; package.py demands that it has run every one (guide.py).
GUIDES = {"docs/getting-started.md", "docs/upgrade.md"}


@dataclasses.dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    mark: str
    lines: tuple


@dataclasses.dataclass(frozen=True)
class Command:
    page: str
    line: int
    text: str
    shown: tuple = ()

    def __str__(self):
        return f"{self.page}:{self.line}: {self.text}"


def pages():
    """Every page that somebody who runs or builds the program reads, by its path from the repository's root."""
    top = [ROOT / name for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Tests/README.md"]]
    found = top + sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "config").rglob("*.md"))
    return {str(path.relative_to(ROOT)): path.read_text() for path in found}


def blocks(page, text):
    """The blocks of a page, fenced ones and indented ones."""
    lines = text.splitlines()
    at, mark = 0, ""
    while at < len(lines):
        line = lines[at]
        fence = re.match(r" *```(\w*)", line)
        if fence:
            end = next(i for i in range(at + 1, len(lines)) if lines[i].strip() == "```")
            yield Block(page, at + 2, fence[1], mark, dedented(lines[at + 1:end]))
            at, mark = end + 1, ""
            continue
        if line.startswith("    ") and (at == 0 or not lines[at - 1].strip()):
            end = at
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            yield Block(page, at + 1, "", mark, dedented(lines[at:end]))
            at, mark = end, ""
            continue
        comment = re.fullmatch(r" *<!-- (.*) -->", line)
        if line.strip():
            mark = comment[1] if comment else ""
        at += 1


def dedented(lines):
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return tuple(line[depth:].rstrip() for line in lines)


def begins_as_command(line):
    word = re.match(r"[a-z][a-z0-9_./-]*(?=\s|$)", line)
    return bool(word) and (word[0] in PROGRAMS or shutil.which(word[0]) is not None)


def commands(page, text):
    """Every command of a page, in order. What a block prints goes with the command above it."""
    for block in blocks(page, text):
        lines = list(joined(block))
        if not lines:
            continue
        if any(line.startswith("$ ") for _, line in lines):
            yield from transcript(block, lines)
        elif block.language == "sh" or (not block.language and begins_as_command(lines[0][1])):
            for number, line in lines:
                yield Command(page, number, without_comment(line))


def joined(block):
    """The lines of a block that are not empty, each with those that it goes on in."""
    begun, text = None, ""
    for number, line in enumerate(block.lines, block.line):
        begun, text = begun or number, text + line
        if text.endswith("\\"):
            text = text[:-1]
            continue
        if text.strip():
            yield begun, re.sub(r"(?<=\S)  +(?=-)", " ", text)
        begun, text = None, ""


def transcript(block, lines):
    for at, (number, line) in enumerate(lines):
        if line.startswith("$ "):
            shown = []
            for _, more in lines[at + 1:]:
                if more.startswith("$ "):
                    break
                shown.append(more)
            yield Command(block.page, number, without_comment(line[2:]), tuple(shown))


def without_comment(line):
    return re.sub(r"\s+#(\s.*)?$", "", line).rstrip()


def mentions(text):
    """What stands in backticks, a line break within it being a space; blocks are left out."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    prose = re.sub(r"(?m)(?<=\n\n)(?:    .*\n?)+", "", prose)
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose)]


def links(text):
    """The targets of the links of a page that lead to files of ours."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    return [found for found in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"[a-z]+:", found)]


def anchors(text):
    """The anchors of a page's headings, as forges make them."""
    found = []
    prose = re.sub(r"(?ms)^```.*?^```", "", text)
    for heading in re.findall(r"(?m)^#+ (.*)$", prose):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        anchor = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return found
