"""
Counts and rates of small areas: what chance does to them, and what is left without it.

`comparison` sets raw and steadied rates side by side; `intervals`, `shrinkage`, `chance` and
`funnel` are its parts.
"""
