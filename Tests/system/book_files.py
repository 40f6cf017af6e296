"""Files that the pages of the books show: each feed of an export system, each channel."""

import json
import re
import shutil

from bookshelf import blocks
from field import ROOT


def check_feeds(texts, here):
    """The blocks marked `<!-- feed for LIST -->` are feeds that check accepts, and each places every row of that list but
    for the feet of its pages."""
    config, feeds = copied(here, "feeds"), []
    for old in (config / "feeds").iterdir():
        old.unlink()
    for page, text in texts.items():
        marked = [block for block in blocks(page, text) if block.mark.startswith("feed for ")]
        copies = [block for block in blocks(page, text) if block.mark.startswith("the file ")]
        for block in copies:
            if "\n".join(block.lines) + "\n" != (ROOT / block.mark.removeprefix("the file ")).read_text():
                yield f"{page}:{block.line}: is not {block.mark}"
        if page.startswith("docs/systems/") and page != "docs/systems/README.md" and not marked + copies:
            yield f"{page}: has no feed for a list (<!-- feed for LIST -->)"
        for block in marked:
            written = with_secrets(config, "\n".join(block.lines) + "\n")
            name = re.search(r"(?m)^name: (\S+)", written)[1]
            (config / f"feeds/{name}.yaml").write_text(written)
            feeds.append((block, name, ROOT / block.mark.removeprefix("feed for ")))
    yield from refusal(here, config)
    # For the lists that have no coordinates.
    here.run("triaged gazetteer import OPEN-UPRN.zip", here.desk("feeds"))
    for block, name, listed in feeds:
        asked = here.run(f"triaged preview '{listed}' --feed {name} --json --config '{config}'", here.folder)
        said = json.loads(asked.stdout) if asked.stdout.startswith("{") else {"counts": {}, "problem_counts": {}}
        counts, feet = said["counts"], said["problem_counts"].get("footer", 0)
        if not counts.get("rows") or counts["unreadable"] != feet or counts["not_located"]:
            yield f"{block.page}:{block.line}: of {listed.name} it reads {counts}\n{asked.stdout[-800:]}{asked.stderr[-800:]}"


def check_channels(texts, here):
    """The `channels:` that the pages show are accepted, once the secrets that they name are there."""
    config, names = copied(here, "channels"), set()
    main = config / "triaged.yaml"
    for page, text in texts.items():
        if not page.startswith("docs/channels/"):
            continue
        shown = [block for block in blocks(page, text) if block.lines and block.lines[0] == "channels:"]
        if not shown and page != "docs/channels/README.md":
            yield f"{page}: shows no channel"
        for block in shown:
            # Two pages, or two examples of one, may call theirs alike.
            number = str(len(names))
            names.add(block)
            lines = re.sub(r"(?m)^  (\w+):$", rf"  \g<1>{number}:", "\n".join(block.lines[1:]))
            lines = with_secrets(config, lines)
            main.write_text(main.read_text().replace("channels:\n", "channels:\n" + lines + "\n", 1))
    yield from refusal(here, config)


def with_secrets(config, lines):
    """Makes the files that the settings name in /etc/triaged; answers the settings with the folder that they are in."""
    host = re.search(r"allow_hosts: \[(\S+)\]", lines)
    for key, path in re.findall(r"(\w+): (/etc/triaged/[\w-]+)(?=[\s}]|$)", lines):
        secret = config / path.rpartition("/")[2]
        secret.write_text(SECRETS.get(key, "tangerine").replace("HOST", host[1] if host else "") + "\n")
        secret.chmod(0o600)
    return lines.replace("/etc/triaged", str(config))


SECRETS = {
    "secret_file": "whsec_" + "QUJD" * 10 + "QQ==",
    "api_key_file": "books-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
    "url_file": "https://HOST/services/T0/B0/x",
}


def copied(here, name):
    """A configuration of its own, with all that the installation's has."""
    folder = here.folder / "checked" / name
    shutil.copytree(here.config, folder)
    return folder


def refusal(here, config):
    checked = here.run(f"triaged check --config '{config}'", here.folder)
    if checked.returncode != 0:
        yield f"'triaged check' refuses what the pages show:\n{checked.stdout[-3000:]}{checked.stderr[-3000:]}"
