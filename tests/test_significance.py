"""p-values are never 0, and adjusted for many tests as the published procedures say."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from geoengine.significance import benjamini_hochberg, benjamini_yekutieli


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_p_values_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(200) ** 3, 2)  # many ties
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p))
    np.testing.assert_allclose(benjamini_yekutieli(p), false_discovery_control(p, method="by"))


def test_the_fifteen_tests_of_benjamini_and_hochberg_have_four_findings():
    p = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ])  # fmt: skip
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4


def test_what_was_not_tested_counts_for_nothing():
    q = benjamini_hochberg(np.array([np.nan, 0.02, np.nan, 0.04]))
    assert q[[1, 3]].tolist() == [0.04, 0.04]
    assert np.isnan(q[[0, 2]]).all()
    assert np.isnan(benjamini_yekutieli(np.full(3, np.nan))).all()
    assert benjamini_hochberg(np.empty(0)).tolist() == []


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="a p-value must be from 0 to 1"):
        benjamini_hochberg(np.array([0.1, 1.1]))
