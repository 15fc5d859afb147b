"""The headers under which real files are published."""

INDICES = (
    ("Index of Multiple Deprivation (IMD)", "", 0.0),
    ("Income", " (rate)", 0.35),
    ("Employment", " (rate)", 0.4),
    ("Education, Skills and Training", "", 0.55),
    ("Health Deprivation and Disability", "", 0.5),
    ("Crime", "", 0.7),
    ("Barriers to Housing and Services", "", 1.3),
    ("Living Environment", "", 1.1),
    ("Income Deprivation Affecting Children Index (IDACI)", " (rate)", 0.3),
    ("Income Deprivation Affecting Older People (IDAOPI)", " (rate)", 0.45),
    ("Children and Young People Sub-domain", "", 0.6),
    ("Adult Skills Sub-domain", "", 0.6),
    ("Geographical Barriers Sub-domain", "", 1.5),
    ("Wider Barriers Sub-domain", "", 0.9),
    ("Indoors Sub-domain", "", 1.2),
    ("Outdoors Sub-domain", "", 1.2),
)
"""Name, note on the score, and how far from overall deprivation each index strays."""

NSPL = (
    "pcd7", "pcd8", "pcds", "dointr", "doterm", "usrtypind", "east1m", "north1m", "gridind",
    "oa21cd", "cty25cd", "ced25cd", "lad25cd", "wd25cd", "nhser24cd", "ctry25cd", "rgn25cd",
    "pcon24cd", "ttwa15cd", "itl25cd", "npark16cd", "lsoa21cd", "msoa21cd", "wz11cd", "sicbl24cd",
    "bua24cd", "ruc21ind", "oac11ind", "lat", "long", "lep21cd1", "lep21cd2", "pfa23cd",
    "imd20ind", "icb23cd"
)  # fmt: skip
"""The national statistics postcode lookup, from 2025."""

OFSTED_HEADER = (
    "Provider URN", "Registration Date", "Provider Type", "Provider Subtype", "Provider Status",
    "Individual Register Combinations", "Provider Early Years Register Flag",
    "Provider Compulsory Childcare Register Flag", "Provider Voluntary Childcare Register Flag",
    "Provider Name", "Provider Address Line 1", "Provider Address Line 2",
    "Provider Address Line 3", "Provider Town", "Provider Postcode", "Local Authority", "Region",
    "Places", "Places including Estimates", "Most Recent Full: Inspection Date",
    "Most Recent Full: Overall Effectiveness"
)  # fmt: skip
"""Ofsted's most recent inspections, from the end of 2025, in their third line."""
