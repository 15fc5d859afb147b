"""What a run keeps for the next one is found again whole, or made anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geoengine.errors import ResultsError
from geoengine.store import Cache
from geoengine.store import cache as kept


def made(calls: list[str], *, text: str = "hot\n") -> Callable[[Path], dict[str, int]]:
    """Return a step that writes a file, says a thing, and notes that it was called."""

    def make(folder: Path) -> dict[str, int]:
        calls.append(text)
        (folder / "layer.json").write_text(text)
        return {"features": 3}

    return make


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_what_was_made_once_is_not_made_again(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path / "cache"), list[str]()
    for at in range(3):
        out = folder(tmp_path / f"out{at}")
        assert cache.keep("a", made(calls), out) == {"features": 3}
        assert [file.name for file in out.iterdir()] == ["layer.json"]
        assert (out / "layer.json").read_text() == "hot\n"
    assert calls == ["hot\n"]


def test_what_has_no_key_is_made_each_time_and_not_kept(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path / "cache"), list[str]()
    for at in range(2):
        cache.keep(None, made(calls), folder(tmp_path / f"out{at}"))
    assert len(calls) == 2
    assert not (tmp_path / "cache").exists()


def test_nothing_may_be_what_was_kept(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path / "cache"), list[int]()
    assert [cache.keep("a", lambda _: calls.append(1)) for _ in range(2)] == [None, None]
    assert calls == [1]


@pytest.mark.parametrize("file", ["layer.json", kept.KEPT, "fields.json"])
@pytest.mark.parametrize("harm", ["cut", "changed", "lost"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, file: str, harm: str) -> None:
    cache, calls = Cache(tmp_path / "cache"), list[str]()
    cache.keep("a", made(calls), folder(tmp_path / "first"))
    harmed = tmp_path / "cache" / "a" / file
    whole = harmed.read_bytes()
    if harm == "lost":
        harmed.unlink()
    else:
        harmed.write_bytes(whole[:-2] if harm == "cut" else whole[:-2] + b"\x00\x00")
    assert cache.keep("a", made(calls), folder(tmp_path / "second")) == {"features": 3}
    assert (tmp_path / "second" / "layer.json").read_text() == "hot\n"
    assert [file.name for file in (tmp_path / "second").iterdir()] == ["layer.json"]
    assert len(calls) == 2
    assert harmed.read_bytes() == whole


def test_a_step_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def half(into: Path) -> None:
        (into / "layer.json").write_text("half a fi")
        raise ZeroDivisionError

    out = folder(tmp_path / "out")
    with pytest.raises(ZeroDivisionError):
        Cache(tmp_path / "cache").keep("a", half, out)
    assert list(out.iterdir()) == []
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept.shutil, "copyfile", full)
    with pytest.raises(ResultsError, match="could not keep a result for the next run: No space"):
        Cache(tmp_path / "cache").keep("a", made([]), folder(tmp_path / "out"))
