"""Mixed-integer programmes, handed to HiGHS as arrays."""

from dataclasses import dataclass, field
from typing import Any, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array

from geoengine.siting.effort import Watch
from geoengine.siting.problem import BoolArray, FloatArray, LongArray

INFINITY = highspy.kHighsInf
LARGEST_COST = 1e3
"""Costs are scaled to this, so that the tolerances of the solver mean little to any of them."""


@dataclass(frozen=True, eq=False)
class Answer:
    """
    What the solver found.

    Parameters
    ----------
    state
        `solved`: it is as good as was asked for; `infeasible`: no values keep all rows;
        `stopped`: out of time or cancelled.
    values
        Best values found, shape (columns,); None where none were.
    bound
        No values cost less than this.
    """

    state: Literal["solved", "infeasible", "stopped"]
    values: FloatArray | None
    bound: float


@dataclass(eq=False)
class Programme:
    """
    A programme to minimise, built block by block.

    Parameters
    ----------
    offset
        Added to the cost.
    """

    offset: float = 0.0
    _columns: list[tuple[FloatArray, FloatArray, FloatArray, BoolArray]] = field(
        default_factory=list
    )
    _cells: list[tuple[LongArray, LongArray, FloatArray]] = field(default_factory=list)
    _bounds: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(
        self, cost: Any, *, lower: Any = 0.0, upper: Any = 1.0, whole: bool = False
    ) -> LongArray:
        """
        Add columns and return their numbers.

        Parameters
        ----------
        cost
            Cost of each, shape (columns,).
        lower, upper
            Their bounds.
        whole
            Whether they must be whole numbers.
        """
        cost = np.asarray(cost, dtype=np.float64)
        count = len(cost)
        bounds = [np.broadcast_to(np.asarray(b, dtype=np.float64), count) for b in (lower, upper)]
        self._columns.append((cost, bounds[0], bounds[1], np.full(count, whole)))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(
        self, row: Any, column: Any, value: Any, *, lower: Any = -INFINITY, upper: Any = INFINITY,
        count: int | None = None,
    ) -> None:  # fmt: skip
        """
        Add rows from their cells.

        Parameters
        ----------
        row, column, value
            Cells; rows count from 0 in this block; those of one place are summed.
        lower, upper
            Bounds of the rows.
        count
            How many rows; by default as many as have cells.
        """
        row, column = np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64)
        rows = (int(row.max(initial=-1)) + 1) if count is None else count
        value = np.broadcast_to(np.asarray(value, dtype=np.float64), len(row))
        self._cells.append((row + self.rows, column, value))
        bounds = [np.broadcast_to(np.asarray(b, dtype=np.float64), rows) for b in (lower, upper)]
        self._bounds.append((bounds[0], bounds[1]))
        self.rows += rows

    def add_row(
        self, column: Any, value: Any, *, lower: float = -INFINITY, upper: float = INFINITY
    ) -> None:
        """Add one row."""
        self.add_rows(np.zeros(len(column)), column, value, lower=lower, upper=upper, count=1)

    def solve(
        self,
        watch: Watch,
        *,
        start: tuple[LongArray, FloatArray] | None = None,
        gap: float = 0.0,
        step: float = 0.0,
        enough: float = -INFINITY,
        hopeless: float = INFINITY,
    ) -> Answer:
        """
        Minimise.

        Parameters
        ----------
        watch
            When to stop.
        start
            Columns and values of a plan known already.
        gap
            Share of the cost within which it counts as solved.
        step
            All costs are multiples of this; 0: they are not.
        enough
            The search may end with any values that cost no more than this.
        hopeless
            It may end once all values are sure to cost more than this.
        """
        if not self.columns:
            kept = all((low <= 0).all() and (high >= 0).all() for low, high in self._bounds)
            return Answer("solved", np.empty(0), self.offset) if kept else Answer(
                "infeasible", None, np.inf
            )  # fmt: skip
        cost = np.concatenate([columns[0] for columns in self._columns])
        scale = LARGEST_COST / (float(np.abs(cost).max()) or LARGEST_COST)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", watch.left_s)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_abs_gap", max(step * scale * (1 - 1e-4), 1e-9))
        solver.setOptionValue("objective_target", max(enough * scale, -INFINITY))
        solver.passModel(self._model(cost * scale, self.offset * scale))
        solver.cbMipInterrupt += lambda event: _ask(event, watch, hopeless * scale)
        solver.cbSimplexInterrupt += lambda event: _ask(event, watch)
        if start is not None:
            solver.setSolution(len(start[0]), start[0].astype(np.int32), start[1])
        run(solver)
        answer = _answer(solver, scale)
        if answer.state == "stopped" and answer.bound <= hopeless and not watch.over():
            watch.stopped = "time limit"
        return answer

    def _model(self, cost: FloatArray, offset: float) -> highspy.HighsLp:
        row, column, value = (np.concatenate(parts) for parts in zip(*self._cells, strict=True))
        cells = coo_array((value, (row, column)), shape=(self.rows, self.columns)).tocsr()
        cells.sum_duplicates()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.offset_ = offset
        model.col_cost_ = cost
        model.col_lower_ = np.concatenate([columns[1] for columns in self._columns])
        model.col_upper_ = np.concatenate([columns[2] for columns in self._columns])
        model.row_lower_ = np.concatenate([bounds[0] for bounds in self._bounds])
        model.row_upper_ = np.concatenate([bounds[1] for bounds in self._bounds])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = cells.indptr
        model.a_matrix_.index_ = cells.indices
        model.a_matrix_.value_ = cells.data
        whole = np.concatenate([columns[3] for columns in self._columns])
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        if whole.any():
            model.integrality_ = [kinds[is_whole] for is_whole in whole.tolist()]
        return model


def run(solver: highspy.Highs) -> None:
    """Run a solver, also where another library has set up HiGHS for other threads before."""
    if solver.run() == highspy.HighsStatus.kError:
        solver.resetGlobalScheduler(True)  # noqa: FBT003
        solver.run()


def _ask(event: Any, watch: Watch, hopeless: float = INFINITY) -> None:
    if event.data_out.mip_dual_bound > hopeless or watch.over():
        event.interrupt()


def _answer(solver: highspy.Highs, scale: float) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in (
        highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible
    ):  # fmt: skip
        return Answer("infeasible", None, np.inf)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if found else None
    good = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)
    solved = status in good and values is not None
    whole = len(solver.getLp().integrality_) > 0
    bound = info.mip_dual_bound if whole else info.objective_function_value
    return Answer("solved" if solved else "stopped", values, bound / scale)
