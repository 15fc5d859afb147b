"""Settings come from the code or the environment, and from nowhere unseen."""

from dataclasses import fields

import pytest

from geoengine.errors import GeoEngineError
from webmap.settings import Settings


def test_the_environment_overrides_a_default_and_leaves_the_others():
    settings = Settings.from_environment({"WEBMAP_TABLE_ROWS": "50", "PATH": "/bin"})
    assert settings == Settings(table_rows=50)


def test_unknown_names_and_values_are_refused_all_at_once():
    with pytest.raises(GeoEngineError) as refused:
        Settings.from_environment({"WEBMAP_THREADS": "many", "WEBMAP_COLOUR": "red"})
    assert str(refused.value) == (
        "there is no setting WEBMAP_COLOUR; there are WEBMAP_THREADS, WEBMAP_TABLE_ROWS, "
        "WEBMAP_COMPRESS_FROM_BYTES, WEBMAP_KEEP_FILES_S\n"
        "WEBMAP_THREADS must be a whole number, but is 'many'"
    )


def test_nothing_is_set_to_nothing():
    with pytest.raises(GeoEngineError, match="threads must be at least 1, but is 0"):
        Settings(threads=0)


def test_every_setting_is_described():
    for field in fields(Settings):
        assert f"\n    {field.name}\n" in Settings.__doc__
