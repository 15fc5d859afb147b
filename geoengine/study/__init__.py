"""A study file: what is asked, of which files; checked in one go."""

from geoengine.study.reading import load
from geoengine.study.sections import SECTIONS, Indicator, Study

__all__ = ["SECTIONS", "Indicator", "Study", "load"]
