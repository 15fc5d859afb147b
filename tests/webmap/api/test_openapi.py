"""The interface is as it describes itself, and no question brings it down."""

import json
import re
import time

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from webmap import Settings, create_app
from webmap.api import questions

EXAMPLES = 12
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


MODES = pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)


def asked_of(app, mode, wanted):
    """Ask what the description offers, as described or against it; yield every answer."""
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    answers = []
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.path not in wanted or (
            mode is GenerationMode.NEGATIVE and not (operation.query or operation.body)
        ):
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(question=operation.as_strategy(generation_mode=mode))
        def ask(question):
            answer = question.call(headers={"Accept-Encoding": "identity"})
            question.validate_response(answer, checks=CHECKS)
            answers.append(answer)

        ask()
    return answers


@MODES
def test_every_question_about_layers_is_answered_as_the_description_says(api_app, mode):
    """Questions as described, then ones that break the description, to every address."""
    paths = api_app.test_client().get("/api/openapi.json").get_json()["paths"]
    answers = asked_of(api_app, mode, set(paths) - set(questions.paths()))
    assert len(answers) > 15 * EXAMPLES / 2
    assert [answer.text for answer in answers if answer.status_code >= 500] == []


@pytest.fixture(scope="module")
def ready(village_results):
    """An app whose streets and plans are in memory."""
    app = create_app(village_results, Settings(heavy_per_min=100_000))
    client = app.test_client()
    while not client.get("/api/whatif/ready").get_json()["ready"]:
        time.sleep(0.05)
    return app


@MODES
def test_every_other_question_is_answered_as_the_description_says(ready, mode):
    """That others search already is the one thing that the server may be sorry for."""
    answers = asked_of(ready, mode, set(questions.paths()))
    assert len(answers) > len(questions.QUESTIONS)
    sorry = [answer for answer in answers if answer.status_code >= 500]
    assert [answer.text for answer in sorry if "Other searches" not in answer.text] == []
    assert all("retry-after" in map(str.lower, answer.headers) for answer in sorry)


def test_the_description_leaves_out_no_question(api_app):
    described = api_app.test_client().get("/api/openapi.json").get_json()["paths"]
    known = {re.sub(r"{\w+}", "{}", path): set(methods) for path, methods in described.items()}
    for rule in api_app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "{}", rule.rule.removeprefix("/api"))
        of_layers = rule.endpoint in ("en.api.items", "en.api.item", "en.api.openapi")
        if rule.rule.startswith("/api/") and not of_layers:
            assert rule.methods - {"HEAD", "OPTIONS"} <= {
                method.upper() for method in known.get(path, ())
            }, rule


def test_the_description_names_every_layer_with_its_columns(api):
    described = api.get("/api/openapi.json")
    assert described.content_type == "application/vnd.oai.openapi+json;version=3.0"
    said = json.loads(described.data)
    assert said["openapi"].startswith("3.0.")
    items = said["paths"]["/collections/cells/items"]["get"]["parameters"]
    by_name = {each["name"]: each for each in items}
    assert {"minutes_mean", "state", "bbox", "filter"} <= set(by_name)
    assert by_name["limit"]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 10_000, "default": 1_000,
    }  # fmt: skip


def test_people_can_read_the_description(api):
    page = api.get("/api/openapi.html").text
    assert "<code>GET http://localhost/api/collections/cells/items</code>" in page
    assert "<code>integer</code>, 1 to 10000; usually 1000" in page
