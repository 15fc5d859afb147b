"""GeoEngine: accessibility, hotspots and siting for public services."""

__version__ = "0.1.0"
