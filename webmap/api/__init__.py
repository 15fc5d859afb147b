"""
The open interface: layers as OGC API Features and as vector tiles, for QGIS, R and programs.

It is a thin layer of its own, for pygeoapi reads its provider anew at every request, draws its
pages with scripts of other hosts, has errors of its own form, and filters by ECQL. The filter
language alone is a library's (`cql2`; pygeofilter gives AND and OR one precedence).
"""
