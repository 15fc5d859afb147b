"""Decay functions: how much a place still counts when it takes so long to reach."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Decay = Callable[[FloatArray], FloatArray]
"""Seconds → weights, both of one shape. Any function of that kind can be given as a decay."""


def binary(cutoff_s: float) -> Decay:
    """
    Count what is within a cut-off wholly, and nothing beyond.

    Parameters
    ----------
    cutoff_s
        Longest time that counts, seconds, inclusive.

    Raises
    ------
    ValueError
        If the cut-off is not positive.

    Examples
    --------
    >>> binary(900)(np.array([0.0, 900.0, 900.1]))
    array([1., 1., 0.])
    """
    _positive(cutoff_s=cutoff_s)
    return lambda seconds: (seconds <= cutoff_s).astype(float)


def linear(cutoff_s: float) -> Decay:
    """
    Let the weight fall evenly from 1 at once to 0 at the cut-off.

    Parameters
    ----------
    cutoff_s
        Time from which nothing counts, seconds.

    Examples
    --------
    >>> linear(600)(np.array([0.0, 150.0, 600.0, 900.0]))
    array([1.  , 0.75, 0.  , 0.  ])
    """
    _positive(cutoff_s=cutoff_s)
    return lambda seconds: np.clip(1 - seconds / cutoff_s, 0, 1)


def step(bounds_s: Sequence[float], weights: Sequence[float]) -> Decay:
    """
    Give each zone of time its own weight, and nothing beyond the last.

    Parameters
    ----------
    bounds_s
        Upper bound of each zone, seconds, inclusive, ascending.
    weights
        Weight in each zone, from 0 to 1.

    Raises
    ------
    ValueError
        If the bounds do not ascend from above 0, or a zone has no weight between 0 and 1.

    References
    ----------
    Luo, W. & Qi, Y. (2009) An enhanced two-step floating catchment area (E2SFCA) method for
    measuring spatial accessibility to primary care physicians. Health & Place 15(4), 1100-1107.
    doi:10.1016/j.healthplace.2009.06.002

    Examples
    --------
    >>> step([600, 1200], [1, 0.5])(np.array([600.0, 601.0, 1200.0, 1201.0]))
    array([1. , 0.5, 0.5, 0. ])
    """
    bound = np.asarray(bounds_s, dtype=float)
    weight = np.append(np.asarray(weights, dtype=float), 0.0)
    if len(bound) == 0 or len(weight) != len(bound) + 1:
        raise ValueError(f"there are {len(bound)} zones, but {len(weight) - 1} weights for them")
    if not (bound[0] > 0 and (np.diff(bound) > 0).all()):
        raise ValueError(f"the bounds must ascend from above 0, but are {_listed(bound)}")
    if not ((weight >= 0) & (weight <= 1)).all():
        raise ValueError(f"weights must be from 0 to 1, but are {_listed(weight[:-1])}")

    def weights_of(seconds: FloatArray) -> FloatArray:
        zone = np.zeros(np.shape(seconds), np.int16)
        for upper in bound:
            zone += seconds > upper
        return weight[zone]

    return weights_of


def exponential(per_min: float) -> Decay:
    """
    Let the weight fall by the same share every minute: exp(-per_min * minutes).

    Parameters
    ----------
    per_min
        Rate of decay, per minute.

    Examples
    --------
    >>> exponential(0.1)(np.array([0.0, 600.0])).round(4)
    array([1.    , 0.3679])
    """
    _positive(per_min=per_min)
    return lambda seconds: np.asarray(np.exp(-per_min * seconds / 60))


def gaussian(sigma_s: float) -> Decay:
    """
    Let the weight fall as a bell does: exp(-t² / 2σ²).

    Parameters
    ----------
    sigma_s
        Time at which the weight is exp(-1/2), about 0.61, seconds.

    Examples
    --------
    >>> gaussian(600)(np.array([0.0, 600.0, 1200.0])).round(4)
    array([1.    , 0.6065, 0.1353])
    """
    _positive(sigma_s=sigma_s)
    return lambda seconds: np.asarray(np.exp(-0.5 * (seconds / sigma_s) ** 2))


def gaussian_within(cutoff_s: float) -> Decay:
    """
    Let the weight fall as a bell does, from 1 at once to 0 at the cut-off.

    Parameters
    ----------
    cutoff_s
        Time from which nothing counts, seconds.

    References
    ----------
    Dai, D. (2010) Black residential segregation, disparities in spatial access to health care
    facilities, and late-stage breast cancer diagnosis in metropolitan Detroit. Health & Place
    16(5), 1038-1052. doi:10.1016/j.healthplace.2010.06.012

    Examples
    --------
    >>> gaussian_within(600)(np.array([0.0, 300.0, 600.0, 900.0])).round(4)
    array([1.    , 0.7014, 0.    , 0.    ])
    """
    _positive(cutoff_s=cutoff_s)
    last = np.exp(-0.5)

    def weights(seconds: FloatArray) -> FloatArray:
        bell = np.exp(-0.5 * (seconds / cutoff_s) ** 2)
        return np.asarray(np.clip((bell - last) / (1 - last), 0, 1))

    return weights


def power(exponent: float) -> Decay:
    """
    Let the weight fall with a power of the minutes: minutes ** -exponent, at most 1.

    Parameters
    ----------
    exponent
        How fast it falls.

    Examples
    --------
    >>> power(2)(np.array([0.0, 60.0, 600.0]))
    array([1.  , 1.  , 0.01])
    """
    _positive(exponent=exponent)
    return lambda seconds: np.asarray(np.maximum(seconds / 60, 1) ** -exponent)


def logistic(median_s: float, deviation_s: float) -> Decay:
    """
    Let the weight fall as the share of people willing to travel at least so long.

    Parameters
    ----------
    median_s
        Time at which it falls fastest, seconds.
    deviation_s
        Standard deviation of what people are willing to travel, seconds.

    References
    ----------
    Conveyal, Decay functions. https://docs.conveyal.com/learn-more/decay-functions

    Examples
    --------
    >>> logistic(1800, 600)(np.array([0.0, 1800.0])).round(3)
    array([1.   , 0.502])
    """
    _positive(median_s=median_s, deviation_s=deviation_s)
    rate = np.pi / (deviation_s * np.sqrt(3))

    def weights(seconds: FloatArray) -> FloatArray:
        at_once = np.logaddexp(0, -median_s * rate)
        return np.asarray(np.exp(at_once - np.logaddexp(0, (seconds - median_s) * rate)))

    return weights


def within(cutoff_s: float, decay: Decay) -> Decay:
    """
    Let a decay count up to a cut-off only.

    Parameters
    ----------
    cutoff_s
        Longest time that counts, seconds, inclusive.
    decay
        The weights up to there.

    Examples
    --------
    >>> within(600, exponential(0.1))(np.array([600.0, 601.0])).round(4)
    array([0.3679, 0.    ])
    """
    _positive(cutoff_s=cutoff_s)
    return lambda seconds: np.where(seconds <= cutoff_s, decay(seconds), 0.0)


def named(text: str) -> Decay:
    """
    Return the decay that a short text tells, with its times in minutes.

    Parameters
    ----------
    text
        `binary:45`, `linear:45`, `step:10=1,20=0.68,30=0.22`, `exponential:0.1`,
        `gaussian:20`, `gaussian-within:30`, `power:2` or `logistic:30,10`.

    Raises
    ------
    ValueError
        If it tells none, with a sentence that says what is allowed.

    Examples
    --------
    >>> named("step:10=1,20=0.5")(np.array([600.0, 1200.0, 1201.0]))
    array([1. , 0.5, 0. ])
    """
    name, _, told = text.partition(":")
    if name not in FORMS:
        raise ValueError(f"'{name}' is no decay; there are {', '.join(FORMS.values())}")
    example = f"'{text}' must be like {FORMS[name]}"
    try:
        numbers = [[float(part) for part in zone.split("=")] for zone in told.split(",")]
    except ValueError as error:
        raise ValueError(example) from error
    if not _shaped_like(FORMS[name], told):
        raise ValueError(example)
    try:
        if name == "step":
            return step([60 * bound for bound, _ in numbers], [weight for _, weight in numbers])
        return _MADE[name](*(number for (number,) in numbers))
    except ValueError as error:
        raise ValueError(f"{example}; {error}") from error


def _shaped_like(form: str, told: str) -> bool:
    """Tell whether numbers stand as in the form; zones may be more or fewer."""
    if "=" in form:
        return all(zone.count("=") == 1 for zone in told.split(","))
    return "=" not in told and told.count(",") == form.count(",")


FORMS = {
    "binary": "binary:45",
    "linear": "linear:45",
    "step": "step:10=1,20=0.68,30=0.22",
    "exponential": "exponential:0.1",
    "gaussian": "gaussian:20",
    "gaussian-within": "gaussian-within:30",
    "power": "power:2",
    "logistic": "logistic:30,10",
}
"""How each decay is told in a text: times in minutes."""

_MADE: dict[str, Callable[..., Decay]] = {
    "binary": lambda cutoff: binary(60 * cutoff),
    "linear": lambda cutoff: linear(60 * cutoff),
    "exponential": lambda per_min: exponential(per_min),
    "gaussian": lambda sigma: gaussian(60 * sigma),
    "gaussian-within": lambda cutoff: gaussian_within(60 * cutoff),
    "power": lambda exponent: power(exponent),
    "logistic": lambda median, deviation: logistic(60 * median, 60 * deviation),
}


def _positive(**given: float) -> None:
    for name, value in given.items():
        if not 0 < value < np.inf:
            raise ValueError(f"{name} must be positive and finite, not {value:g}")


def _listed(numbers: FloatArray) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
