"""The interface is as it describes itself, and no question brings it down."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_question_is_answered_as_the_description_says(api_app, mode):
    """Questions as described, then ones that break the description, to every address."""
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", api_app)
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.query:
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
            nonlocal asked
            asked += 1
            answer = question.call(headers={"Accept-Encoding": "identity"})
            question.validate_response(answer, checks=CHECKS)

        ask()
    assert asked > 15 * EXAMPLES / 2


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
    assert "integer, 1 to 10000; usually 1000" in page
