"""A scan finds what brute force finds, cries wolf as often as it says, and keeps to streets."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial import distance_matrix

from geoengine import travel_times
from geoengine.hotspots import groups, scan
from geoengine.hotspots.windows import by_travel_time, circles
from sketch import at, draw


def county(seed, areas=40, *, grid=False):
    rng = np.random.default_rng(seed)
    if grid:
        y, x = np.divmod(np.arange(areas), 8)
    else:
        x, y = rng.uniform(0, 9000, (2, areas))
    people = rng.integers(30, 200, areas).astype(float)
    cases = rng.binomial(people.astype(int), rng.beta(3, 40, areas)).astype(float)
    return x, y, people, cases


def log_likelihood(cases, people, rate_within, cases_outside, people_outside, rate_outside, model):
    """Return the logarithm of the chance of the cases at these rates, but for a constant."""
    total = 0.0
    for c, n, rate in ((cases, people, rate_within), (cases_outside, people_outside, rate_outside)):
        total += c * np.log(rate) if c else 0.0
        if model == "bernoulli":
            total += (n - c) * np.log1p(-rate) if n > c else 0.0
        else:
            total -= n * rate
    return total


def every_window(x, y, people, max_share):
    """Yield each centre with the members of each of its windows, from all pairs of areas."""
    distance = distance_matrix(np.column_stack((x, y)), np.column_stack((x, y)))
    for centre in range(len(x)):
        for radius in np.unique(distance[centre]):
            members = np.flatnonzero(distance[centre] <= radius)
            if people[members].sum() <= max_share * people.sum() * (1 + 1e-12):
                yield centre, members


def brute_ratio(cases, people, members, model, direction):
    c, n, total, everybody = cases[members].sum(), people[members].sum(), cases.sum(), people.sum()
    if n == everybody:
        return 0.0
    within, outside, overall = c / n, (total - c) / (everybody - n), total / everybody
    if (direction == "high" and (within <= overall or c < 2)) or (
        direction == "low" and within >= overall
    ):
        return 0.0
    if within > overall and c < 2:
        return 0.0
    apart = log_likelihood(c, n, within, total - c, everybody - n, outside, model)
    alike = log_likelihood(c, n, overall, total - c, everybody - n, overall, model)
    return apart - alike


def brute_clusters(x, y, people, cases, max_share, model, direction):
    best = {}
    for centre, members in every_window(x, y, people, max_share):
        ratio = brute_ratio(cases, people, members, model, direction)
        if ratio > best.get(centre, (1e-9, None))[0]:
            best[centre] = (ratio, members)
    found, taken = [], set()
    for ratio, members in sorted(best.values(), key=lambda one: -one[0]):
        if not taken & set(members):
            taken |= set(members)
            found.append((ratio, set(members.tolist())))
    return found


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize("seed", range(4))
def test_it_finds_the_clusters_that_brute_force_finds(model, direction, seed):
    x, y, people, cases = county(seed)
    theirs = brute_clusters(x, y, people, cases, 0.4, model, direction)
    ours = scan.find(
        cases, people, circles(x, y, people, max_share=0.4), model=model, direction=direction,
        replicates=0, rng=np.random.default_rng(0),
    ).clusters  # fmt: skip
    assert [c.llr for c in ours if c.llr > 1e-9] == pytest.approx([ratio for ratio, _ in theirs])
    assert set(ours[0].members.tolist()) == theirs[0][1]


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
@pytest.mark.parametrize("direction", ["high", "low", "both"])
def test_every_replicate_gets_the_greatest_ratio_of_all_windows(model, direction):
    x, y, people, cases = county(9, areas=24, grid=True)
    ours = scan.find(
        cases, people, circles(x, y, people, max_share=0.5), model=model, direction=direction,
        replicates=30, rng=np.random.default_rng(5),
    )  # fmt: skip
    rng, total = np.random.default_rng(5), int(cases.sum())
    if model == "poisson":
        drawn = rng.multinomial(total, people / people.sum(), 30)
    else:
        drawn = rng.multivariate_hypergeometric(people.astype(int), total, 30, "marginals")
    shapes = [members for _, members in every_window(x, y, people, 0.5)]
    theirs = [max(brute_ratio(r, people, m, model, direction) for m in shapes) for r in drawn]
    assert ours.greatest == pytest.approx(theirs)
    first = ours.clusters[0]
    assert first.p == (1 + (ours.greatest >= first.llr).sum()) / 31


def test_the_answer_is_the_same_for_any_number_of_threads():
    x, y, people, cases = county(3, areas=90)
    answers = []
    for threads in (1, 2, 5):
        found = scan.find(
            cases, people, circles(x, y, people, threads=threads), replicates=700,
            rng=np.random.default_rng(4), threads=threads,
        )  # fmt: skip
        answers.append((found.greatest.tobytes(), [c.members.tolist() for c in found.clusters]))
    assert answers[0] == answers[1] == answers[2]


def test_without_clusters_p_is_uniform():
    x, y, people, _ = county(1, areas=30)
    windows, rng = circles(x, y, people), np.random.default_rng(12)
    p = []
    for _ in range(300):
        cases = rng.multinomial(150, people / people.sum())
        p.append(scan.find(cases, people, windows, replicates=99, rng=rng).clusters[0].p)
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_gumbel_agrees_with_replicates_and_goes_on_where_they_end():
    x, y, people, cases = county(6, areas=60)
    windows = circles(x, y, people)
    found = scan.find(cases, people, windows, replicates=9999, rng=np.random.default_rng(2))
    for one in found.clusters:
        if 0.01 < one.p < 0.5:
            assert one.p_gumbel == pytest.approx(one.p, rel=0.25)
    cases[[0, 1]] = people[[0, 1]]
    found = scan.find(cases, people, windows, rng=np.random.default_rng(2))
    assert found.clusters[0].p == 0.001
    assert 0 < found.clusters[0].p_gumbel < 1e-6


def test_clusters_share_no_area_and_none_is_larger_than_asked():
    x, y, people, cases = county(8, areas=120)
    found = scan.find(cases, people, circles(x, y, people, max_share=0.1), direction="both",
                      replicates=0, rng=np.random.default_rng(0))  # fmt: skip
    everyone = np.concatenate([one.members for one in found.clusters])
    assert len(everyone) == len(set(everyone.tolist()))
    assert all(one.people <= 0.1 * people.sum() for one in found.clusters)
    assert sorted((c.llr for c in found.clusters), reverse=True) == [c.llr for c in found.clusters]


def test_only_relative_numbers_of_people_matter_to_the_poisson_model():
    x, y, people, cases = county(2)
    one, other = (
        scan.find(cases, n, circles(x, y, n), rng=np.random.default_rng(1)).clusters
        for n in (people, people / people.sum() * cases.sum())
    )
    assert [c.llr for c in one] == pytest.approx([c.llr for c in other])
    assert [c.p for c in one] == [c.p for c in other]


def test_a_cluster_lies_along_the_streets_and_not_across_the_river():
    """Cases are at A, B and C on the north bank; D, E and F are as near, but for the bridge."""
    picture = """
A---B---C
        |
        |
        |
        |
D---E---F
"""
    network, node = draw(picture)
    places = at(network, [node[name] for name in sorted(node)])
    times = travel_times.within(network, places, places, cutoff_s=2000)
    people = np.full(6, 100.0)
    along = by_travel_time(
        times.first_pair, times.provision, times.time_ds / 10, people, max_share=0.5
    )
    cases = [20, 20, 2, 2, 2, 2]
    found = scan.find(cases, people, along, rng=np.random.default_rng(1)).clusters[0]
    assert found.members.tolist() == [0, 1]
    assert (found.centre, found.reach) == (0, 400)
    assert scan.sentence(found, ["A", "B", "C", "D", "E", "F"], "s") == (
        "2 areas within 7 minutes of A have 40 cases where 16.0 would be expected, "
        "2.5 times as many (p = 0.001)."
    )
    three = scan.find([20, 20, 20, 2, 2, 2], people, along, rng=np.random.default_rng(1))
    assert sorted(three.clusters[0].members.tolist()) == [0, 1, 2]
    crow = circles([0, 400, 800, 0, 400, 800], [0, 0, 0, 300, 300, 300], people, max_share=0.5)
    flown = scan.find([20, 20, 20, 2, 2, 2], people, crow, rng=np.random.default_rng(1))
    assert len(flown.clusters[0].members) == 1


def test_what_cannot_be_reached_is_in_no_window():
    apart = by_travel_time([0, 1, 2, 2], [1, 0], [60, 60], [10, 10, 10], max_share=1)
    rows = [apart.area[a:b].tolist() for a, b in zip(apart.first, apart.first[1:], strict=False)]
    assert rows == [[0, 1], [1, 0], [2]]


def test_areas_equally_near_enter_together():
    same_place = circles([0, 0, 5], [0, 0, 0], [1, 1, 1], max_share=1)
    assert same_place.closes[:3].tolist() == [False, True, True]


@pytest.mark.parametrize("seed", range(5))
def test_windows_are_all_that_is_nearer_than_their_last_area(seed):
    x, y, people, _ = county(seed, areas=100, grid=seed % 2 == 0)
    windows = circles(x, y, people, max_share=0.2)
    shapes = set()
    for centre in range(100):
        row = slice(windows.first[centre], windows.first[centre + 1])
        for size in np.flatnonzero(windows.closes[row]) + 1:
            shapes.add((centre, frozenset(windows.area[row][:size].tolist())))
    theirs = {(c, frozenset(m.tolist())) for c, m in every_window(x, y, people, 0.2)}
    assert shapes == theirs


@pytest.mark.parametrize("seed", range(3))
def test_no_circle_is_wider_than_asked(seed):
    x, y, people, _ = county(seed, areas=60, grid=seed == 0)
    furthest_m = 2.0 if seed == 0 else 2500.0
    windows = circles(x, y, people, max_share=0.4, furthest_m=furthest_m)
    shapes = set()
    for centre in range(60):
        row = slice(windows.first[centre], windows.first[centre + 1])
        for size in np.flatnonzero(windows.closes[row]) + 1:
            shapes.add((centre, frozenset(windows.area[row][:size].tolist())))
    theirs = {
        (c, frozenset(m.tolist()))
        for c, m in every_window(x, y, people, 0.4)
        if max(np.hypot(x[m] - x[c], y[m] - y[c])) <= furthest_m
    }
    assert shapes == theirs
    with pytest.raises(ValueError, match="furthest_m must be above 0, not 0"):
        circles(x, y, people, furthest_m=0)


def told(cases, **options):
    """Scan six villages in a row of which the first is at 0 km and the last at 5."""
    codes = pd.Index(list("abcdef"), name="area_code")
    counts = pd.DataFrame({"count": cases, "people": 100.0}, index=codes)
    counts.loc[counts["count"].isna(), "people"] = np.nan
    withheld = pd.Series(np.where(codes == "f", "suppressed", ""), index=codes)
    return groups.find(
        counts, codes.to_series().str.upper(),
        lambda people: circles(1000 * np.arange(6), np.zeros(6), people),
        rng=np.random.default_rng(1), event="falls", alpha=0.05, lacking=withheld, **options,
    )  # fmt: skip


def test_each_area_is_told_what_it_is_part_of():
    found = told([30, 32, 1, 2, np.nan, np.nan])
    assert found.table["kind"].tolist() == [
        "cluster", "cluster", "none", "none", "unknown", "suppressed",
    ]  # fmt: skip
    assert found.table["cluster"].tolist() == ["1: around A", "1: around A", "", "", "", ""]
    (said,) = found.said
    assert said == (
        "2 areas within 1.0 km of A have 62 falls where 32.5 would be expected, 1.9 times as many "
        "(p = 0.001)."
    )
    assert found.table.loc["a", "sentence"] == said
    assert found.table.loc["c", "sentence"] == "C is in no cluster."
    assert found.table.loc["f", "sentence"] == "F has no figure to compare."
    assert found.table.loc["c":, ["ratio", "p", "p_gumbel"]].isna().all(axis=None)


def test_what_chance_may_well_do_is_no_cluster():
    found = told([5, 6, 3, 4, 2, 5])
    assert found.found.clusters[0].p > 0.05
    assert set(found.table["kind"]) == {"none"}
    assert found.said == ()


def test_a_p_of_less_than_a_thousandth_is_told_with_its_figures():
    found = told([30, 32, 1, 2, 1, 2], replicates=9_999)
    assert found.found.clusters[0].p == 0.0001
    assert found.said[0].endswith("(p = 0.0001).")


def test_a_cluster_wholly_beyond_the_border_is_not_told():
    shown = pd.Series([False, False, True, True, True, True], index=list("abcdef"))
    assert told([30, 32, 1, 2, 1, 2], shown=shown).said == ()
    some = pd.Series([False, True, True, True, True, True], index=list("abcdef"))
    assert len(told([30, 32, 1, 2, 1, 2], shown=some).said) == 1


def test_without_a_single_figure_the_scan_says_so():
    found = told([np.nan] * 6)
    assert found.said == ("No area has a figure to compare.",)
    assert found.found.left_out.tolist() == list(range(6))
    assert set(found.table["kind"]) == {"unknown", "suppressed"}


def test_an_area_larger_than_the_greatest_share_is_named():
    people = np.array([900.0, 50, 50, 50])
    windows = circles([0, 1, 2, 3], [0, 0, 0, 0], people, max_share=0.5)
    found = scan.find([9, 5, 5, 0], people, windows, rng=np.random.default_rng(0))
    assert found.too_large.tolist() == [0]
    assert 0 not in found.clusters[0].members


def test_unknown_and_suppressed_counts_are_left_out_and_named():
    x, y, people, cases = county(5)
    cases[7] = np.nan
    people[8] = np.nan
    found = scan.find(cases, people, circles(x, y, people), rng=np.random.default_rng(3))
    assert found.left_out.tolist() == [7, 8]
    assert not {7, 8} & {m for one in found.clusters for m in one.members.tolist()}
    rest = np.setdiff1d(np.arange(40), [7, 8])
    without = scan.find(
        cases[rest], people[rest], circles(x[rest], y[rest], people[rest]), replicates=0,
        rng=np.random.default_rng(3),
    )  # fmt: skip
    assert found.clusters[0].llr == pytest.approx(without.clusters[0].llr)


def test_nobody_living_somewhere_changes_nothing():
    x, y, people, cases = county(5)
    people[3] = cases[3] = 0
    rest = np.arange(40) != 3
    one = scan.find(
        cases, people, circles(x, y, people), rng=np.random.default_rng(3), replicates=0
    )
    two = scan.find(cases[rest], people[rest], circles(x[rest], y[rest], people[rest]),
                    rng=np.random.default_rng(3), replicates=0)  # fmt: skip
    assert one.clusters[0].llr == pytest.approx(two.clusters[0].llr)
    assert one.clusters[0].cases == two.clusters[0].cases


@pytest.mark.parametrize(
    ("cases", "model"), [([0, 0], "poisson"), ([4, 6], "bernoulli"), ([40, 60], "poisson")]
)
def test_nothing_anywhere_or_the_same_everywhere_is_no_cluster(cases, model):
    windows = circles([0, 1], [0, 0], [4, 6])
    found = scan.find(cases, [4, 6], windows, model=model, rng=np.random.default_rng(0))
    assert found.clusters == ()


def test_a_single_case_is_no_cluster_of_many():
    windows = circles([0, 9, 18], [0, 0, 0], [1, 999, 999])
    found = scan.find([1, 2, 2], [1, 999, 999], windows, rng=np.random.default_rng(0))
    assert all(one.cases > 1 for one in found.clusters)


def test_all_faults_of_the_counts_are_told_at_once():
    windows = circles([0, 1], [0, 0], [5, 5])
    with pytest.raises(ValueError, match="cases must be whole numbers") as told:
        scan.find([2.5, 9], [0, 5], windows, model="bernoulli", rng=np.random.default_rng(0))
    assert str(told.value) == (
        "cases must be whole numbers of at least 0 (area 0); "
        "cases happen where there are no people (area 0); "
        "there are more cases than people (area 0)"
    )
    with pytest.raises(ValueError, match="there is no scan for 'binomial' cases"):
        scan.find([1, 2], [5, 5], windows, model="binomial", rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="there are 20,000,000 cases; at most 16,777,216"):
        scan.find([1, 19_999_999], [5e8, 5e8], windows, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="3 counts of cases and 2 of people, but windows around 2"):
        scan.find([1, 2, 3], [5, 5], windows, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: circles([0], [0], [5], max_share=1.5), "max_share must be above 0 and at most 1"),
        (lambda: circles([0], [0], [0]), "somebody must live there"),
        (lambda: circles([0, np.nan], [0, 0], [1, 1]), "every area needs a point"),
        (lambda: circles([0, 1], [0], [1, 1]), r"shapes \(2,\), \(1,\), \(2,\)"),
        (
            lambda: by_travel_time([0, 1, 1], [1], [np.inf], [1, 1]),
            "leave out what is out of reach",
        ),
        (lambda: by_travel_time([0, 1, 1], [2], [60], [1, 1]), "areas must be positions below 2"),
        (lambda: by_travel_time([0, 2, 2], [1, 1], [60, 70], [1, 1]), "an area stands twice"),
        (lambda: by_travel_time([0, 1], [1], [60], [1, 1]), "must be rows of 2 areas"),
    ],
)
def test_windows_cannot_be_drawn_of_nonsense(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_counts_too_large_for_two_bytes_are_scanned_alike():
    x, y, people, cases = county(4)
    windows = circles(x, y, people, max_share=0.5)
    many = scan.find(cases * 2000, people, windows, replicates=20, rng=np.random.default_rng(7))
    assert cases.sum() * 2000 > 2**16
    drawn = np.random.default_rng(7).multinomial(int(cases.sum() * 2000), people / people.sum(), 20)
    shapes = [members for _, members in every_window(x, y, people, 0.5)]
    theirs = [max(brute_ratio(r, people, m, "poisson", "high") for m in shapes) for r in drawn]
    assert many.greatest == pytest.approx(theirs)
