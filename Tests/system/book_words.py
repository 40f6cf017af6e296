"""Links, paths and verbs in the running text of the books."""

import posixpath
import re

from bookshelf import anchors, links, mentions
from field import ROOT


# The lines of a screen.
SCREEN = 60


def make_targets():
    return set(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text()))


def check_links(texts):
    """Every link leads to a file that is there, and to a heading of it; every page can be reached from the README."""
    if len(texts["README.md"].splitlines()) > SCREEN:
        yield f"README.md: is longer than {SCREEN} lines; docs/README.md and docs/commands.md take the rest"
    reached, ways = set(), {}
    for page, text in texts.items():
        for target in links(text):
            path, _, anchor = target.partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
            ways.setdefault(page, set()).add(path)
            if not (ROOT / path).exists():
                yield f"{page}: the link to {target} leads nowhere"
            elif anchor and anchor not in anchors(texts.get(path) or (ROOT / path).read_text()):
                yield f"{page}: {path} has no heading for the link to #{anchor}"
    open_ends = ["README.md"]
    while open_ends:
        page = open_ends.pop()
        if page not in reached:
            reached.add(page)
            for path in ways.get(page, ()):
                folder = [other for other in texts if posixpath.dirname(other) == path]
                open_ends += folder if (ROOT / path).is_dir() else [path]
    for page in texts:
        if page.startswith("docs/") and page not in reached:
            yield f"{page}: no link leads there from README.md"


def check_paths(texts):
    """What looks like a path of the repository is one; the history of changes may name what is gone."""
    for page, text in texts.items():
        if page == "CHANGELOG.md":
            continue
        for mention in mentions(text):
            if re.fullmatch(r"(Sources|Tests|packaging|scripts|bench|docs)/[\w./-]+", mention) and not (ROOT / mention).exists():
                yield f"{page}: there is no {mention}"
        for path in re.findall(r"\bdocs/[\w/-]+\.md", text):
            if not (ROOT / path).exists():
                yield f"{page}: there is no {path}"


def check_mentions(texts, told):
    """Verbs, make targets and man pages that stand in backticks exist."""
    targets = make_targets()
    for page, text in texts.items():
        for mention in mentions(text):
            words = mention.split()
            if words[0] == "triaged" and len(words) > 1 and not words[1].isupper():
                for problem in verb_problems(told, words[1:]):
                    yield f"{page}: '{mention}': {problem}"
            elif words[0] == "make" and len(words) > 1 and words[1] not in targets:
                yield f"{page}: the Makefile has no target '{words[1]}'"
            elif words[0] == "man" and len(words) == 2 and not list((ROOT / "packaging/man").glob(f"{words[1]}.*.scd")):
                yield f"{page}: there is no man page '{words[1]}'"


def verb_problems(told, words):
    """`subject find|export` names both verbs; `[--json]` and `A | B` are how a page writes what may be left out."""
    words = [word.strip("[],.;") for word in words if word != "|"]
    verbs = [told]
    while words and not words[0].startswith("-"):
        below = {part["commandName"]: part for verb in verbs for part in verb.get("subcommands", [])}
        if not below:
            break
        names = words[0].split("|")
        if any(name not in below for name in names):
            if verbs[0].get("defaultSubcommand"):
                break
            yield f"there is no verb '{words[0]}'"
            return
        verbs = [below[name] for name in names]
        words = words[1:]
    for verb in verbs:
        usual = [part for part in verb.get("subcommands", []) if part["commandName"] == verb.get("defaultSubcommand")]
        known = {
            ("--" if name["kind"] == "long" else "-") + name["name"]
            for part in [verb, *usual] for argument in part.get("arguments", []) for name in argument.get("names", [])}
        for word in words:
            if re.match(r"--?[a-z]", word) and word.split("=")[0] not in known:
                yield f"'{verb['commandName']}' has no option '{word}'"
