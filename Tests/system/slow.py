"""1,000 slow clients and lists of a million rows at once: a claim is still answered soon.

    slow.py --triaged PROGRAM [--clients 1000] [--rows 1000000] [--seconds 60]

slowhttptest (Debian's) opens the slow connections: headers that never end, bodies that drip, answers that are read
byte by byte. Meanwhile one list of a million rows after the other is dropped and one person after the other opens a link, claims,
and gives it back. Told are the times of claims (p50, p99, the longest), how much memory the daemon held at most,
and what the slow clients saw. Fails above 300 ms at p99 and above 192 MB.
"""

import argparse
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import threading
import time

from field import HEADER, Field, Forms, links_in, path_of, request, row, wait_for

KINDS = {"header": ["-H"], "body": ["-B"], "reading": ["-X"]}


def memory(process):
    """Resident bytes now, and at most so far."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return tuple(int(lines[key].split()[0]) * 1024 for key in ("VmRSS", "VmHWM"))


class SlowClients:
    """slowhttptest against a link, or against its form, again and again: the daemon closes slow connections."""

    def __init__(self, link, kind, clients, end):
        self.kind, self.waves = kind, []
        url = link if kind != "body" else link + "/claim"
        self.command = [
            "slowhttptest", *KINDS[kind], "-c", str(clients), "-r", "1000", "-i", "5", "-l", "60", "-p", "3",
            "-x", "24", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-u", url]
        self.end = end
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while time.monotonic() < self.end:
            shown = subprocess.run(self.command, capture_output=True, text=True, timeout=120, check=False).stdout
            shown = re.sub(r"\x1b\[[0-9;]*m", "", shown)
            ended = re.search(r"Test ended on (\d+)\w+ second\s+Exit status: ([^\n]+)", shown)
            most = max((int(number) for number in re.findall(r"connected: +(\d+)", shown)), default=0)
            self.waves.append((int(ended[1]), ended[2].strip(), most) if ended else (0, shown[-200:], most))

    def told(self):
        seconds, statuses, most = zip(*self.waves)
        return (f"{self.kind}: {len(self.waves)} waves of up to {max(most)} at once, each over after "
                f"{min(seconds)} to {max(seconds)} s ({'; '.join(sorted(set(statuses)))})")


def millions(field, rows, end):
    """Lists of which nearly nothing is in the area, as large as a council's whole history, one after the other until
    the moment `end`. Answers how many there were."""
    inside = ",".join('"' + cell.replace('"', '""') + '"' for cell in row("SS000001", 12))
    text = (",".join(HEADER) + "\r\n" + inside + "\r\n" + "".join(
        f"ZZ{number:07d},01/11/2026 10:00,,,Waste,Bulky waste quote,Open,Public,,"
        f"{number % 200} Elsewhere Road,NG1 1AA,{400000 + number % 30000},{300000 + number % 30000},\r\n"
        for number in range(rows))).encode()
    lists = 0
    with open(field.log, "rb") as journal:
        seen = b""
        while lists == 0 or time.monotonic() < end:
            lists += 1
            unfinished = field.drop / ".big.part"
            with open(unfinished, "wb", buffering=0) as file:
                # In parts, so that this thread holds up no claim that the other one measures.
                for start in range(0, len(text), 1 << 20):
                    file.write(text[start:start + (1 << 20)])
                # Each is another list: one that is the same byte for byte would not be read.
                file.write(
                    f"ZX{lists:07d},01/11/2026 10:00,,,Waste,Missed bin,Open,Public,,,,400000,300000,\r\n".encode())
            unfinished.rename(field.drop / f"list-{lists + 1}.csv")
            told = f"rows={rows + 2} ".encode()

            def is_read():
                nonlocal seen
                seen += journal.read()
                return seen.count(told) >= lists

            wait_for("a million rows", is_read, 300)
    return lists


def claim_once(field, link, member):
    """Answers the seconds that the claim took."""
    status, page = request(field.port, "GET", path_of(link))
    form = Forms(page).ending("/claim")
    assert status == 200 and form, f"the page was answered with {status}"
    fields = {**form["fields"], "member": member}
    began = time.monotonic()
    status, page = request(field.port, "POST", path_of(form["action"]), fields)
    took = time.monotonic() - began
    assert status == 200, f"the claim was answered with {status}"
    release = Forms(page).ending("/release")
    status, _ = request(field.port, "POST", path_of(release["action"]), release["fields"])
    assert status == 200, f"the release was answered with {status}"
    return took


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--clients", type=int, default=1000)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--seconds", type=int, default=60)
    options = options.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    if not shutil.which("slowhttptest"):
        raise SystemExit("slowhttptest is not installed: make deps-slow")
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        field.put_list("list-1.csv", [row("SS000001", 12)])
        field.start()
        attacks = []
        try:
            field.wait_until_ready()
            (mail,) = wait_for("the mail", field.mails)
            (link,) = links_in(mail.read_text())
            alone = sorted(claim_once(field, link, "ann") for _ in range(50))
            times, most, end, lists = [], 0, time.monotonic() + options.seconds, []
            attacks = [SlowClients(link, kind, options.clients // 3 + 1, end) for kind in KINDS]
            writer = threading.Thread(target=lambda: lists.append(millions(field, options.rows, end)))
            writer.start()
            while time.monotonic() < end or writer.is_alive():
                times.append(claim_once(field, link, "bob"))
                most = max(most, memory(field.process)[0])
            writer.join()
            assert lists, "not one list of a million rows was read"
            most = max(most, memory(field.process)[1])
            for attack in attacks:
                attack.thread.join()
            status, _ = field.get("/livez")
            assert status == 200
        except SystemExit:
            print(field.log.read_text()[-3000:])
            raise
        finally:
            field.stop()
    times.sort()

    def at(share):
        return times[min(len(times) - 1, int(len(times) * share))] * 1000

    for attack in attacks:
        print(attack.told())
    print(f"alone: claims at p50 {alone[25] * 1000:.0f} ms, the longest {alone[-1] * 1000:.0f} ms")
    print(
        f"{options.clients} slow clients and {lists[0]} lists of {options.rows} rows: {len(times)} claims, p50 {at(0.5):.0f} ms, "
        f"p99 {at(0.99):.0f} ms, the longest {times[-1] * 1000:.0f} ms; memory at most {most / 1e6:.0f} MB")
    if at(0.99) > 300 or most > 192e6:
        raise SystemExit("too slow, or too large")


main()
