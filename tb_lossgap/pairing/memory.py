"""Remembers what names say: a logdir has thousands of series, and few names among them."""

from __future__ import annotations

from functools import lru_cache
from functools import wraps
from typing import TYPE_CHECKING
from typing import ParamSpec
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Names = ParamSpec("_Names")
_Result = TypeVar("_Result")

_MOST_NAMES = 65_536
# What is known of a name takes a hundred times its length: so many long ones would fill the memory.
_LONGEST_NAME = 300


def remembered(function: Callable[_Names, _Result]) -> Callable[_Names, _Result]:
    """Calls a pure function of names once for each, and again for names of unusual length."""
    known = lru_cache(_MOST_NAMES)(function)

    @wraps(function)
    def answer(*names: _Names.args, **more: _Names.kwargs) -> _Result:
        usual = all(len(name) <= _LONGEST_NAME for name in names if isinstance(name, str))
        if not usual:
            return function(*names, **more)
        return known(*names, **more)  # type: ignore[arg-type]  # names are hashable

    return answer
