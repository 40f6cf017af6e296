"""Many clients race for one claim over HTTP, again and again: exactly one winner each time."""

import argparse
import asyncio
import pathlib
import tempfile
import time
import urllib.parse

from field import Field, Forms, links_in, path_of, request, row, wait_for


async def post(port, path, form):
    """One POST on a connection of its own. Answers (status, page)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = urllib.parse.urlencode(form).encode()
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer.decode()


async def race(field, link, members, races):
    path = path_of(link)
    wins = {}
    for number in range(races):
        status, page = request(field.port, "GET", path)
        form = Forms(page).ending("/claim")
        assert status == 200 and form, f"no claim form in race {number}: {status}"
        (name,) = form["selects"]
        answers = await asyncio.gather(
            *(post(field.port, path_of(form["action"]), {**form["fields"], name: member})
              for member in members))
        codes = [status for status, _ in answers]
        winners = [at for at, code in enumerate(codes) if code == 200]
        if len(winners) != 1 or codes.count(409) != len(members) - 1:
            raise SystemExit(f"race {number}: {codes.count(200)} winners, answers {sorted(set(codes))}")
        winner = members[winners[0]]
        wins[winner] = wins.get(winner, 0) + 1
        losers = [page for code, page in answers if code == 409]
        if not all(winner.title() in page for page in losers):
            raise SystemExit(f"race {number}: a loser was not told who holds it")
        release = Forms(answers[winners[0]][1]).ending("/release")
        status, _ = request(field.port, "POST", path_of(release["action"]), release["fields"])
        if status != 200:
            raise SystemExit(f"race {number}: the release was answered with {status}")
    return wins


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--races", type=int, default=2000)
    options.add_argument("--clients", type=int, default=64)
    options = options.parse_args()
    members = [f"m{number:02d}" for number in range(options.clients)]
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, members)
        field.put_list("list.csv", [row("SS000001", 12)])
        field.start()
        try:
            field.wait_until_ready()
            (mail,) = wait_for("the mail", field.mails)
            (link,) = links_in(mail.read_text())
            began = time.monotonic()
            wins = asyncio.run(race(field, link, members, options.races))
            seconds = time.monotonic() - began
        finally:
            field.stop()
    print(
        f"{options.races} races of {options.clients} clients: exactly one winner each, "
        f"{len(wins)} different winners, every loser told who ({seconds:.1f} s)")


main()
