"""What stays on disk: results and kept steps, written whole or not at all."""

from geoengine.store.cache import Cache
from geoengine.store.files import write_json
from geoengine.store.results import Draft, Results, open_results, refuse_unwritable, writing

__all__ = [
    "Cache", "Draft", "Results", "open_results", "refuse_unwritable", "write_json", "writing",
]  # fmt: skip
