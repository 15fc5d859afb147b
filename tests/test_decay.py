"""What a place counts for falls with time as each function says."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoengine import decay

MINUTES = np.array([0, 5, 10, 20, 30, 45, 60, 120.0])
EVERY = {name: decay.named(told) for name, told in decay.FORMS.items()}


@pytest.mark.parametrize("name", EVERY)
def test_weights_fall_from_one_and_never_below_nothing(name):
    weights = EVERY[name](np.linspace(0, 20_000, 2_001))
    assert weights[0] == pytest.approx(1)
    assert (np.diff(weights) <= 1e-15).all()
    assert ((weights >= 0) & (weights <= 1)).all()


@pytest.mark.parametrize("name", EVERY)
def test_no_times_have_no_weights(name):
    assert EVERY[name](np.zeros(0)).tolist() == []


@pytest.mark.parametrize(
    ("told", "weights"),
    [
        ("binary:30", [1, 1, 1, 1, 1, 0, 0, 0]),
        ("linear:60", [1, 0.9167, 0.8333, 0.6667, 0.5, 0.25, 0, 0]),
        ("step:10=1,30=0.4", [1, 1, 1, 0.4, 0.4, 0, 0, 0]),
        ("exponential:0.1", [1, 0.6065, 0.3679, 0.1353, 0.0498, 0.0111, 0.0025, 0]),
        ("power:1", [1, 0.2, 0.1, 0.05, 0.0333, 0.0222, 0.0167, 0.0083]),
        ("gaussian:20", [1, 0.9692, 0.8825, 0.6065, 0.3247, 0.0796, 0.0111, 0]),
        # 1 + exp(-30 r) over 1 + exp((t - 30) r), where r = π / (10 √3).
        ("logistic:30,10", [1, 0.9937, 0.9783, 0.8635, 0.5022, 0.0620, 0.0043, 0]),
    ],
)
def test_each_gives_its_formula(told, weights):
    assert decay.named(told)(MINUTES * 60).round(4).tolist() == weights


def test_a_bell_that_ends_is_nothing_at_its_end():
    weights = decay.gaussian_within(1800)(MINUTES * 60)
    assert weights[4] == 0
    assert weights[2] == pytest.approx((np.exp(-1 / 18) - np.exp(-0.5)) / (1 - np.exp(-0.5)))


def test_an_end_can_be_set_to_any():
    weights = decay.within(1200, decay.exponential(0.1))(MINUTES * 60)
    assert weights.round(4).tolist() == [1, 0.6065, 0.3679, 0.1353, 0, 0, 0, 0]


@given(st.floats(0.1, 120), st.floats(0.1, 60))
def test_a_logistic_never_overflows(median, deviation):
    weights = decay.logistic(60 * median, 60 * deviation)(np.array([0.0, 1e9]))
    assert weights[0] == pytest.approx(1)
    assert weights[1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: decay.binary(0), "cutoff_s must be positive and finite, not 0"),
        (lambda: decay.linear(np.inf), "cutoff_s must be positive and finite, not inf"),
        (lambda: decay.exponential(-1), "per_min must be positive and finite, not -1"),
        (lambda: decay.gaussian(np.nan), "sigma_s must be positive and finite, not nan"),
        (lambda: decay.logistic(5, 0), "deviation_s must be positive and finite, not 0"),
        (lambda: decay.step([], []), "there are 0 zones, but 0 weights for them"),
        (lambda: decay.step([60], [1, 0.5]), "there are 1 zones, but 2 weights for them"),
        (lambda: decay.step([9, 9], [1, 0]), "the bounds must ascend from above 0, but are 9, 9"),
        (lambda: decay.step([60], [2]), "weights must be from 0 to 1, but are 2"),
        (
            lambda: decay.named("cliff:5"),
            f"'cliff' is no decay; there are {', '.join(decay.FORMS.values())}",
        ),
        (lambda: decay.named("logistic:30"), "'logistic:30' must be like logistic:30,10"),
        (lambda: decay.named("binary:10=2"), "'binary:10=2' must be like binary:45"),
        (lambda: decay.named("linear:"), "'linear:' must be like linear:45"),
        (lambda: decay.named("step:10"), "'step:10' must be like step:10=1,20=0.68,30=0.22"),
        (
            lambda: decay.named("linear:-5"),
            "'linear:-5' must be like linear:45; cutoff_s must be positive and finite, not -300",
        ),
    ],
)  # fmt: skip
def test_what_is_no_decay_is_refused_with_what_is(wrong, told):
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        wrong()
