"""What the web map answers, by address."""

from webmap.routes.about import about
from webmap.routes.answer import answer
from webmap.routes.api import api
from webmap.routes.areas import areas
from webmap.routes.explore import explore
from webmap.routes.files import files
from webmap.routes.layers import layers
from webmap.routes.plan import plan
from webmap.routes.postcodes import postcodes
from webmap.routes.reach import reach
from webmap.routes.search import finder, searching
from webmap.routes.select import select
from webmap.routes.suggest import suggest
from webmap.routes.tables import tables
from webmap.routes.terms import terms
from webmap.routes.views import views
from webmap.routes.whatif import whatif

PAGES = (
    answer, explore, tables, terms, files, areas, plan, suggest, postcodes, searching, views, about,
    api,
)  # fmt: skip
"""Pages, the open interface too: each is answered in every language, under its prefix."""

DATA = (layers, reach, select, finder, whatif)
"""What scripts and programs fetch: the same in every language."""
