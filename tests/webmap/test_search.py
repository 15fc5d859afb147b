"""What people type finds what the results call so, nearly so, and nothing else."""

import json
import random

import pytest

from webmap.places import search
from webmap.places.search import Named, Names
from webmap.results import Results

EVERY = 10**6


@pytest.fixture
def run(folder):
    return Results(folder).current()


def found(run, text, each=EVERY):
    return [(hit.kind, hit.name) for hit in search.find(run, text, each).hits]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("keld", ("place", "Keld")),
        ("SALTMARSH", ("place", "Saltmarsh")),
        ("xw1 1aa", ("postcode", "XW1 1AA")),
        ("XW11AA", ("postcode", "XW1 1AA")),
        ("old quay ward", ("ward", "Old Quay ward")),
        ("e01990007", ("area", "Castle Hill")),
        ("hill castle", ("area", "Castle Hill")),
        ("nursery 3", ("setting", "Nursery 3")),
        ("n3", ("setting", "Nursery 3")),
        ("childminder 2", ("setting", "Childminder 2")),
    ],
)
def test_every_kind_is_found_by_name_or_code(run, text, hit):
    assert found(run, text)[0] == hit


def test_what_begins_so_comes_before_what_only_has_such_a_word(run):
    assert found(run, "keld") == [
        ("place", "Keld"), ("area", "Keld Green"), ("area", "Upper Keld")
    ]  # fmt: skip


def test_half_a_postcode_finds_those_that_begin_so_wherever_its_space_is(run):
    every = [("postcode", f"XW1 1A{letter}") for letter in "ABDE"]
    for text in ("XW1", "xw11", "xw1 1", "XW1 1A"):
        assert [hit for hit in found(run, text) if hit[0] == "postcode"] == every
    assert found(run, "XW1 1AZ") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wexhome", "Wexholme"),
        ("wexholmme", "Wexholme"),
        ("wexhulme", "Wexholme"),
        ("wexhlome", "Wexholme"),
        ("wexhul", "Wexholme"),
        ("long akre", "Long Acre"),
    ],
)
def test_one_letter_may_be_wrong(run, text, name):
    told = search.find(run, text, EVERY)
    assert [hit.name for hit in told.hits] == [name]
    assert told.guessed


@pytest.mark.parametrize("text", ["wxhlme", "E01990077", "XW1 1AX", "peir8", "kex", "k", "", "?"])
def test_more_than_one_letter_a_code_or_a_short_word_may_not(run, text):
    assert found(run, text) == []


def test_accents_apostrophes_signs_and_case_make_no_difference():
    every = [
        Named("setting", str(at), name)
        for at, name in enumerate(["Ysgol y Gât", "O’Hara’s", "Salt & Pepper", "ŴY-FOR"])
    ]
    names = Names(every)
    for text, name in (
        ("gat", "Ysgol y Gât"),
        ("GÂT", "Ysgol y Gât"),
        ("o'haras", "O’Hara’s"),
        ("salt and pepper", "Salt & Pepper"),
        ("wy for", "ŴY-FOR"),
    ):
        assert [hit.name for hit in names.find([search.folded(text).split()], 9).hits] == [name]


def apart(a, b):
    """The edits between two words, of which a swap of two letters beside each other is one."""
    rows = [[at + there for there in range(len(b) + 1)] for at in range(len(a) + 1)]
    for at in range(1, len(a) + 1):
        for there in range(1, len(b) + 1):
            unlike = a[at - 1] != b[there - 1]
            rows[at][there] = min(
                rows[at - 1][there] + 1, rows[at][there - 1] + 1, rows[at - 1][there - 1] + unlike
            )
            if at > 1 < there and a[at - 2 : at] == b[there - 2 : there][::-1]:
                rows[at][there] = min(rows[at][there], rows[at - 2][there - 2] + 1)
    return rows[-1][-1]


def has(name, words):
    return all(any(each.startswith(word) for each in name.split()) for word in words)


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_what_comparing_every_name_finds(seed):
    rng = random.Random(seed)

    def word():
        return "".join(rng.choice("abc") for _ in range(rng.randint(3, 6)))

    texts = sorted({" ".join(word() for _ in range(rng.randint(1, 3))) for _ in range(60)})
    names = Names([Named("place", text, text) for text in texts])
    vocabulary = {each for text in texts for each in text.split()}
    guessed = 0
    for _ in range(300):
        asked = [word()[: rng.randint(2, 6)] for _ in range(rng.randint(1, 2))]
        plain = names.find([asked], EVERY)
        start = " ".join(asked)
        first = [text for text in texts if text.startswith(start)]
        rest = [text for text in texts if has(text, asked) and text not in first]
        assert [hit.name for hit in plain.hits] == first + rest
        assert plain.exact == len(first)
        if plain.hits or len(asked) > 1:
            continue
        near = [
            text
            for text in texts
            if len(asked[0]) >= 4
            and any(
                apart(asked[0], each[:end]) == 1
                and (each[:end] != asked[0][:-1] or each[:end] in vocabulary)
                for each in text.split()
                for end in range(1, len(each) + 1)
            )
        ]
        hits = [hit.name for hit in names.find(list(names.guesses(asked)), EVERY).hits]
        assert sorted(hits) == near
        guessed += bool(near)
    assert guessed > 20


def test_what_is_left_out_is_counted(run):
    told = search.find(run, "nursery", 3)
    assert [hit.name for hit in told.hits] == ["Nursery 0", "Nursery 1", "Nursery 2"]
    assert told.more == {"setting": 5}
    assert search.find(run, "xw1", 1).more["postcode"] == 3


def test_middle_layer_areas_are_known_by_the_names_of_their_areas():
    names = ["Saltmarsh 001A", "Saltmarsh 001B", "Saltmarsh 002A", "Dry Hill"]

    class Run:
        layers = ()

        def table(self, _):
            return {"ids": ["E1", "E2", "E3", "E4"], "columns": {"name": names}}

        def read(self, _):
            return {"features": []}

        def optional(self, _):
            return None

        def keep(self, _, make):
            return make()

    hits = search.find(Run(), "saltmarsh 001", EVERY).hits
    assert [(hit.kind, hit.name, hit.areas) for hit in hits] == [
        ("msoa", "Saltmarsh 001", ("E1", "E2")),
        ("area", "Saltmarsh 001A", ("E1",)),
        ("area", "Saltmarsh 001B", ("E2",)),
    ]


def test_places_of_one_name_are_told_apart(folder):
    run = Results(folder).current()
    held = run.read("basemap.json")["features"]
    held.append({**held[-2], "properties": {"kind": "village", "name": "Keld"}})
    hits = [hit for hit in search.find(run, "keld", EVERY).hits if hit.kind == "place"]
    assert [hit.key for hit in hits] == ["Keld", "Keld~2"]
    assert search.named(run, "place", "Keld~2").spot == hits[1].spot


def test_a_key_finds_the_one_thing_it_names(client):
    def named(key):
        return [
            hit["name"]
            for hit in client.get("/api/search", query_string={"find": key}).json["hits"]
        ]

    assert named("place.Keld") == ["Keld"]
    assert named("postcode.XW11AA") == ["XW1 1AA"]
    for key in ("place.Nowhere", "postcode.XW11A", "postcode.XW11AZ", "postcode.", "x", "."):
        assert named(key) == []


def test_the_list_tells_what_each_is_and_how_the_map_shows_it(client):
    def first(text, language="en"):
        answer = client.get("/api/search", query_string={"q": text, "words": language})
        return answer.json["hits"][0]

    keld = first("keld")
    assert (keld["kind"], keld["note"], keld["show"]) == (
        "Place",
        "village",
        {"find": "place.Keld"},
    )
    assert first("keld", "cy")["note"] == "pentref"
    assert first("keld", "cy")["href"] == "/cy/map?find=place.Keld"
    postcode = first("xw11aa")
    assert postcode["href"] == "/postcode/XW11AA"
    assert postcode["show"] == {
        "layer": "underserved", "selected": "E01990000", "find": "postcode.XW11AA"
    }  # fmt: skip
    assert first("xw11ae")["note"] == "no longer in use"
    area = first("castle hill")
    assert (area["note"], area["href"]) == ("Saltergate ward, E01990007", "/area/E01990007")
    ward = first("old quay ward")
    assert ward["show"]["sel"].count(",") == 5
    assert ward["note"] == "6 areas"
    assert first("childminder 1")["note"] == "not on the map"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("castle", "en", "1 found."),
        ("nursery", "en", "The first 5 of 8 found; type more to narrow them."),
        ("wexhome", "en", "Nothing here is called “wexhome”. Nearly so: 1 found."),
        ("wexhome", "cy", "Nid oes dim yma o’r enw “wexhome”. Bron â bod: Canfuwyd 1."),
        ("zzz", "", "Nothing here is called “zzz”. Names of places, nurseries, "),
        ("zzz", "de", "Nothing here is called “zzz”."),
        ("z", "cy", "Teipiwch o leiaf ddwy lythyren"),
    ],
)
def test_how_much_was_found_is_said_in_the_language_asked_for(client, text, language, said):
    answer = client.get("/api/search", query_string={"q": text, "words": language})
    assert answer.json["said"].startswith(said)


def test_a_search_that_is_too_long_is_refused(client):
    answer = client.get("/api/search", query_string={"q": "x" * 61})
    assert (answer.status_code, answer.json["detail"]) == (
        400, "A search may be 60 characters long."
    )  # fmt: skip


def test_the_page_of_links_leads_to_every_kind(client):
    page = client.get("/search?q=keld").text
    assert 'href="/map?find=place.Keld"' in page
    assert 'href="/area/E01990026"' in page
    assert 'href="/map?layer=underserved&amp;selected=E01990026"' in page
    assert 'href="/postcode/XW11AA"' in client.get("/search?q=xw1+1aa").text
    assert 'href="/table?layer=underserved&amp;sel=E01990000,' in client.get(
        "/search?q=old+quay+ward"
    ).text  # fmt: skip
    assert "Nid oes dim yma o’r enw" in client.get("/cy/search?q=zzz").text


def test_every_page_has_the_box_and_keeps_it_out_of_errors_without_results(client):
    for path in ("/", "/map", "/table", "/plan", "/method", "/search?q=x", "/nowhere"):
        assert client.get(path).text.count('role="search"') == 1, path


def test_names_that_could_do_harm_are_text(client, invented_results, tmp_path):
    from webmap import create_app

    name = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    invented_results.write_results(tmp_path / "harm", rename=lambda old: old + name)
    asker = create_app(tmp_path / "harm").test_client()
    page = asker.get("/search", query_string={"q": "castle"}).text
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    answer = asker.get("/api/search", query_string={"q": "castle"})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.data)["hits"][0]["name"] == "Castle Hill" + name
    echoed = client.get("/search", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in echoed


@pytest.mark.parametrize("text", ["abcdefghi " * 6, "q" * 60, "ab" * 30, "é" * 60, "\u202e💩" * 20])
def test_what_nobody_would_type_finds_nothing(run, text):
    assert found(run, text) == []
