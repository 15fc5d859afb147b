"""Every word of the pages comes from a catalogue, and the catalogues say the same things."""

import json
import re
from html.parser import HTMLParser

import pytest
from fluent.syntax import ast
from fluent.syntax import parse as parse_fluent
from fluent.syntax.visitor import Visitor
from markupsafe import escape

from webmap import create_app
from webmap.api.told import Told
from webmap.results import Results
from webmap.text import finding, language, words

ENGLISH, WELSH = language.languages()
PATHS = (
    "/", "/map", "/map?selected=E01990000", "/table", "/table?layer=provision",
    "/table?layer=cells",
    "/table?layer=streets&only=none", "/area/E01990000", "/area/E01990001", "/postcode",
    "/postcode?postcode=", "/postcode?postcode=x", "/postcode/XW11AA", "/postcode/XW11AB",
    "/postcode/XW11AD", "/postcode/XW11AE", "/postcode/XW99ZZ", "/method", "/data",
    "/accessibility-statement", "/nowhere", "/area/nowhere", "/map?layer=nowhere",
    "/search", "/search?q=keld", "/search?q=wexhome", "/search?q=zzz", "/search?q=nursery",
    "/table?sel=E01990000,E01990024,X", "/table?sel=many-9",
    "/api/?f=html", "/api/conformance?f=html", "/api/collections?f=html",
    "/api/collections/underserved?f=html",
)  # fmt: skip
# Words that no Welsh sentence has.
TELLING = re.compile(
    r"\b(the|of|and|are|with|from|this|is|to|for|not|which|who|live|show|map of|nearest|places|"
    r"areas|children|minutes|walk|within|unknown|none|yes)\b",
    re.IGNORECASE,
)


class Places(Visitor):
    """Gathers the variables and the messages that a message names."""

    def __init__(self):
        self.found = set()

    def visit_VariableReference(self, node):
        self.found.add(f"${node.id.name}")

    def visit_MessageReference(self, node):
        self.found.add(node.id.name)


def catalogue(code):
    found = {}
    for path in sorted((language.FOLDER / code).glob("*.ftl")):
        for entry in parse_fluent(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), (path, entry.content)
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} is there twice"
                places = Places()
                places.visit(entry)
                found[entry.id.name] = (path.name, {each.lower() for each in places.found})
    return found


def test_both_catalogues_have_the_same_messages_in_the_same_files():
    english, welsh = catalogue("en"), catalogue("cy")
    assert sorted(english) == sorted(welsh)
    for key, (file, _) in english.items():
        assert welsh[key][0] == file, key


def test_a_message_has_the_same_places_in_both_languages():
    english, welsh = catalogue("en"), catalogue("cy")
    choosers = {"$minutes", "$count", "$deprived", "$sure", "$areas", "$unplaced", "$place"}
    for key, (_, places) in english.items():
        assert welsh[key][1] - places <= choosers | {"$people", "$journey", "limit"}, key
        assert places - welsh[key][1] <= {"$service", "$people", "limit", "$more", "$fewer"}, key


def test_a_message_that_is_not_there_or_lacks_a_value_is_refused():
    with pytest.raises(LookupError, match="no message 'nothing-of-the-kind'"):
        ENGLISH.say("nothing-of-the-kind")
    with pytest.raises(LookupError, match=r"message 'page-of'.*pages"):
        ENGLISH.say("page-of", page=1)


def test_welsh_counts_in_its_own_forms():
    values = {"cutoff": "2", "journey": "cerdded"}
    assert WELSH.say("limit", minutes=2.0, **values) == "2 funud ar droed"
    assert WELSH.say("limit", minutes=15.0, **values | {"cutoff": "15"}) == "15 munud ar droed"
    assert ENGLISH.say("limit", minutes=1.0, cutoff="1", journey="walk") == "1 minute’s walk"


class Texts(HTMLParser):
    """
    Gathers what a page says in its own language, attributes that are read out among it.

    What lies within an element of another language is that language's.
    """

    VOID = frozenset({"meta", "link", "input", "rect", "path", "line", "circle", "br"})

    def __init__(self):
        super().__init__()
        self.open = []
        self.texts, self.foreign = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in self.VOID:
            self.open.append((tag, given.get("lang", "").startswith("en")))
        for name in ("aria-label", "title", "placeholder", "alt"):
            if given.get(name) and not self.within_english():
                self.texts.append(given[name])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if any(tag in ("script", "style", "code") for tag, _ in self.open) or not text.strip():
            return
        (self.foreign if self.within_english() else self.texts).append(text.strip())

    def within_english(self):
        return any(english for _, english in self.open)


def given(folder):
    """What the study and its data say: their own words, in whatever language."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    said = {summary["title"], summary["place"]}
    for path in (folder / summary["folder"]).glob("*.json"):
        held = json.loads(path.read_text(encoding="utf-8"))
        if path.name.endswith(".values.json"):
            columns = [*held["columns"].values(), held["ids"]]
            said |= {value for column in columns for value in column if isinstance(value, str)}
        if path.name == "layers.json":
            said |= {entry["title"] for entry in held}
        if path.name == "basemap.json":
            said |= {feature["properties"].get("name") or "" for feature in held["features"]}
    return said


def english_in(client, folder, path):
    """Texts of a page in Welsh that hold English words which neither study nor data gave."""
    page = client.get(f"/cy{path}").text
    assert '<html lang="cy">' in page
    read = Texts()
    read.feed(page)
    assert len(read.texts) > 5
    known = [name for name in sorted(given(folder), key=len, reverse=True) if len(name) > 2]
    found = []
    for text in read.texts:
        rest = text.replace("GeoEngine", "").replace("OpenStreetMap", "")
        for name in known:
            rest = rest.replace(name, " ")
        if TELLING.search(rest):
            found.append(text)
    return found


@pytest.mark.parametrize("path", PATHS)
def test_no_page_in_welsh_says_an_english_word_of_ours(folder, client, path):
    assert english_in(client, folder, path) == []


INTERFACE = (
    *("/api/openapi.html", "/api/collections/underserved/queryables?f=html"),
    *("/api/collections/underserved/items?f=html&limit=2", "/api/collections/cells?f=html"),
    "/api/collections/cells/items?f=html&limit=2&offset=1",
)


@pytest.mark.parametrize("path", INTERFACE)
def test_the_open_interface_is_told_in_welsh(village_results, path):
    client = create_app(village_results).test_client()
    summary = Results(village_results).current().folder.parent
    assert english_in(client, summary, path) == []
    assert f'href="/cy{path.partition("?")[0]}' in client.get(f"/cy{path}").text


def said_of(document):
    """Every text of a document that people read: titles, summaries and descriptions."""
    if isinstance(document, list):
        return set().union(*map(said_of, document))
    if not isinstance(document, dict):
        return set()
    parts = ("title", "summary", "description")
    own = {each for part in parts if isinstance(each := document.get(part), str)}
    return own.union(*map(said_of, document.values()))


def test_the_catalogue_knows_all_that_the_interface_says_of_itself(village_results):
    run = Results(village_results).current()
    client = create_app(village_results).test_client()
    paths = client.get("/api/openapi.json").get_json()["paths"]
    for question in (each for methods in paths.values() for each in methods.values()):
        question.pop("responses")
        question.pop("requestBody", None)
    asked = ["", "conformance", "collections"]
    asked += [f"collections/{entry['layer_id']}" for entry in run.layers]
    links = [client.get(f"/api/{path}").get_json()["links"] for path in asked]
    titles = {str(entry["title"]) for entry in run.layers}
    said = set().union(*map(said_of, [paths, *links])) - titles
    for title in sorted(titles, key=len, reverse=True):
        said = {each.removeprefix(f"{title}: ") for each in said}
    told = Told(run, WELSH)
    unknown = {each for each in said if "<span" in escape(told(each))}
    assert unknown == {"GeoJSON", "GeoPackage", "CSV", "Excel", "GeoParquet", "FlatGeobuf"}
    assert len(said) > 60


def test_a_message_of_the_interface_is_named_by_what_it_says_in_english():
    keys = [key for key in catalogue("en") if key.startswith("api-says-")]
    for key in keys:
        slug = re.sub(r"[^a-z0-9]+", "-", ENGLISH.say(key).lower()).strip("-")
        assert key == f"api-says-{slug}"
    assert len(keys) > 50


def test_every_layer_of_the_engine_is_told_in_welsh(village_results):
    run = Results(village_results).current()
    client = create_app(village_results).test_client()
    for entry in run.layers:
        if entry["layer_id"] in CORE:
            path = f"/table?layer={entry['layer_id']}"
            assert english_in(client, village_results, path) == [], path


@pytest.mark.parametrize("path", PATHS)
def test_each_page_leads_to_itself_in_the_other_language(client, path):
    there = client.get(path).text
    other = f"/cy{path}".replace("&", "&amp;")
    assert f'<a href="{other}" lang="cy" hreflang="cy"' in there
    back = client.get(f"/cy{path}").text
    assert f'<a href="{path}" lang="en-GB"'.replace("&", "&amp;") in back


CORE = (
    "underserved", "areas", "provision", "unplaced", "cells", "streets", "catchments", "isochrones",
    "gains", "need_access",
)  # fmt: skip


def test_the_catalogue_knows_every_word_of_the_engines_own_layers(village_results):
    run = Results(village_results).current()
    told = {entry["layer_id"]: entry for entry in words.layers(run, WELSH)}
    assert set(CORE) <= set(told)
    for layer in CORE:
        entry = told[layer]
        said = [entry["title"], entry["question"], entry["unit"]]
        said += [line["label"] for line in entry["classes"]]
        said += [column["heading"] for column in entry["columns"]]
        said += [column["short"] for column in entry["columns"]]
        said += [text for column in entry["columns"] for text in column["words"].values()]
        assert [text for text in said if isinstance(text, words.English)] == [], layer


def test_in_english_the_engine_is_told_in_its_own_words(village_results):
    run = Results(village_results).current()
    for entry, worded in zip(run.layers, words.layers(run, ENGLISH), strict=True):
        assert (worded["title"], worded["question"]) == (entry["title"], entry["question"])


def test_the_headline_and_figures_are_the_engines_own(village_results):
    run = Results(village_results).current()
    assert finding.headline(ENGLISH, run) == run.summary["headline"]
    told = [
        (figure["title"], f"{figure['value']:,}", figure["sentence"])
        for figure in run.summary["figures"]
    ]
    made = finding.figures(ENGLISH, run)
    assert [(figure.title, figure.value, figure.sentence) for figure in made] == told
