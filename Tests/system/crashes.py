"""What a disk may hold after the power went: worked out from a record of all that was written and synced (faults.c).

A write is on the disk for sure once its file was synced; a name (a new file, a renaming, a removal) once its folder was.
What was not synced may be there or not, in any order, and of a write any sectors: no order is promised between two
writes, and none between a file and its name. Only the names of one journal come in their order, or, in some states, not even they.
"""

import enum
import pathlib
import struct

HEADER = struct.Struct("<IIQQIIII")
MAGIC = 0x4C544146


class Kind(enum.IntEnum):
    WRITE = 1
    CUT = 2
    SYNC = 3
    SYNC_FOLDER = 4
    CREATE = 5
    RENAME = 6
    REMOVE = 7
    MAKE_FOLDER = 8
    LINK = 9
    # By the harness, in the same order: what others were told, as JSON in the place of the path.
    NOTE = 100


class Entry:
    __slots__ = ("kind", "inode", "offset", "path", "other", "data")

    def __init__(self, kind, inode=0, offset=0, path="", other="", data=b""):
        self.kind, self.inode, self.offset = kind, inode, offset
        self.path, self.other, self.data = path, other, data

    def packed(self):
        path, other = self.path.encode(), self.other.encode()
        head = HEADER.pack(MAGIC, self.kind, self.inode, self.offset, len(path), len(other), len(self.data), 0)
        return head + path + other + self.data


def read_record(path):
    whole, at, entries = pathlib.Path(path).read_bytes(), 0, []
    while at < len(whole):
        magic, kind, inode, offset, path_size, other_size, data_size, _ = HEADER.unpack_from(whole, at)
        if magic != MAGIC:
            raise SystemExit(f"the record is not whole at byte {at}")
        at += HEADER.size
        path = whole[at : at + path_size].decode()
        other = whole[at + path_size : at + path_size + other_size].decode()
        data = whole[at + path_size + other_size : at + path_size + other_size + data_size]
        entries.append(Entry(Kind(kind), inode, offset, path, other, data))
        at += path_size + other_size + data_size
    return entries


class File:
    """The bytes that are on the disk for sure, and the changes that may be."""

    def __init__(self):
        self.sure = bytearray()
        self.pending = []

    def sync(self):
        for change in self.pending:
            apply(self.sure, change)
        self.pending.clear()


def apply(content, change):
    offset, data = change
    if data is None:
        if len(content) > offset:
            del content[offset:]
        else:
            content.extend(bytes(offset - len(content)))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def folder_of(path):
    return path.rsplit("/", 1)[0]


class Disk:
    """Plays a record, entry by entry."""

    def __init__(self, lies=False):
        # A disk that says it has synced and has not: what is lost then must be found.
        self.lies = lies
        self.files = {}
        self.sure_names = {}
        self.pending_names = []

    def play(self, entry):
        if entry.kind == Kind.WRITE:
            self.file(entry.inode).pending.append((entry.offset, entry.data))
        elif entry.kind == Kind.CUT:
            self.file(entry.inode).pending.append((entry.offset, None))
        elif entry.kind == Kind.SYNC and self.lies and entry.path.endswith("-wal"):
            pass
        elif entry.kind == Kind.SYNC:
            self.file(entry.inode).sync()
        elif entry.kind == Kind.CREATE:
            # The number may have been another file's that is gone.
            self.files[entry.inode] = File()
            self.pending_names.append((entry.kind, entry.path, self.files[entry.inode]))
        elif entry.kind == Kind.LINK:
            self.pending_names.append((entry.kind, entry.other, self.file(entry.inode)))
        elif entry.kind == Kind.RENAME:
            self.pending_names.append((entry.kind, entry.path, entry.other))
        elif entry.kind == Kind.REMOVE:
            self.pending_names.append((entry.kind, entry.path, None))
        elif entry.kind == Kind.SYNC_FOLDER:
            # A journal keeps the order: what came before the last change of this folder is there too.
            last = max((at for at, change in enumerate(self.pending_names, 1) if entry.path in folders_of(change)), default=0)
            for change in self.pending_names[:last]:
                rename(self.sure_names, change)
            del self.pending_names[:last]

    def file(self, inode):
        if inode not in self.files:
            raise SystemExit("the record speaks of a file whose making it has not seen")
        return self.files[inode]

    def crash(self, choice):
        """By path, the bytes that a disk may hold now; `choice` decides what of the pending is there."""
        names = dict(self.sure_names)
        for change in choice.names(self.pending_names):
            rename(names, change)
        return {path: choice.content(file) for path, file in names.items()}


def folders_of(change):
    kind, path, other = change
    return {folder_of(path), folder_of(other)} if kind == Kind.RENAME else {folder_of(path)}


def rename(names, change):
    kind, path, other = change
    if kind in (Kind.CREATE, Kind.LINK):
        names[path] = other
    elif kind == Kind.REMOVE:
        names.pop(path, None)
    elif path in names:
        names[other] = names.pop(path)


class Choice:
    """Which of the changes that are not synced have reached the disk."""

    KINDS = ["nothing", "all", "first", "any", "torn-4096", "torn-512", "sizes", "mixed"]

    def __init__(self, kind, dice):
        self.kind, self.dice = kind, dice

    def names(self, pending):
        if self.kind == "nothing":
            return []
        if self.kind == "all":
            return pending
        if self.kind == "any":
            return [change for change in pending if self.dice.random() < 0.5]
        return pending[: self.dice.randint(0, len(pending))]

    def content(self, file):
        content = bytearray(file.sure)
        if not file.pending or self.kind == "nothing":
            return content
        kind = self.dice.choice(self.KINDS[:-1]) if self.kind == "mixed" else self.kind
        if kind == "sizes":
            # The file is as long as it was to be, and what was written into it is not there.
            for offset, data in file.pending:
                end = offset + len(data) if data is not None else offset
                if len(content) < end:
                    content.extend(bytes(end - len(content)))
            return content
        for change in self.of(kind, file.pending):
            apply(content, change)
        return content

    def of(self, kind, pending):
        if kind == "nothing":
            return []
        if kind == "all":
            return pending
        if kind == "first":
            return pending[: self.dice.randint(0, len(pending))]
        if kind == "any":
            return [change for change in pending if self.dice.random() < 0.5]
        sector = int(kind.rsplit("-", 1)[1])
        # Mostly what came first is whole, and the last is torn; sometimes all of it is.
        whole = self.dice.choice([0, self.dice.randint(0, len(pending))])
        return pending[:whole] + [piece for change in pending[whole:] for piece in self.torn(change, sector)]

    def torn(self, change, sector):
        offset, data = change
        if data is None:
            return [change] if self.dice.random() < 0.5 else []
        pieces, at = [], 0
        while at < len(data):
            end = min(len(data), (offset + at) // sector * sector + sector - offset)
            if self.dice.random() < 0.5:
                pieces.append((offset + at, data[at:end]))
            at = end
        return pieces
