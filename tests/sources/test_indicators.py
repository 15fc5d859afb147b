"""Each nation publishes deprivation in its own way; 1 is the most deprived in all of them."""

import numpy as np
import pandas as pd
import pytest

from geoengine import errors
from geoengine.published.indices import AREAS_RANKED, decile_of
from geoengine.sources import indicators

IOD_2019 = (
    "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),"
    "Local Authority District name (2019),Index of Multiple Deprivation (IMD) Score,"
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs),"
    "Income Score (rate),Income Rank (where 1 is most deprived),"
    "Income Decile (where 1 is most deprived 10% of LSOAs),"
    "Income Deprivation Affecting Children Index (IDACI) Score (rate),"
    "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived),"
    "Income Deprivation Affecting Children Index (IDACI) Decile "
    "(where 1 is most deprived 10% of LSOAs),Total population: mid 2015 (excluding prisoners)\n"
    "E01000001,City of London 001A,E09000001,City of London,6.208,29199,9,"
    "0.007,32831,10,0.006,32806,10,1296\n"
    'E01000002,City of London 001B,E09000001,City of London,92.735,"1",1,'
    "0.341,1,1,0.5,2,1,1156\n"
)


def test_the_english_file_7_of_2019_reads_as_downloaded(write):
    reading = indicators.read_deprivation(write("File_7.csv", IOD_2019))
    assert reading.frame.reset_index().to_dict("records") == [
        {"area_code": "E01000001", "nation": "E", "decile": 9, "rank": 29199, "score": 6.208},
        {"area_code": "E01000002", "nation": "E", "decile": 1, "rank": 1, "score": 92.735},
    ]
    assert reading.facts["vintage"] == "2011"
    assert reading.facts["direction"] == "1 is most deprived"
    assert reading.notes == ()


@pytest.mark.parametrize(("index", "ranks"), [("income", [32831, 1]), ("idaci", [32806, 2])])
def test_a_domain_or_supplement_is_chosen_by_its_name(write, index, ranks):
    reading = indicators.read_deprivation(write("File_7.csv", IOD_2019), index=index)
    assert reading.frame["rank"].tolist() == ranks


def test_the_english_file_7_of_2025_is_of_2021_areas(write):
    text = IOD_2019.replace("(2011)", "(2021)").replace("(2019)", "(2024)")
    reading = indicators.read_deprivation(write("File_7.csv", "\ufeff" + text))
    assert reading.facts["vintage"] == "2021"
    assert reading.facts["code_column"].endswith("LSOA code (2021)")


def test_the_welsh_ods_of_2019_has_notes_above_and_spaces_behind(ods):
    ranks = [
        ["Welsh Index of Multiple Deprivation 2019"],
        ["Ranks: 1 is most deprived"],
        ["LSOA Code", "LSOA Name (Eng)", "Local Authority Name (Eng)", "WIMD 2019 ", "Income "],
        ["W01000003", "Llanbedr", "Isle of Anglesey", 191, 5, ""],
        ["W01000004", "Llangefni", "Isle of Anglesey", 192, 1909, ""],
    ]
    path = ods("wimd.ods", Contents=[["Contents"]], WIMD_2019_ranks=ranks)
    reading = indicators.read_deprivation(path)
    assert reading.frame["rank"].tolist() == [191, 192]
    assert reading.frame["decile"].tolist() == [1, 2]
    assert "Areas whose decile was worked out from their ranks: 2." in reading.notes
    assert indicators.read_deprivation(path, index="income").frame["decile"].tolist() == [1, 10]


def test_welsh_deciles_are_read_where_the_workbook_has_them(ods):
    deciles = [
        ["WIMD 2019: LSOA overall rank, decile, quintile and quartile"],
        [
            "LSOA code",
            "LSOA name (Eng)",
            "Local Authority name (Eng)",
            "WIMD 2019 overall rank",
            "WIMD 2019 overall decile",
            "WIMD 2019 overall quintile",
        ],
        ["W01000003", "Llanbedr", "Isle of Anglesey", 500, 3, 2],
        ["W01000004", "Llangefni", "Isle of Anglesey", 10, 1, 1],
    ]
    ranks = [["LSOA code", "WIMD 2019"], ["W01000003", 500], ["W01000004", 10]]
    path = ods("wimd.ods", WIMD_2019_ranks=ranks, Deciles_quintiles_quartiles=deciles)
    reading = indicators.read_deprivation(path)
    assert reading.facts["decile_column"] == "WIMD 2019 overall decile"
    assert reading.frame["decile"].tolist() == [3, 1]


def test_the_long_welsh_table_of_2025_mixes_levels_and_pads_numbers(write):
    text = (
        "Area code,Area,Domain,Deprivation group,Data description,Data values\n"
        'W01000003,A,WIMD,,Rank," 1,204 "\n'
        "W01000003,A,WIMD,,Decile, 7 \n"
        'W01000003,A,Income,,Rank," 1,917 "\n'
        "W01000004,B,WIMD,,Rank,3\n"
        "W01000004,B,WIMD,,Decile,1\n"
        "W01000004,B,Income,,Rank,1\n"
        "W06000001,Anglesey,WIMD,,Rank,9\n"
    )
    reading = indicators.read_deprivation(write("wimd-2025.csv", text))
    assert reading.frame["rank"].tolist() == [1204, 3]
    assert reading.frame["decile"].tolist() == [7, 1]
    assert reading.left_out["value"].tolist() == ["W06000001"]
    assert "Rows that tell one value each, brought together by area: 7." in reading.notes
    income = indicators.read_deprivation(write("wimd-2025.csv", text), index="income")
    assert income.frame["decile"].tolist() == [10, 1]


def test_scotland_ranks_data_zones(write, workbook):
    ranks = write(
        "simd.csv",
        "Data_Zone,Intermediate_Zone,Total_population,SIMD2020v2_Rank,"
        "SIMD2020v2_Income_Domain_Rank\nS01006506,A,904,697,698\nS01006507,A,830,6976,1\n",
    )
    reading = indicators.read_deprivation(ranks)
    assert reading.frame["decile"].tolist() == [1, 10]
    assert indicators.read_deprivation(ranks, index="income").frame["decile"].tolist() == [2, 1]
    nhs = write(
        "nhs.csv",
        "DataZone,IntZone,CA,SIMD2020V2Rank,SIMD2020V2CountryDecile,SIMD2020V2CADecile\n"
        "S01006506,S02001236,S12000033,4691,7,3\n",
    )
    assert indicators.read_deprivation(nhs).frame["decile"].tolist() == [7]
    lookup = workbook(
        "simd.xlsx",
        SIMD__2020v2__DZ__lookup__data=[
            ["DZ", "DZname", "SIMD2020v2_Rank", "SIMD2020v2_Vigintile", "SIMD2020v2_Decile"],
            ["S01006506", "Culter - 01", 4691, 14, 7],
        ],
    )
    assert indicators.read_deprivation(lookup).frame["decile"].tolist() == [7]


def test_northern_ireland_publishes_no_decile(write):
    text = (
        "LGD2014code,LGD2014name,SOA2001,SOA2001name,MDM_rank,D1_Income_rank\n"
        "N09000001,Antrim,95AA01S1,Aldergrove 1,89,90\nN09000001,Antrim,95AA01S2,B,890,1\n"
    )
    reading = indicators.read_deprivation(write("nimdm2017-soa.csv", text))
    assert reading.frame["decile"].tolist() == [1, 10]
    assert reading.frame["nation"].tolist() == ["N", "N"]
    assert reading.facts["vintage"] == "2001"


@pytest.mark.parametrize(("nation", "year"), AREAS_RANKED)
def test_a_decile_holds_a_tenth_of_a_nation_and_rises_with_rank(nation, year):
    ranked = AREAS_RANKED[nation, year]
    rank = np.arange(1, ranked + 1, dtype=float)
    decile = decile_of(
        rank, np.full(ranked, nation, dtype=object), pd.Series(np.full(ranked, year, dtype=object))
    )
    assert (np.diff(decile) >= 0).all()
    assert sorted(set(decile)) == list(range(1, 11))
    sizes = np.bincount(decile.astype(int))[1:]
    assert np.ptp(sizes) <= 3


def test_a_whole_nations_scores_give_deciles_and_a_parts_do_not(write):
    rows = [f"95AA{at // 10:02d}S{at % 10},{1000 - at}" for at in range(890)]
    codes = "SOA2001,MDM_score\n" + "\n".join(rows) + "\n"
    reading = indicators.read_deprivation(write("scores.csv", codes))
    assert reading.frame["decile"].tolist()[:90] == [1] * 89 + [2]
    with pytest.raises(errors.SourceError, match="deciles follow from scores only when all"):
        indicators.read_deprivation(
            write("part.csv", "SOA2001,MDM_score\n95AA01S1,5\n95AA01S2,4\n")
        )


def test_health_first_indices_are_turned_round_only_when_told(write):
    text = "LSOA21CD,ah4ahah_rnk,imd_decile\nE01000001,1,1\n"
    with pytest.raises(errors.SourceError, match="in which 1 is the healthiest"):
        indicators.read_deprivation(write("ahah.csv", text))
    turned = indicators.read_deprivation(
        write("own.csv", "LSOA21CD,imd_decile\nE01000001,1\nE01000002,10\n"),
        direction="1 is least deprived",
    )
    assert turned.frame["decile"].tolist() == [10, 1]


def test_a_contradicted_direction_is_refused(write):
    with pytest.raises(errors.SourceError, match="run against each other in England"):
        indicators.read_deprivation(
            write("a.csv", "LSOA21CD,IMD_rank,IMD_decile\nE01000001,1,10\nE01000002,33000,1\n")
        )
    with pytest.raises(errors.SourceError, match="rank or decile 1 has the lowest score"):
        indicators.read_deprivation(
            write("b.csv", "LSOA21CD,IMD_rank,IMD_score\nE01000001,1,2.5\nE01000002,33000,80\n")
        )


def test_a_published_decile_outweighs_the_one_worked_out(write):
    text = "LSOA21CD,IMD_rank,IMD_decile\nE01000001,1,2\nE01000002,33000,10\n"
    reading = indicators.read_deprivation(write("a.csv", text))
    assert reading.frame["decile"].tolist() == [2, 10]
    (note,) = reading.notes
    assert note == (
        "Areas whose published decile, which is used, is not the one that their rank gives: 1."
    )
