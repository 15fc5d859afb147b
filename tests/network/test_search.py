"""Kernels that were compiled in different processes and kept can be loaded into one."""

import ast
from pathlib import Path

import geoengine


def kernels():
    for path in sorted(Path(geoengine.__file__).parent.rglob("*.py")):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(found, ast.FunctionDef) and any(
                "njit" in ast.unparse(mark) for mark in found.decorator_list
            ):
                yield f"{path.stem}.{found.name}", found


def test_no_kernel_orders_positions_by_numbas_quicksort():
    """
    numba numbers the helpers of its quicksort by process, so those that order values and those
    that order positions can come to have one name. The one loaded first then serves both.
    """
    assert {name for name, _ in kernels()} >= {"search.settle", "hierarchy._contract"}
    faulty = [
        f"{name}: {ast.unparse(call)}"
        for name, kernel in kernels()
        for call in ast.walk(kernel)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("argsort")
        and "mergesort" not in ast.unparse(call)
    ]
    assert faulty == []
