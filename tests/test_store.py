"""What a folder of results and the cache promise, whatever happens while they are written."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from geoengine.errors import ResultsError, UnknownLayerError
from geoengine.network.streets import StreetNetwork
from geoengine.store import Cache, Results, open_results, write_json, writing
from geoengine.store import cache as keeping
from geoengine.store.results import LOCK
from sketch import draw


def publish(out: Path, title: str) -> Results:
    with writing(out) as draft:
        write_json(draft.folder / "layers.json", [{"layer_id": "areas", "title": title}])
        return draft.publish({"title": title})


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir() if item.name != LOCK)


# -------------------------------------------------------------------- results


def test_what_was_published_is_what_is_opened(tmp_path: Path) -> None:
    publish(tmp_path / "new" / "out", "Reach of nurseries")
    found = open_results(tmp_path / "new" / "out")
    assert found.summary["title"] == "Reach of nurseries"
    assert found.summary["folder"] == f"run-{found.summary['run']}"
    assert found.folder == tmp_path / "new" / "out" / found.summary["folder"]
    assert found.layer("areas")["title"] == "Reach of nurseries"
    assert found.table("areas") == found.folder / "areas.parquet"


def test_a_layer_that_was_not_made_is_named_with_those_that_were(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayerError) as raised:
        publish(tmp_path, "x").layer("../secret")
    assert raised.value.args[0] == "There is no layer '../secret'. There are: areas"


def test_a_new_run_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    old = publish(tmp_path, "old")
    new = publish(tmp_path, "new")
    assert not old.folder.exists()
    assert names(tmp_path) == [new.folder.name, "summary.json"]


def test_the_same_run_again_keeps_its_name_and_bytes(tmp_path: Path) -> None:
    first = publish(tmp_path, "same")
    before = (tmp_path / "summary.json").read_bytes()
    second = publish(tmp_path, "same")
    assert second.folder == first.folder
    assert (tmp_path / "summary.json").read_bytes() == before


def test_a_damaged_folder_is_replaced_when_its_run_is_made_again(tmp_path: Path) -> None:
    first = publish(tmp_path, "same")
    (first.folder / "layers.json").write_text("half a fi")
    with pytest.raises(ResultsError, match="is damaged"):
        open_results(tmp_path)
    assert publish(tmp_path, "same").layer("areas")["title"] == "same"


def test_a_failed_run_leaves_the_last_one_standing(tmp_path: Path) -> None:
    old = publish(tmp_path, "old")
    with pytest.raises(ZeroDivisionError), writing(tmp_path) as draft:
        (draft.folder / "layers.json").write_bytes(b"%d" % (1 // 0))
    assert open_results(tmp_path) == old
    assert names(tmp_path) == [old.folder.name, "summary.json"]


STEPS = [
    ("geoengine.store.results.os", "rename"),
    ("geoengine.store.results.os", "replace"),
    ("geoengine.store.results.os", "fsync"),
    ("geoengine.store.results.shutil", "rmtree"),
    ("geoengine.store.results.json", "dumps"),
]

KILLED_RUN = """
import importlib, os, sys
from pathlib import Path
from geoengine.store import write_json, writing

module, name, nth, after, out = sys.argv[1:]
target = importlib.import_module(module.rpartition(".")[0])
library = getattr(target, module.rpartition(".")[2])
real, calls = getattr(library, name), 0

def die(*given, **named):
    global calls
    calls += 1
    if calls == int(nth) and after == "before":
        os._exit(9)
    answer = real(*given, **named)
    if calls == int(nth):
        os._exit(9)
    return answer

with writing(Path(out)) as draft:
    setattr(library, name, die)
    write_json(draft.folder / "layers.json", [{"layer_id": "areas", "title": "new"}])
    draft.publish({"title": "new"})
os._exit(0)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS)
def test_a_run_killed_at_any_step_leaves_whole_results(
    tmp_path: Path, module: str, name: str, moment: str
) -> None:
    publish(tmp_path, "old")
    for nth in range(1, 9):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED_RUN, module, name, str(nth), moment, str(tmp_path)],
            check=False,
        )
        found = open_results(tmp_path)
        assert found.summary["title"] in ("old", "new")
        assert found.layer("areas")["title"] == found.summary["title"]
        if killed.returncode == 0:
            break
        publish(tmp_path, "old")
        assert len(names(tmp_path)) == 2
    else:
        pytest.fail(f"{name} is called more often than tried")


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(ResultsError) as raised, writing(tmp_path):
        pass
    assert raised.value.args[0] == f"{tmp_path}: another run is writing its results there"


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(ResultsError) as raised:
        publish(tmp_path, "x")
    assert raised.value.args[0] == (
        f"{tmp_path} already holds other files (thesis.docx), so no results are written there. "
        "Choose an empty or new folder"
    )
    assert names(tmp_path) == ["thesis.docx"]


def test_another_programs_summary_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text('{"scores": []}')
    with pytest.raises(ResultsError, match="was not written by GeoEngine"):
        open_results(tmp_path)
    with pytest.raises(ResultsError, match=r"already holds other files \(summary.json\)"):
        publish(tmp_path, "x")


def test_files_put_beside_results_survive_the_next_run(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "run-2024").mkdir()
    new = publish(tmp_path, "new")
    assert names(tmp_path) == ["notes.txt", "run-2024", new.folder.name, "summary.json"]


def test_a_folder_left_by_a_first_run_that_was_killed_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "run.partial").mkdir()
    (tmp_path / "run.partial" / "half.parquet").write_text("PAR")
    assert names(publish(tmp_path, "x").folder) == ["layers.json"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "holds no results: it has no summary.json. Make some with 'geoengine run'"),
        ('{"format": 99}', "but this version reads format 2. Run the study again"),
        ('{"format": 2, "folder": "../../etc"}', "the folder '../../etc' of these results is"),
        ("{", "was not written by GeoEngine"),
    ],
)
def test_results_that_cannot_be_opened_say_why(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "summary.json").write_text(content)
    with pytest.raises(ResultsError) as raised:
        open_results(tmp_path)
    assert sentence in raised.value.args[0]


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ResultsError) as raised, writing(tmp_path):
        raise OSError(28, "No space left on device")
    assert raised.value.args[0] == (
        f"{tmp_path}: could not write the results: No space left on device. "
        "Free space there or choose another folder"
    )


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ResultsError, match="is a file, but results need a folder"):
        publish(tmp_path / "out", "x")


def test_a_number_that_json_cannot_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        write_json(tmp_path / "x.json", {"minutes": float("inf")})


# ---------------------------------------------------------------------- cache


@dataclass(frozen=True, eq=False)
class Streets:
    there: NDArray[np.int32]
    back: NDArray[np.int32]
    closed: NDArray[np.bool_]
    kinds: tuple[str, ...]
    crs: str
    speed: float


def streets(n: int = 5) -> Streets:
    arcs = np.arange(3 * n, dtype=np.int32).reshape(n, 3)
    return Streets(arcs, arcs, np.zeros(0, dtype=bool), ("path", "steps"), "EPSG:27700", 1.33)


def kept(cache: Cache, key: str) -> Streets:
    found = cache.load_arrays(key, Streets)
    assert found is not None
    return found


def test_arrays_come_back_as_they_were_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.load_arrays("a", Streets) is None
    cache.save_arrays("a", streets())
    found = kept(cache, "a")
    np.testing.assert_array_equal(found.there, streets().there)
    assert found.there.dtype == np.int32
    assert found.closed.shape == (0,)
    assert (found.kinds, found.crs, found.speed) == (("path", "steps"), "EPSG:27700", 1.33)


def test_an_array_held_twice_is_kept_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.save_arrays("a", streets())
    assert names(tmp_path / "a") == ["closed.npy", "fields.json", "there.npy"]
    found = kept(cache, "a")
    assert found.there is found.back


def test_a_street_network_comes_back_whole(tmp_path: Path) -> None:
    network, _ = draw("A--B->-C", metres=100)
    cache = Cache(tmp_path)
    cache.save_arrays("a", network)
    found = cache.load_arrays("a", StreetNetwork)
    for field in fields(StreetNetwork):
        np.testing.assert_equal(getattr(found, field.name), getattr(network, field.name))


def test_what_is_written_to_a_mapped_array_stays_out_of_the_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.save_arrays("a", streets())
    kept(cache, "a").there[:] = 0
    np.testing.assert_array_equal(kept(cache, "a").there, streets().there)


@pytest.mark.parametrize("file", ["there.npy", "fields.json"])
def test_a_truncated_entry_is_removed_and_made_again(tmp_path: Path, file: str) -> None:
    cache = Cache(tmp_path)
    cache.save_arrays("a", streets())
    whole = (tmp_path / "a" / file).read_bytes()
    (tmp_path / "a" / file).write_bytes(whole[:-2])
    assert cache.load_arrays("a", Streets) is None
    assert names(tmp_path) == []
    cache.save_arrays("a", streets())
    assert kept(cache, "a").crs == "EPSG:27700"


def test_an_entry_of_another_class_is_not_taken_for_this_one(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Other:
        x: int

    cache = Cache(tmp_path)
    cache.save_arrays("a", Other(3))
    assert cache.load_arrays("a", Streets) is None


def test_a_rival_who_was_first_is_left_in_place(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.save_arrays("a", streets())
    before = (tmp_path / "a" / "there.npy").stat().st_ino
    cache.save_arrays("a", streets())
    assert (tmp_path / "a" / "there.npy").stat().st_ino == before
    assert names(tmp_path) == ["a"]


def test_a_writer_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(ResultsError) as raised:
        Cache(tmp_path).save_arrays("a", streets())
    assert raised.value.args[0] == (
        f"{tmp_path}: could not keep a result for the next run: No space left on device. "
        "Free space there or set GEOENGINE_CACHE to another folder"
    )
    assert names(tmp_path) == []


def test_an_array_that_does_not_fit_on_the_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError("22929 requested and 8688 written")  # as numpy says it

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(ResultsError, match=r"the disk may be full \(22929 requested and 8688 wri"):
        Cache(tmp_path).save_arrays("a", streets())


KILLED_WRITER = """
import os, sys
from pathlib import Path
import numpy as np
from geoengine.store import Cache
from tests.test_store import streets

def die(*given, **named):
    os._exit(9)

setattr(np if sys.argv[2] == "save" else Path, sys.argv[2], die)
Cache(Path(sys.argv[1])).save_arrays("a", streets())
"""


@pytest.mark.parametrize("step", ["save", "replace", "rename"])
def test_a_killed_writer_leaves_nothing_that_is_read(tmp_path: Path, step: str) -> None:
    root = Path(__file__).parents[1]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WRITER, str(tmp_path), step],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
    )
    assert killed.returncode == 9
    cache = Cache(tmp_path)
    assert cache.load_arrays("a", Streets) is None
    [partial] = names(tmp_path)
    os.utime(tmp_path / partial, ns=(10**18, 10**18))
    cache.save_arrays("a", streets())
    assert names(tmp_path) == ["a"]
    assert kept(cache, "a").crs == "EPSG:27700"


def test_what_was_unused_for_longest_goes_first(tmp_path: Path) -> None:
    roomy = Cache(tmp_path)
    for age, key in enumerate(["old", "older", "oldest"]):
        roomy.save_arrays(key, streets(1000))
        os.utime(tmp_path / key / "fields.json", ns=(0, 10**18 - age))
    one = sum(file.stat().st_size for file in (tmp_path / "old").iterdir())
    kept(roomy, "oldest")
    Cache(tmp_path, limit_bytes=3 * one).save_arrays("new", streets(1000))
    assert names(tmp_path) == ["new", "old", "oldest"]


def test_an_entry_larger_than_the_cache_is_kept_for_this_run(tmp_path: Path) -> None:
    Cache(tmp_path, limit_bytes=1).save_arrays("a", streets())
    assert names(tmp_path) == ["a"]


def test_a_key_says_the_same_thing_one_way(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.key({"a": 1, "b": 2.5}, "walk") == cache.key({"b": 2.5, "a": 1}, "walk")
    assert cache.key(frozenset("ab")) == cache.key(frozenset("ba"))
    assert cache.key(1, "walk") != cache.key("1", "walk")
    assert cache.key(("a", "b")) != cache.key("a", "b")
    assert len(cache.key()) == 32


def test_a_key_follows_a_files_content_not_its_name(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (tmp_path / "one.csv").write_text("a,b\n")
    (tmp_path / "two.csv").write_text("a,b\n")
    (tmp_path / "three.csv").write_text("a,c\n")
    one, two, three = (cache.key(tmp_path / f"{name}.csv") for name in ("one", "two", "three"))
    assert one == two != three


def test_a_key_of_something_without_one_spelling_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a set cannot be part of a cache key"):
        Cache(tmp_path).key({1, 2})


def test_a_file_that_changed_is_hashed_again_by_the_next_run(tmp_path: Path) -> None:
    cache, file = Cache(tmp_path / "cache"), tmp_path / "big.pbf"
    file.write_text("aaaa")
    os.utime(file, ns=(10**18, 10**18))
    first = cache.file_hash(file)
    assert first == "61be55a8e2f6b4e172338bddf184d6dbee29c98853e0a0485ecee7f27b9af0b4"
    file.write_text("bbbb")
    os.utime(file, ns=(10**18, 10**18 + 1))
    assert cache.file_hash(file) == first, "one run has one view of a file"
    assert Cache(cache.folder).file_hash(file) != first


def test_a_settled_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, file = Cache(tmp_path / "cache"), tmp_path / "big.pbf"
    file.write_text("aaaa")
    os.utime(file, ns=(10**18, 10**18))
    first = cache.file_hash(file)
    monkeypatch.setattr(keeping, "digest_of", lambda _: pytest.fail("read again"))
    assert Cache(cache.folder).file_hash(file) == first


def test_a_file_changed_this_moment_is_not_remembered(tmp_path: Path) -> None:
    cache, file = Cache(tmp_path / "cache"), tmp_path / "new.csv"
    file.write_text("aaaa")
    cache.file_hash(file)
    assert not (tmp_path / "cache" / "files.json").exists()


def test_a_damaged_memory_of_files_is_started_anew(tmp_path: Path) -> None:
    file = tmp_path / "big.pbf"
    file.write_text("aaaa")
    os.utime(file, ns=(10**18, 10**18))
    cache = Cache(tmp_path)
    (tmp_path / "files.json").write_text("[")
    cache.file_hash(file)
    assert list(json.loads((tmp_path / "files.json").read_text())) == [str(file)]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"could not read the file: No such .*\. Look whether"):
        Cache(tmp_path).file_hash(tmp_path / "gone.csv")
