"""Whether two outcomes are the same, however deep: to a relative 1e-9, and texts to one in the last digit of their numbers."""

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

NEEDS_ROWS = {"identifiers-in-data", "reconstruction-of-protected"}
"""The checks that a server answers otherwise, since its rows stay with it: docs/engines.md has the list."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def differences(a: Any, b: Any, where: str = "") -> Iterator[str]:
    """Where two outcomes are not the same."""
    if dataclasses.is_dataclass(a) and type(a) is type(b):
        for field in dataclasses.fields(a):
            yield from differences(getattr(a, field.name), getattr(b, field.name), f"{where}.{field.name}")
    elif isinstance(a, tuple | list) and isinstance(b, tuple | list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from differences(x, y, f"{where}[{i}]")
    elif isinstance(a, Mapping) and isinstance(b, Mapping) and a.keys() == b.keys():
        for key in a:
            yield from differences(a[key], b[key], f"{where}[{key}]")
    elif isinstance(a, float) and isinstance(b, float):
        if not math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9):
            yield f"{where}: {a} is not {b}"
    elif isinstance(a, str) and isinstance(b, str):
        if NUMBER.sub("#", a) != NUMBER.sub("#", b) or any(map(_apart, NUMBER.findall(a), NUMBER.findall(b))):
            yield f"{where}: {a} is not {b}"
    elif a != b:
        yield f"{where}: {a} is not {b}"


def _apart(a: str, b: str) -> bool:
    """Whether two numbers in a text differ by more than rounding the same figure: one in the last digit."""
    return abs(int(re.sub("[.,]", "", a)) - int(re.sub("[.,]", "", b))) > (1 if re.search("[.,]", a + b) else 0)
