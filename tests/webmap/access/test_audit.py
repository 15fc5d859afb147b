"""The log shows what was done, and whether anybody has changed it since."""

import hashlib
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from webmap.access.audit import FIRST, Audit, AuditError


@pytest.fixture
def audit(tmp_path):
    log = Audit(tmp_path / "audit.jsonl")
    for at in range(6):
        log.note("ann", "saved a plan", plan=f"{at:012x}", name="Caffi’r\nLlan")
    return log


def test_each_line_holds_the_hash_of_the_one_before(audit):
    lines = audit.path.read_bytes().splitlines()
    before = [json.loads(line)["before"] for line in lines]
    assert before == [FIRST, *(hashlib.sha256(line).hexdigest() for line in lines[:-1])]
    assert audit.verify() == (6, hashlib.sha256(lines[-1]).hexdigest())
    assert audit.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("seed", range(40))
def test_any_change_of_any_line_but_the_last_is_found(audit, seed):
    rng = random.Random(seed)
    lines = audit.path.read_bytes().splitlines(keepends=True)
    at = rng.randrange(len(lines) - 1)
    how = seed % 4
    if how == 0:
        place = rng.randrange(len(lines[at]) - 1)
        lines[at] = lines[at][:place] + bytes([lines[at][place] ^ 1]) + lines[at][place + 1 :]
    elif how == 1:
        del lines[at]
    elif how == 2:
        lines.insert(at, lines[at])
    else:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    audit.path.write_bytes(b"".join(lines))
    with pytest.raises(AuditError, match=r"line \d"):
        audit.verify()


def test_lines_missing_at_the_end_show_in_the_last_hash_noted(audit):
    noted = audit.verify()
    lines = audit.path.read_bytes().splitlines(keepends=True)
    audit.path.write_bytes(b"".join(lines[:-1]))
    assert audit.verify() != noted


def test_a_line_cut_off_by_a_crash_is_told_and_nothing_follows_it(audit):
    audit.path.write_bytes(audit.path.read_bytes()[:-5])
    with pytest.raises(AuditError, match=r"line 6 is cut off; line 6 isn't one of this log's"):
        audit.verify()
    with pytest.raises(AuditError, match="the last line is cut off; nothing can follow it"):
        audit.note("ann", "signed in")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
def test_a_line_for_which_there_is_no_room_leaves_no_part_of_it(audit):
    import resource

    held = audit.path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(held) + 20, hard))
    try:
        with pytest.raises(AuditError, match=r"can't be written: (No space|File too large)"):
            audit.note("ann", "signed in")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert audit.path.read_bytes() == held
    audit.note("ann", "signed in")
    assert audit.verify()[0] == 7


def test_a_carriage_return_that_was_put_in_is_found(audit):
    held = audit.path.read_bytes()
    audit.path.write_bytes(held.replace(b"\n", b"\r\n", 1))
    with pytest.raises(AuditError, match="line 2 doesn't follow"):
        audit.verify()


def test_many_at_once_make_one_chain(audit):
    others = [Audit(audit.path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: others[at % 4].note(f"p{at}", "signed in"), range(40)))
    assert audit.verify()[0] == 46
    assert {line["who"] for line in audit.newest(0, 40)} == {f"p{at}" for at in range(40)}


def test_the_newest_come_first_and_page_by_page(audit):
    plans = [line["plan"] for line in [*audit.newest(0, 4), *audit.newest(4, 4)]]
    assert plans == [f"{at:012x}" for at in (5, 4, 3, 2, 1, 0)]


def test_what_is_no_log_is_told(tmp_path):
    (tmp_path / "log").write_text("hello\n[1]\n", encoding="utf-8")
    with pytest.raises(
        AuditError, match="line 1 isn't one of this log's; line 2 isn't one of this log's"
    ):
        Audit(tmp_path / "log").verify()
