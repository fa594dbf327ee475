"""A disk whose power goes at a chosen write: what was synced is there, of the rest each 512 bytes are there or not.

It stands between SQLite and the real files, so SQLite works as always until the cut. Also a name that was removed can
come back, and a renamed file can have its old name's content, until the directory is synced.
"""

import random
from pathlib import Path

import apsw

SECTOR = 512
Change = tuple[int, bytes | None]
"""A write (offset, data), or a new length (length, None)."""


class PowerCut(Exception):
    """The power is off. Nothing more is read or written."""


class Disk:
    """The files of one directory, as they would be found after a power cut at the `cut_at`th change."""

    def __init__(self, directory: Path, *, watched: str, chance: random.Random, cut_at: int) -> None:
        """`watched` is a file in the directory that the program itself replaces, not SQLite."""
        self.durable = {str(path): path.read_bytes() for path in directory.iterdir()}
        self.pending: dict[str, list[Change]] = {}
        self.removed: set[str] = set()
        self.chance, self.left, self.watched = chance, cut_at, directory / watched
        self.after: dict[str, bytes] | None = None

    def change(self) -> None:
        """A moment at which the power can go. Raises PowerCut then and ever after."""
        self.left -= 1
        if self.left == 0:
            self.after = self._survivors()
        if self.left <= 0:
            raise PowerCut

    def synced(self, path: str) -> None:
        """The file reached the disk, and so did its name."""
        self.durable[path] = Path(path).read_bytes()
        self.pending.pop(path, None)
        self.removed.discard(path)

    def sync_directory(self, _: Path) -> None:
        """Takes the place of the real one. Until it is through, the watched file may be the old one or the new one."""
        if self.left == 1 and self.chance.random() < 0.5:
            self.durable[str(self.watched)] = self.watched.read_bytes()
        self.change()
        self.durable[str(self.watched)] = self.watched.read_bytes()
        for path in self.removed:
            self.durable.pop(path, None)
        self.removed.clear()

    def _survivors(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in self.durable.keys() | self.pending.keys():
            kept, changes = self.durable.get(path), self.pending.get(path, [])
            if path in self.removed and self.chance.random() < 0.5:
                kept, changes = None, []
            elif kept is None and self.chance.random() < 0.5:
                changes = []
            if kept is not None or changes:
                found[path] = self._torn(kept or b"", changes)
        return found

    def _torn(self, content: bytes, changes: list[Change]) -> bytes:
        disk = bytearray(content)
        for offset, data in changes:
            if data is None:
                if self.chance.random() < 0.5:
                    del disk[offset:]
                continue
            for start in range(0, len(data), SECTOR):
                if self.chance.random() < 0.5:
                    part, place = data[start : start + SECTOR], offset + start
                    disk.extend(bytes(max(0, place + len(part) - len(disk))))
                    disk[place : place + len(part)] = part
        return bytes(disk)


class PowerCutVFS(apsw.VFS):
    """SQLite's way to the files, over a `Disk`."""

    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, base="unix", makedefault=True)
        self.disk = disk

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
        return PowerCutFile(self.disk, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802
        self.disk.change()
        super().xDelete(filename, syncdir)
        self.disk.pending.pop(filename, None)
        if syncdir:
            self.disk.durable.pop(filename, None)
        else:
            self.disk.removed.add(filename)


class PowerCutFile(apsw.VFSFile):
    """One open file over a `Disk`."""

    def __init__(self, disk: Disk, name, flags) -> None:
        super().__init__("unix", name, flags)
        self.disk, self.path = disk, name if isinstance(name, str) else name.filename()

    def xWrite(self, data, offset):  # noqa: N802
        self.disk.change()
        super().xWrite(data, offset)
        self.disk.pending.setdefault(self.path, []).append((offset, bytes(data)))

    def xTruncate(self, newsize):  # noqa: N802
        self.disk.change()
        super().xTruncate(newsize)
        self.disk.pending.setdefault(self.path, []).append((newsize, None))

    def xSync(self, flags):  # noqa: N802 - the real one is left out: nobody pulls the real plug
        self.disk.change()
        self.disk.synced(self.path)
