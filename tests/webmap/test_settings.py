"""Settings come from the code or the environment, and from nowhere unseen."""

from dataclasses import fields

import pytest

from geoengine.errors import GeoEngineError
from webmap.settings import Settings


def test_the_environment_overrides_a_default_and_leaves_the_others():
    settings = Settings.from_environment(
        {"WEBMAP_TABLE_ROWS": "50", "WEBMAP_FRAMED_BY": "'self'", "PATH": "/bin"}
    )
    assert settings == Settings(table_rows=50, framed_by="'self'")


def test_unknown_names_and_values_are_refused_all_at_once():
    with pytest.raises(GeoEngineError) as refused:
        Settings.from_environment({"WEBMAP_THREADS": "many", "WEBMAP_COLOUR": "red"})
    known = ", ".join(f"WEBMAP_{field.name.upper()}" for field in fields(Settings))
    assert str(refused.value) == (
        f"there is no setting WEBMAP_COLOUR; there are {known}\n"
        "WEBMAP_THREADS must be a whole number, but is 'many'"
    )


def test_nothing_is_set_to_nothing():
    with pytest.raises(GeoEngineError, match="threads must be at least 1, but is 0"):
        Settings(threads=0)


@pytest.mark.parametrize(
    "given",
    ["", "*", "none", "'none'; script-src *", "https://a.uk; script-src *", "https://a.uk\nX: y"],
)
def test_no_header_can_be_made_from_who_may_frame_the_pages(given):
    with pytest.raises(GeoEngineError, match="framed_by must be 'none', 'self' or addresses"):
        Settings(framed_by=given)


def test_the_pages_are_open_to_everyone_or_to_accounts_that_there_can_be():
    with pytest.raises(GeoEngineError, match="open_to must be everyone or accounts, but is staff"):
        Settings(open_to="staff")
    with pytest.raises(GeoEngineError, match="without a write_folder there are none"):
        Settings(open_to="accounts")


def test_every_setting_is_described():
    for field in fields(Settings):
        assert f"\n    {field.name}\n" in Settings.__doc__
