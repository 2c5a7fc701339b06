"""What is sealed opens with its key only, whole and in its order; anything else is refused."""

from __future__ import annotations

import io
import random

import pytest

from tracker.backup import sealing
from tracker.backup.sealing import MAGIC, PIECE, NotABackup, Sealer, opened

PRIVATE, PUBLIC = sealing.new_keys()
HEAD = len(MAGIC) + sealing.KEY
WHOLE = PIECE + sealing.TAG


def sealed(data: bytes, step: int = 100_000) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, sealing.public_key(PUBLIC))
    for start in range(0, len(data), step):
        sealer.write(data[start : start + step])
    sealer.close()
    return out.getvalue()


def open_(file: bytes, key: str = PRIVATE) -> bytes:
    return b"".join(opened(io.BytesIO(file), sealing.private_key(key)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
@pytest.mark.parametrize("step", [977, PIECE, 1_000_000])
def test_what_goes_in_comes_out(size, step):
    data = random.Random(size).randbytes(size)
    file = sealed(data, step)
    assert open_(file) == data
    assert not size or data[:16] not in file or size < 16


def test_two_files_of_the_same_data_share_nothing():
    assert sealed(b"x" * 100)[HEAD:] != sealed(b"x" * 100)[HEAD:]


DATA = random.Random(7).randbytes(3 * PIECE + 7)
FILE = sealed(DATA)


def flipped(at: int) -> bytes:
    return FILE[:at] + bytes([FILE[at] ^ 1]) + FILE[at + 1 :]


BROKEN = {
    "empty": b"",
    "another file": b"PGDMP" + FILE[5:],
    "cut in the head": FILE[: HEAD - 1],
    "head alone": FILE[:HEAD],
    "cut in a piece": FILE[: HEAD + WHOLE + 10],
    "cut between pieces": FILE[: HEAD + 2 * WHOLE],
    "last piece gone": FILE[: HEAD + 3 * WHOLE],
    "one byte short": FILE[:-1],
    "one byte more": FILE + b"\0",
    "piece left out": FILE[: HEAD + WHOLE] + FILE[HEAD + 2 * WHOLE :],
    "pieces swapped": FILE[:HEAD] + FILE[HEAD + WHOLE : HEAD + 2 * WHOLE]
    + FILE[HEAD : HEAD + WHOLE] + FILE[HEAD + 2 * WHOLE :],
    "piece twice": FILE[: HEAD + WHOLE] + FILE[HEAD:],
    **{f"bit {at}": flipped(at) for at in (0, HEAD - 1, HEAD, HEAD + WHOLE, len(FILE) - 1)},
}  # fmt: skip


@pytest.mark.parametrize("file", BROKEN.values(), ids=BROKEN)
def test_what_was_changed_is_refused(file):
    with pytest.raises(NotABackup):
        open_(file)


def test_another_key_opens_nothing():
    with pytest.raises(NotABackup):
        open_(FILE, sealing.new_keys()[0])


@pytest.mark.parametrize("text", ["", "short", "A" * 47, "é" * 43])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(NotABackup):
        sealing.private_key(text)
