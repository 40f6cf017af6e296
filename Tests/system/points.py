"""A fault at every call by which the daemon changes something outside itself: it is killed there, or the call fails.

    points.py --triaged PROGRAM [--how kill,eio,...] [--scenarios poll,claim] [--sample 20] [--workers 2]

faults.c lies under the daemon and counts its calls (writes, syncs, renames, removals, new files and folders, sends). For
each scenario of scenarios.py and each number up to the count, the instance is put back to how it was, the scenario is done
with the fault at that call, and then, by readers of the files alone and by a run without faults, it is asked:
the database is whole, no change is there by half, what was acknowledged is there, the daemon starts and brings the
scenario to its end by itself, and it ends as it does without any fault: the same jobs, opportunities, claims, mails, and no
mail came under two Message-IDs or more than twice.

    kill, kill-half           kill -9 at the call; -half: when half of a write has been brought
    eio, enospc               the call fails once
    eio-ever, enospc-ever     it fails, and every one after it
    eio-read, eio-read-ever   the same of reads
"""

import argparse
import collections
import email
import json
import multiprocessing
import os
import pathlib
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from field import links_in
from oracle import Damaged, account, check, copy_of, differences, opened, self_test
from scenarios import SCENARIOS, Stuck, Workshop, is_there

HOWS = {
    "kill": {"FAULTS_HOW": "kill"},
    "kill-half": {"FAULTS_HOW": "kill", "FAULTS_SHORT": "1", "FAULTS_SOCKETS": "0"},
    "eio": {"FAULTS_HOW": "eio", "FAULTS_SOCKETS": "0"},
    "eio-ever": {"FAULTS_HOW": "eio", "FAULTS_FOREVER": "1", "FAULTS_SOCKETS": "0"},
    "enospc": {"FAULTS_HOW": "enospc", "FAULTS_SOCKETS": "0"},
    "enospc-ever": {"FAULTS_HOW": "enospc", "FAULTS_FOREVER": "1", "FAULTS_SOCKETS": "0", "FAULTS_SHORT": "1"},
    "eio-read": {"FAULTS_HOW": "eio", "FAULTS_READS": "1"},
    "eio-read-ever": {"FAULTS_HOW": "eio", "FAULTS_READS": "1", "FAULTS_FOREVER": "1"},
}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--how", default="kill")
    options.add_argument("--scenarios", default="")
    options.add_argument("--sample", type=int, default=0, help="so many points of each scenario; 0: all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--account", help="a file to which each point is written as a line of JSON")
    options.add_argument("--strace", action="store_true", help="hold what is counted against what strace sees")
    options.add_argument("--only", type=int, help="this point alone, to look at it")
    options.add_argument("--keep", help="a folder in which the instance is left of each point that fails")
    options = options.parse_args()
    options.triaged = str(pathlib.Path(options.triaged).resolve())
    wanted = [name for name in options.scenarios.split(",") if name]
    unknown = set(wanted) - {each.name for each in SCENARIOS} | set(options.how.split(",")) - set(HOWS)
    if unknown:
        raise SystemExit(f"there is no {', '.join(sorted(unknown))}")
    missing = {each.name: "this program has no such verb" for each in SCENARIOS if not is_there(each, options.triaged)}
    chosen = [each for each in SCENARIOS if (not wanted or each.name in wanted) and each.name not in missing]
    began = time.monotonic()
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="points-") as folder:
        library = pathlib.Path(folder) / "faults.so"
        subprocess.run(
            ["clang", "-shared", "-fPIC", "-O2", "-o", str(library),
             str(pathlib.Path(__file__).with_name("faults.c")), "-ldl"], check=True)
        results = multiprocessing.Queue()
        workers = [
            multiprocessing.Process(
                target=work, args=(at, options, chosen, library, pathlib.Path(folder) / f"worker-{at}", results))
            for at in range(options.workers)]
        for worker in workers:
            worker.start()
        told = gather(workers, results, options)
        for worker in workers:
            worker.join()
    judge(told, chosen, missing, options, time.monotonic() - began)


def gather(workers, results, options):
    told, working = [], len(workers)
    with open(options.account or os.devnull, "a") as lines:
        while working:
            try:
                result = results.get(timeout=10)
            except queue.Empty:
                if not any(worker.is_alive() for worker in workers):
                    raise SystemExit("the workers have ended without a word")
                continue
            if result is None:
                working -= 1
                continue
            told.append(result)
            lines.write(json.dumps(result) + "\n")
            if result["why"]:
                print("FAULT:", json.dumps(result), flush=True)
    return told


def work(at, options, chosen, library, folder, results):
    os.nice(10)
    workshop = None
    try:
        workshop = Workshop(options.triaged, folder)
        # To make a scenario ready takes longer than a few points: then each worker has scenarios of its own.
        for kind in chosen[at :: options.workers] if options.sample else chosen:
            try:
                scenario = kind(workshop)
                if options.strace and (at == 0 or options.sample):
                    hold_against_strace(kind(workshop), library)
                scenario.prepare()
                for how in options.how.split(","):
                    probe(scenario, how, at, options, library, results)
            except Exception:  # told as a fault of its own, so that it cannot be missed; the others go on
                results.put({"scenario": kind.name, "how": "its making ready", "at": 0, "call": "", "code": 0, "count": 0,
                             "hit": False, "why": traceback.format_exc()})
    finally:
        if workshop:
            workshop.close()
        results.put(None)


# By which files are changed, as the kernel knows them; to the right how faults.c calls it.
CALLS = {
    "write": "write", "writev": "writev", "pwrite64": "pwrite64", "pwritev": "pwritev", "fsync": "fsync",
    "fdatasync": "fdatasync", "ftruncate": "ftruncate", "rename": "rename", "renameat": "rename", "renameat2": "rename",
    "unlink": "unlink", "unlinkat": "unlink", "rmdir": "unlink", "mkdir": "mkdir", "mkdirat": "mkdir", "link": "link",
    "linkat": "link",
}
# What faults.c does not know: it may not be called on our files.
UNKNOWN = ["pwritev2", "truncate", "fallocate", "copy_file_range", "sendfile", "splice", "sync_file_range", "symlink",
           "symlinkat", "msync", "io_uring_enter"]


def folders(scenario):
    """In which faults happen."""
    return [str(folder) for folder in (scenario.field.state, scenario.field.drop, *scenario.others)]


def hold_against_strace(scenario, library):
    """Does the scenario once under strace, without a fault: it must see the very calls that faults.c counts."""
    trace, calls = scenario.workshop.folder / "trace", scenario.workshop.folder / "calls"
    scenario.prepare()
    scenario.workshop.put_back()
    ours = folders(scenario)
    calls.unlink(missing_ok=True)
    given = {"LD_PRELOAD": library, "FAULTS_UNDER": ":".join(ours), "FAULTS_LOG": calls, "FAULTS_SOCKETS": "0"}
    scenario.under = ["strace", "-f", "-qq", "-y", "-e", "signal=none", "-e", "trace=" + ",".join([*CALLS, *UNKNOWN]),
                      "-o", str(trace)]
    for name, value in given.items():
        scenario.under += ["-E", f"{name}={value}"]
    scenario.arms = False
    scenario.act({})
    seen = collections.Counter()
    lines = whole_lines(trace.read_text(errors="replace"))
    for line in lines:
        found = re.match(r"\d+ +(\w+)\((.*)\) += (-?\d+)", line)
        if not found or found[3].startswith("-") or not any(folder in found[2] for folder in ours):
            continue
        if found[1] in UNKNOWN:
            raise Stuck(f"{scenario.name}: {found[1]} is called, which faults.c does not know")
        # Of what is written the text may name a folder; of which file it is stands first.
        first = found[2].split(",", 1)[0] if "write" in found[1] else found[2]
        if any(folder in first for folder in ours):
            seen[CALLS[found[1]]] += 1
    counted = collections.Counter(line.split(" ")[1] for line in calls.read_text().splitlines())
    del counted["open"]
    if seen != counted:
        raise Stuck(f"{scenario.name}: strace sees {dict(seen)}, faults.c counts {dict(counted)}")
    print(f"{scenario.name}: strace sees the same {sum(seen.values())} calls", flush=True)


def whole_lines(text):
    """strace cuts a call in two where another thread comes between."""
    begun, lines = {}, []
    for line in text.splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>").rstrip()
        elif " resumed>" in line:
            lines.append(begun.pop(thread, "") + line.split(" resumed>", 1)[1])
        else:
            lines.append(line)
    return lines


def probe(scenario, how, at, options, library, results):
    """Every point of one scenario that falls to this worker."""
    folder = scenario.workshop.folder
    calls = folder / "calls"

    def environment(number):
        calls.unlink(missing_ok=True)
        return {
            "LD_PRELOAD": str(library), "FAULTS_UNDER": ":".join(folders(scenario)),
            "FAULTS_LOG": str(calls), "FAULTS_AT": str(number), **HOWS[how]}

    # Without any fault: how many points there are, and to what it must come.
    scenario.forget()
    code = scenario.act(environment(0))
    count = len(calls.read_text().splitlines())
    if code != 0 or not count:
        raise Stuck(f"{scenario.name} ended with {code} without any fault: {scenario.last_words()}")
    scenario.finish()
    reference = state(scenario)
    numbers = list(range(1, count + 1))
    if scenario.name == "claim":
        self_test(copy_of(scenario.field.state, folder / "look"))
    if options.sample:
        numbers = sorted(random.Random(options.seed).sample(numbers, min(options.sample, count)))
    if options.only:
        numbers = [options.only]
    for number in numbers if options.sample else numbers[at :: options.workers]:
        scenario.forget()
        why, code, began = None, None, time.monotonic()
        try:
            code = scenario.act(environment(number))
            why = after_fault(scenario, how, code)
            if not why:
                scenario.finish()
                why = compare(reference, state(scenario), scenario, how)
        except (Stuck, Damaged) as error:
            why = str(error)
        hits = [line for line in calls.read_text().splitlines() if line.startswith("!")] if calls.exists() else []
        if why and options.keep:
            shutil.copytree(
                scenario.workshop.live, pathlib.Path(options.keep) / f"{scenario.name}-{how}-{number}", dirs_exist_ok=True,
                ignore=lambda place, names: [name for name in names if pathlib.Path(place, name).is_socket()])
        results.put({
            "scenario": scenario.name, "how": how, "at": number, "count": count, "hit": bool(hits),
            "call": hits[0].replace(str(scenario.field.folder), "") if hits else "", "code": code, "why": why,
            "seconds": round(time.monotonic() - began, 2)})


def after_fault(scenario, how, code):
    """What is wrong with the files as the fault left them, before anybody mends anything."""
    if how.startswith("kill"):
        if code not in (-9, 0):
            return f"it ended with {code}"
    elif code is not None and code < 0:
        return f"a fault ended it with signal {-code}"
    database = scenario.field.state / "triaged.sqlite"
    if not database.exists():
        return None
    reader = opened(copy_of(scenario.field.state, scenario.workshop.folder / "look"))
    try:
        check(reader)
        return "; ".join(scenario.check(reader)) or None
    finally:
        reader.close()


def state(scenario):
    """What it came to: the database's account, and what was mailed under which Message-ID."""
    reader = opened(copy_of(scenario.field.state, scenario.workshop.folder / "look"))
    try:
        check(reader)
        lost = scenario.check(reader)
        if lost:
            raise Damaged("; ".join(lost))
        known = {name for (name,) in reader.execute("SELECT id FROM digest UNION ALL SELECT id FROM notice")}
        found = account(reader)
    finally:
        reader.close()
    mails = collections.defaultdict(list)
    for content in scenario.mails():
        mails[email.message_from_bytes(content)["Message-ID"].strip("<>").split("@")[0]].append(content.decode())
    return found, mails, known


# Of what failed the admin may be told.
TROUBLE = ("notices", "episodes", "matters")


def compare(reference, come_to, scenario, how):
    wanted, mails_wanted, _ = reference
    found, mails, known = come_to
    told = 0
    if not how.startswith("kill"):
        for what in TROUBLE:
            more = [entry for entry in found[what] if entry not in wanted[what]]
            found[what] = [entry for entry in found[what] if entry in wanted[what]]
            told += len(more) if what == "notices" else 0
    words = [differences(wanted, found)] if differences(wanted, found) else []
    if set(mails) - known:
        words.append("a mail has a Message-ID that nothing here has")
    most = max((len(copies) for copies in mails.values()), default=0)
    if most > 2:
        words.append(f"a mail came {most} times")
    under = collections.defaultdict(set)
    for name, copies in mails.items():
        for text in copies:
            for link in links_in(text):
                under[link].add(name)
    if any(len(names) > 1 for names in under.values()):
        words.append("an offer came under two Message-IDs")
    if not len(mails_wanted) <= len(mails) <= len(mails_wanted) + told:
        words.append(f"{len(mails)} mails came for {len(mails_wanted)}")
    return "; ".join(words) or None


def judge(told, chosen, missing, options, seconds):
    faults = [result for result in told if result["why"]]
    for kind in chosen:
        for how in options.how.split(","):
            mine = [result for result in told if (result["scenario"], result["how"]) == (kind.name, how)]
            hits = [result for result in mine if result["hit"]]
            calls = collections.Counter(result["call"].split(" ")[1] for result in hits)
            wrong = sum(1 for result in mine if result["why"])
            print(f"{kind.name}, {how}: {len(hits)} points met of {mine[0]['count'] if mine else 0} calls"
                  f" ({', '.join(f'{n} {name}' for name, n in calls.most_common())}),"
                  f" {len(mine) - len(hits)} that the run did not come to, {wrong} faults")
            if not hits and not wrong:
                faults.append({"why": f"{kind.name}, {how}: not one point was met"})
    for name, why in missing.items():
        print(f"LEFT OUT: {name}: {why}")
        faults.append({"why": f"{name} was left out: {why}"})
    met = sum(1 for result in told if result["hit"])
    print(f"{met} points of {len(chosen)} scenarios ({options.how}) in {seconds:.0f} s, seed {options.seed}")
    if faults:
        for fault in faults[:20]:
            print("FAULT:", fault["why"])
        sys.exit(f"FAULTS: {len(faults)} of {met}")
    print("all survived")


if __name__ == "__main__":
    main()
