"""A study file is right as a whole, or all that is wrong with it is told at once."""

import math
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import village
from geoengine import study
from geoengine.errors import StudyError


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the village's files."""
    return village.write(tmp_path_factory.mktemp("village")).parent


@pytest.fixture
def load(place: Path) -> Callable[..., study.Study]:
    """Load the village's study with other settings, or a text as a study."""

    def _load(text: str | None = None, **changed: Any) -> study.Study:
        path = place / "other.toml"
        whole = village.study_text(**changed) if text is None else text
        path.write_bytes(whole.encode())
        return study.load(path)

    return _load


@pytest.fixture
def faults(load: Callable[..., study.Study]) -> Callable[..., list[str]]:
    def _faults(text: str | None = None, **changed: Any) -> list[str]:
        with pytest.raises(StudyError) as raised:
            load(text, **changed)
        assert {Path(fault.source).suffix for fault in raised.value.faults} == {".toml"}
        return [fault.problem for fault in raised.value.faults]

    return _faults


# ----------------------------------------------------------------- what is right


def test_a_study_is_read_with_its_defaults(place: Path):
    found = study.load(place / "study.toml")
    assert found.study.title == "Village"
    assert found.boundaries.areas == place / "areas.geojson"
    assert found.boundaries.wards is None
    assert found.population.ages == (0, 4)
    assert (found.travel.mode, found.travel.cutoff_min, found.travel.direction) == (
        "walk",
        15,
        "to",
    )
    assert (found.underserved.deciles, found.underserved.share) == ((1, 2), 0.25)
    assert list(found.files) == [
        "boundaries.areas",
        "boundaries.small_areas",
        "deprivation.file",
        "population.file",
        "streets.file",
        "provision.file",
        "postcodes.file",
    ]


def test_its_settings_are_plain_and_name_no_folder(load, place: Path):
    found = load(
        travel={"speeds_kph": {"all": 3}},
        provision={"where": {"status": ["Active"]}},
        underserved={"deciles": [1, 2, 3]},
    ).settings
    assert found["boundaries"]["areas"] == "areas.geojson"
    assert found["travel"]["speeds_kph"] == {"all": 3.0}
    assert found["provision"]["where"] == {"status": ["Active"]}
    assert found["underserved"]["deciles"] == [1, 2, 3]
    assert str(place) not in repr(found)


def test_a_section_with_defaults_may_be_left_out(load):
    assert load(postcodes=None).postcodes is None


def test_a_byte_order_mark_before_the_study_is_passed_over(place: Path):
    marked = place / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + (place / "study.toml").read_bytes())
    assert study.load(marked).study.title == "Village"


def test_a_variable_in_a_path_is_filled_in_or_has_its_default(place: Path, tmp_path: Path):
    held = tmp_path / "held"
    held.mkdir()
    shutil.copy(place / "imd.csv", held / "imd.csv")
    path = village.write(tmp_path / "study", deprivation={"file": "${DATA:-.}/imd.csv"})
    assert study.load(path).deprivation.file.samefile(tmp_path / "study" / "imd.csv")
    found = study.load(path, variables={"DATA": str(held)})
    assert found.deprivation.file == held / "imd.csv"
    empty = study.load(path, variables={"DATA": ""})
    assert empty.deprivation.file.samefile(tmp_path / "study" / "imd.csv")


# ----------------------------------------------------------------- what is wrong


def test_a_study_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(StudyError) as raised:
        study.load(tmp_path / "no.toml")
    assert str(raised.value) == f"{tmp_path / 'no.toml'}: there is no such study file"


def test_a_folder_and_bytes_are_no_study(tmp_path: Path):
    with pytest.raises(StudyError, match="cannot be read"):
        study.load(tmp_path)
    png = tmp_path / "study.toml"
    png.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(StudyError, match="is not UTF-8 text; save it as UTF-8"):
        study.load(png)


def test_what_is_not_toml_is_told_with_its_line(faults):
    assert faults("[study\ntitle = 3") == [
        "is not TOML: Expected ']' at the end of a table declaration (at line 1, column 7)"
    ]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000])
def test_toml_that_no_parser_can_hold_is_told(faults, text: str):
    (told,) = faults(text)
    assert told.startswith("is not TOML")


def test_an_empty_study_lacks_every_section_at_once(faults):
    assert faults("") == [
        f"the section [{name}] is missing"
        for name in ("study", "boundaries", "deprivation", "population", "streets", "provision")
    ]


def test_a_misspelled_section_or_setting_is_met_with_the_right_one(faults):
    assert faults(travle={"mode": "walk"}, study={"tittle": "x"}) == [
        "there is no section [travle]; did you mean 'travel'?",
        "[study] has no setting 'tittle'; did you mean 'title'?",
    ]


def test_a_name_like_none_is_met_with_all_there_are(faults):
    assert faults(underserved={"xyz": 1}) == [
        "[underserved] has no setting 'xyz'; there are: deciles, share"
    ]


def test_a_missing_setting_is_told(faults):
    assert faults(study={"title": None}, provision={"plural": None}) == [
        "[study] needs 'title'",
        "[provision] needs 'plural'",
    ]


def test_a_section_that_is_a_value_is_told_whether_needed_or_not(faults, place: Path):
    whole = (place / "study.toml").read_text()
    assert faults('travel = "walk"\n' + whole) == [
        "[travel] must be a section of its own, but is 'walk'"
    ]
    without = whole.replace("[study]", "[[study]]")
    assert faults(without)[0].startswith("[study] must be a section of its own, but is [{'title'")


WRONG_KIND = [
    ("study", "title", 3, "study.title must be text in quotes, but is 3"),
    ("study", "invented", "yes", "study.invented must be true or false, but is 'yes'"),
    ("study", "invented", 1, "study.invented must be true or false, but is 1"),
    ("travel", "cutoff_min", "15", "travel.cutoff_min must be a number, but is '15'"),
    ("travel", "cutoff_min", True, "travel.cutoff_min must be a number, but is True"),
    (
        "population",
        "ages",
        [0],
        "population.ages must be two whole numbers such as [0, 4], but is [0]",
    ),
    (
        "population",
        "ages",
        [0, 4.5],
        "population.ages must be two whole numbers such as [0, 4], but is [0, 4.5]",
    ),
    (
        "underserved",
        "deciles",
        1,
        "underserved.deciles must be a list of whole numbers such as [1, 2], but is 1",
    ),
    (
        "underserved",
        "deciles",
        [True],
        "underserved.deciles must be a list of whole numbers such as [1, 2], but is [True]",
    ),
    ("travel", "speeds_kph", 4, "travel.speeds_kph must be a table of numbers, but is 4"),
    (
        "travel",
        "speeds_kph",
        ["a1"],
        "travel.speeds_kph must be a table of numbers, but is ['a1']",
    ),
    ("provision", "columns", ["ab"], "provision.columns must be a table of texts, but is ['ab']"),
    ("provision", "columns", {"id": 3}, "provision.columns must be a table of texts, but is "),
    ("provision", "where", "x", "provision.where must be a table of lists, but is 'x'"),
    (
        "provision",
        "osm",
        ["library"],
        'provision.osm must be a table such as {amenity = ["library"]}, but is ',
    ),
    ("deprivation", "file", 7, "deprivation.file must be a path in quotes, but is 7"),
    ("deprivation", "file", "", "deprivation.file must be a path in quotes, but is ''"),
]


@pytest.mark.parametrize(("section", "key", "value", "sentence"), WRONG_KIND)
def test_a_value_of_the_wrong_kind_is_told_with_the_right_one(
    faults, section: str, key: str, value: Any, sentence: str
):
    (told,) = faults(**{section: {key: value}})
    assert told.startswith(sentence)


OUT_OF_RANGE = [
    (
        "travel",
        "mode",
        "fly",
        "travel.mode must be one of walk, pushchair, cycle, drive, but is 'fly'",
    ),
    (
        "travel",
        "live_modes",
        ["walk", "fly"],
        "travel.live_modes must be of walk, pushchair, cycle, drive, but are ['walk', 'fly']",
    ),
    ("travel", "direction", "both", "travel.direction must be 'to' or 'from', but is 'both'"),
    (
        "travel",
        "cutoff_min",
        0,
        "travel.cutoff_min must be between 0 and 1440 minutes, but is 0",
    ),
    (
        "travel",
        "cutoff_min",
        1441,
        "travel.cutoff_min must be between 0 and 1440 minutes, but is 1441",
    ),
    (
        "travel",
        "snap_limit_m",
        -1,
        "travel.snap_limit_m must be between 0 and 5000 metres, but is -1",
    ),
    (
        "travel",
        "speeds_kph",
        {"all": 0},
        "travel.speeds_kph must be between 0 and 200 km/h, but are {'all': 0.0}",
    ),
    (
        "underserved",
        "deciles",
        [],
        "underserved.deciles must be from 1 to 10, but are []",
    ),
    (
        "underserved",
        "deciles",
        [0, 11],
        "underserved.deciles must be from 1 to 10, but are [0, 11]",
    ),
    (
        "underserved",
        "share",
        1,
        "underserved.share must be at least 0 and below 1, but is 1",
    ),
    (
        "population",
        "ages",
        [4, 0],
        "population.ages must be the youngest and the oldest age, but are [4, 0]",
    ),
    (
        "study",
        "crs",
        "EPSG:4326",
        "study.crs must be projected, in metres, such as 'EPSG:27700', but is 'EPSG:4326'",
    ),
    (
        "study",
        "crs",
        "EPSG:2263",
        "study.crs must be projected, in metres, such as 'EPSG:27700', but is 'EPSG:2263'",
    ),
    (
        "study",
        "crs",
        "EPSG:0",
        "study.crs is not a coordinate reference system: 'EPSG:0'; try 'EPSG:27700'",
    ),
    (
        "study",
        "crs",
        "EPSG:3857",
        (
            "study.crs must keep lengths in the United Kingdom, as 'EPSG:27700' does, but "
            "'EPSG:3857' makes them 1.72 times as long"
        ),
    ),
]


@pytest.mark.parametrize(("section", "key", "value", "sentence"), OUT_OF_RANGE)
def test_a_value_out_of_range_is_told_with_the_range(
    faults, section: str, key: str, value: Any, sentence: str
):
    assert faults(**{section: {key: value}}) == [sentence]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e400"])
def test_numbers_that_are_none_are_out_of_range(faults, place: Path, number: str):
    whole = (place / "study.toml").read_text()
    (told,) = faults(f"{whole}\n[travel]\ncutoff_min = {number}")
    assert told.startswith("travel.cutoff_min must be between 0 and 1440 minutes, but is ")


def test_a_number_too_long_to_be_one_is_told(faults, place: Path):
    whole = (place / "study.toml").read_text()
    (told,) = faults(f"{whole}\n[travel]\ncutoff_min = 1{'0' * 400}")
    assert told.startswith("travel.cutoff_min must be a number, but is 1000")


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:29903", "EPSG:32630", "EPSG:3035"])
def test_a_grid_that_keeps_lengths_is_taken(load, crs: str):
    assert load(study={"crs": crs}).study.crs == crs


def test_a_grid_of_elsewhere_is_refused(faults):
    (told,) = faults(study={"crs": "EPSG:31983"})
    assert told.startswith("study.crs must keep lengths in the United Kingdom")


def test_a_file_that_is_not_there_is_met_with_one_of_a_like_name(faults):
    assert faults(deprivation={"file": "imd.cvs"}, population={"file": "nowhere/p.csv"}) == [
        "deprivation.file: there is no file imd.cvs; did you mean 'imd.csv'?",
        "population.file: there is no file nowhere/p.csv",
    ]


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "imd.csv/inside", "imd.csv\n"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(faults, name: str):
    (told,) = faults(deprivation={"file": name})
    assert told.startswith("deprivation.file: there is no file ")


def test_a_variable_without_a_value_is_told_by_its_name(faults):
    assert faults(deprivation={"file": "${NOWHERE}/imd.csv"}) == [
        "deprivation.file: there is no file ${NOWHERE}/imd.csv"
    ]


def test_streets_and_provision_come_from_one_place_each(faults):
    assert faults(streets={"file": None}) == ["[streets] needs either 'file' or 'place'"]
    assert faults(streets={"place": "Village"}) == ["[streets] needs either 'file' or 'place'"]
    assert faults(provision={"file": None}) == ["[provision] needs either 'file' or 'osm'"]
    assert faults(
        streets={"file": None, "place": "Village"},
        provision={"file": None, "osm": {"amenity": ["library"]}},
    ) == ["provision.osm picks from an extract, so [streets] needs 'file'"]


def test_an_indicator_is_a_section_of_its_own(load, place: Path):
    (place / "takeup.csv").touch()
    found = load(
        indicators={"take_up": {"file": "takeup.csv", "title": "Not placed", "count": "n"}},
        hotspots={"of": ["take_up", "minutes"], "weights": "minutes:15"},
    )
    assert found.indicators["take_up"].worse == "high"
    assert found.files["indicators.take_up.file"].name == "takeup.csv"
    assert found.settings["indicators.take_up"]["file"] == "takeup.csv"
    assert found.hotspots.also == ("knn:8", "minutes:15")


def test_an_indicator_holds_values_or_counts_and_has_a_plain_name(faults, place: Path):
    (place / "takeup.csv").touch()
    whole = {"file": "takeup.csv", "title": "Not placed"}
    assert faults(indicators={"a": whole}) == ["[indicators.a] needs either 'value' or 'count'"]
    assert faults(indicators={"a": {**whole, "value": "v", "population": "p"}}) == [
        "[indicators.a] has 'population', so it needs 'count', not 'value'"
    ]
    assert faults(indicators={"a": {**whole, "value": "v", "worse": "up"}}) == [
        "indicators.a.worse must be 'high' or 'low', but is 'up'"
    ]
    (named,) = faults(indicators={"minutes": {**whole, "value": "v"}})
    assert "[indicators.minutes]" in named
    assert faults(indicators={"a": 3}) == [
        "each indicator must be a section, such as [indicators.take_up]"
    ]


def test_hotspots_are_asked_of_figures_and_neighbours_that_there_are(faults):
    asked = {
        "of": ["minute"], "statistic": "gi", "correction": "none", "weights": "knn",
        "permutations": 9,
    }  # fmt: skip
    assert faults(hotspots=asked) == [
        "hotspots.of: there is no figure 'minute'; did you mean 'minutes'?",
        "hotspots.statistic must be 'gi_star' or 'local_moran', not 'gi'",
        "hotspots.correction must be 'benjamini_hochberg' or 'benjamini_yekutieli', not 'none'",
        (
            "[hotspots] weights must be queen, rook, knn:8, band:2000 (metres) or minutes:15, "
            "not 'knn'"
        ),
        "hotspots.permutations must be from 99 to 9,999,999, but is 9",
    ]


def test_every_fault_of_every_kind_is_told_at_once(faults):
    assert faults(
        study={"title": 3, "crs": "EPSG:4326"},
        deprivation={"file": "imd.cvs"},
        population={"ages": [9, 2]},
        travel={"mode": "fly", "cutoff_min": "soon"},
        underserved={"deciles": [0]},
        extra={"x": 1},
    ) == [
        (
            "there is no section [extra]; there are: study, boundaries, deprivation, population, "
            "streets, provision, postcodes, candidates, travel, underserved, hotspots, indicators, "
            "supply"
        ),
        "study.title must be text in quotes, but is 3",
        "deprivation.file: there is no file imd.cvs; did you mean 'imd.csv'?",
        "travel.cutoff_min must be a number, but is 'soon'",
        "underserved.deciles must be from 1 to 10, but are [0]",
        "population.ages must be the youngest and the oldest age, but are [9, 2]",
    ]


# ------------------------------------------------------- whatever a file may hold

ANYTHING = st.recursive(
    st.none().map(lambda _: False)
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["all", "id", "x", "amenity"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = sorted({key for kind in study.SECTIONS.values() for key in kind.__dataclass_fields__})
SECTION = st.dictionaries(st.sampled_from([*KEYS, "other"]), ANYTHING, max_size=4)
CHANGES = st.dictionaries(
    st.sampled_from([*study.SECTIONS, "indicators", "supply", "extra"]),
    SECTION | ANYTHING,
    max_size=5,
)


def toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_value(of)}" for key, of in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES, merged=st.booleans())
def test_whatever_a_study_holds_it_is_read_or_refused_in_sentences(
    place: Path, changes: dict[str, Any], merged: bool
):
    document: dict[str, Any] = tomllib.loads((place / "study.toml").read_text()) if merged else {}
    for name, of in changes.items():
        known = document.get(name)
        document[name] = {**known, **of} if known and isinstance(of, dict) else of
    path = place / "drawn.toml"
    text = "\n".join(f"{name} = {toml_value(of)}" for name, of in document.items())
    path.write_text(text, encoding="utf-8")
    try:
        found = study.load(path)
    except StudyError as error:
        told = error.args[0].split(f"{path}: ")
    else:
        told = ["", *found.files]
    assert told[0] == ""
    assert len(told) > 1
