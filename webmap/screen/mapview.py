"""The map's frame, made by folium: which libraries the page loads, and what there is to draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import folium
from branca.element import Figure
from folium.map import Layer
from folium.template import Template

LEAFLET = "vendor/leaflet-1.9.4"


@dataclass(frozen=True)
class Frame:
    """
    The parts of the page that come from folium.

    Parameters
    ----------
    head
        Links to the libraries' scripts and styles.
    body
        The map's container, which carries its description as JSON.
    """

    head: str
    body: str


class SharedLayer(Layer):
    """
    A layer that the page fetches from its own address and draws itself.

    folium's own layers write their features into the page as a script; this one only adds a
    description to the map's.

    Parameters
    ----------
    description
        What the page needs to fetch and draw the layer, as plain values.
    """

    _template = Template("")

    def __init__(self, description: Mapping[str, Any]) -> None:
        super().__init__(name=str(description["title"]), overlay=False, show=False)
        self._name = "SharedLayer"
        self._id = str(description["layer_id"])
        self.description = description


class ShellMap(folium.Map):
    """
    A folium map that runs no script in the page: its container carries the map's description.

    Parameters
    ----------
    name
        Makes the container's id, so that a page is the same each time it is made.
    label
        What the map is called to those who can't see it.
    scripts, styles
        Addresses of what the page loads for the map, by name.
    facts
        What goes into the description beside the layers.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}
        <div class="map" id="{{ this.get_name() }}" role="region" tabindex="0"
             aria-label="{{ this.attribute(this.label) }}" aria-describedby="map-help"
             data-config="{{ this.attribute(this.config()|tojson) }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}{% endmacro %}
        """
    )

    def __init__(
        self,
        *,
        name: str,
        label: str,
        scripts: Mapping[str, str],
        styles: Mapping[str, str],
        facts: Mapping[str, Any],
    ) -> None:
        # Without tiles=None folium would have the page ask openstreetmap.org for a base map.
        super().__init__(tiles=None, zoom_control=False, minZoom=7, maxZoom=18)
        self._id = name
        self.label = label
        self.facts = facts
        # On the instance: folium keeps these lists on its class, shared by every map.
        self.default_js = list(scripts.items())
        self.default_css = list(styles.items())

    def config(self) -> dict[str, Any]:
        """Return the map's description for the page."""
        limits = {"min_zoom": self.options["minZoom"], "max_zoom": self.options["maxZoom"]}
        layers = [
            child.description for child in self._children.values() if isinstance(child, SharedLayer)
        ]
        return {**self.facts, **limits, "layers": layers}

    @staticmethod
    def attribute(text: str) -> str:
        """
        Return text as the value of an attribute.

        Braces are escaped too: folium reads what a macro returns as a template once more, so that
        a nursery called `{{ 7 * 7 }}` would be worked out.
        """
        return escape(str(text), quote=True).replace("{", "&#123;")


def frame(
    *,
    name: str,
    label: str,
    asset: Mapping[str, str],
    facts: Mapping[str, Any],
    layers: Sequence[Mapping[str, Any]],
) -> Frame:
    """
    Have folium make the map's part of the page.

    Parameters
    ----------
    name, label, facts
        As of `ShellMap`.
    asset
        Addresses of the vendored Leaflet: `leaflet.js` and `leaflet.css`.
    layers
        Descriptions of the layers, in the order to be offered.
    """
    shell = ShellMap(
        name=name,
        label=label,
        scripts={"leaflet": asset["leaflet.js"]},
        styles={"leaflet_css": asset["leaflet.css"]},
        facts=facts,
    )
    for description in layers:
        SharedLayer(description).add_to(shell)
    root = shell.get_root()
    assert isinstance(root, Figure)
    root.render()
    return Frame(head=root.header.render(), body=root.html.render())
