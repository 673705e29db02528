"""What the routes understand of a request: parameters read, checked and limited."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import get_args

from werkzeug.exceptions import HTTPException

from tb_lossgap.analysis import PATIENCES
from tb_lossgap.analysis import Criterion
from tb_lossgap.analysis import Parameters
from tb_lossgap.model import SeriesKey
from tb_lossgap.snapshot import Choice
from tb_lossgap.wire.bands import AXES
from tb_lossgap.wire.columns import DEFAULT_POINTS
from tb_lossgap.wire.columns import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request

    from tb_lossgap.wire.bands import Axis

_GAPS = ("absolute", "relative", "ratio")
_CRITERIA: tuple[str, ...] = get_args(Criterion)
_CHOICE = ("training", "train run", "train tag", "validation run", "validation tag")
_MOST_IDS = 2_000
_MOST_GROUPS = 200
_MOST_CHOICES = 100
_MOST_BOARDS = 50
_MOST_PATIENCES = 20
_MOST_POINTS = 1_000_000
_MOST_PATIENCE = 1_000_000
_MOST_SMOOTH = 0.999
_LONGEST_BODY = 1 << 20
_LONGEST_NAME = 4_096


class BadRequest(ValueError):
    """A request that cannot be answered; the message says what is wrong and what to do."""

    status = 400


class NotThere(BadRequest):
    """A request for something that does not exist, or no longer does."""

    status = 404


@dataclass(frozen=True, slots=True)
class View:
    """By which pair each training is looked at.

    Attributes:
        metric: A quantity, "" for each training's primary pair.
        choices: Pairs that the reader chose by hand, in place of primary pairs.
    """

    metric: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Judging:
    """What a `trainings` or `judgements` request asks for.

    Attributes:
        view: By which pairs.
        parameters: By which parameters.
        than: The parameters that the answer is compared with.
        joined: Tags of validation series that are ranked together.
    """

    view: View = field(default_factory=View)
    parameters: Parameters = field(default_factory=Parameters)
    than: Parameters = field(default_factory=Parameters)
    joined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """The body of a `series` request."""

    ids: tuple[str, ...]
    view: View
    window: Window


@dataclass(frozen=True, slots=True)
class PatienceRequest:
    """The body of a `patience` request."""

    ids: tuple[str, ...]
    view: View
    patiences: tuple[int, ...]
    min_delta: float


@dataclass(frozen=True, slots=True)
class GroupsRequest:
    """The body of a `groups` request: ids by the name of their group."""

    groups: dict[str, tuple[str, ...]]
    view: View
    window: Window
    axis: Axis


def judging(request: Request) -> Judging:
    """What a request asks to be judged, and how.

    Raises:
        BadRequest: A parameter is of the wrong kind or outside its limits.
    """
    args = request.args
    return Judging(
        view=View(_metric(args.get("metric", "")), _choices(_parsed(args.get("pairs"), "pairs", []))),
        parameters=_parameters(args),
        than=_parameters(_parsed(args.get("than"), "than", {})),
        joined=_joined(_parsed(args.get("joined"), "joined", [])),
    )


def _parameters(given: Mapping[str, Any]) -> Parameters:
    default = Parameters()
    criterion = given.get("criterion", default.criterion)
    if criterion not in _CRITERIA:
        raise BadRequest(f"criterion must be one of {', '.join(_CRITERIA)}")
    return Parameters(
        patience=_whole(given, "patience", default.patience, _MOST_PATIENCE),
        min_delta=_number(given, "min_delta", default.min_delta, math.inf),
        tolerance=_number(given, "tolerance", default.tolerance, math.inf),
        criterion=criterion,
        alpha=_number(given, "alpha", default.alpha, math.inf),
    )


def _metric(value: object) -> str:
    if not _is_name(value):
        raise BadRequest('metric must be the name of a quantity such as "loss", or empty')
    return str(value)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NAME


def _parsed(text: str | None, name: str, default: Any) -> Any:
    if not text:
        return default
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, type(default)):
        raise BadRequest(f"{name} must be JSON, as http_api.md describes")
    return value


def _choices(value: Any) -> tuple[Choice, ...]:
    if not isinstance(value, list) or len(value) > _MOST_CHOICES:
        raise BadRequest(f"pairs must be a list of at most {_MOST_CHOICES} pairs")
    for one in value:
        if not isinstance(one, list) or len(one) != len(_CHOICE) or not all(_is_name(part) for part in one):
            raise BadRequest(f"each of pairs must be [{', '.join(_CHOICE)}]")
    return tuple(Choice(one[0], SeriesKey(one[1], one[2]), SeriesKey(one[3], one[4])) for one in value)


def _joined(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > _MOST_BOARDS or not all(_is_name(one) for one in value):
        raise BadRequest(f"joined must be a list of at most {_MOST_BOARDS} validation tags")
    return frozenset(value)


def _number(given: Mapping[str, Any], name: str, default: float, most: float) -> float:
    told = given.get(name, default)
    try:
        value = math.nan if isinstance(told, bool) else float(told)
    except (ValueError, TypeError, OverflowError):
        value = math.nan
    if not (math.isfinite(value) and 0 <= value <= most):
        limit = "" if math.isinf(most) else f" and at most {most}"
        raise BadRequest(f"{name} must be a number of at least 0{limit}, not {str(told)[:40]!r}")
    return value


def _whole(given: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = _number(given, name, default, most)
    if not value.is_integer():
        raise BadRequest(f"{name} must be a whole number, not {value}")
    return int(value)


def series(request: Request) -> SeriesRequest:
    """What a `series` request asks for.

    Raises:
        BadRequest: The body is not what http_api.md describes.
    """
    body = _body(request)
    return SeriesRequest(_ids(body.get("ids"), '"ids"'), _view(body), _window(body))


def patience(request: Request) -> PatienceRequest:
    """What a `patience` request asks for.

    Raises:
        BadRequest: The body is not what http_api.md describes.
    """
    body = _body(request)
    wanted = body.get("patiences", list(PATIENCES))
    if not (
        isinstance(wanted, list)
        and 0 < len(wanted) <= _MOST_PATIENCES
        and all(_is_whole(one) and 0 <= one <= _MOST_PATIENCE for one in wanted)
    ):
        raise BadRequest(f'"patiences" must be 1 to {_MOST_PATIENCES} whole numbers from 0 to {_MOST_PATIENCE}')
    return PatienceRequest(
        ids=_ids(body.get("ids"), '"ids"'),
        view=_view(body),
        patiences=tuple(sorted(set(map(int, wanted)))),
        min_delta=_within(body, "min_delta", 0.0, math.inf),
    )


def groups(request: Request) -> GroupsRequest:
    """What a `groups` request asks for.

    Raises:
        BadRequest: The body is not what http_api.md describes.
    """
    body = _body(request)
    wanted = body.get("groups")
    if not isinstance(wanted, dict) or len(wanted) > _MOST_GROUPS or not all(map(_is_name, wanted)):
        raise BadRequest(f'"groups" must be an object of at most {_MOST_GROUPS} lists of ids, by name')
    found = {name: _ids(ids, "each group") for name, ids in wanted.items()}
    if sum(map(len, found.values())) > _MOST_IDS:
        raise BadRequest(f'"groups" must hold at most {_MOST_IDS} ids in all')
    axis = body.get("x", "step")
    if axis not in AXES:
        raise BadRequest(f'"x" must be one of {", ".join(AXES)}')
    return GroupsRequest(found, _view(body), _window(body), axis)


def _body(request: Request) -> dict[str, Any]:
    try:
        # Not by its Content-Length alone: a body that comes in chunks has none.
        sent = request.stream.read(_LONGEST_BODY + 1)
    except (OSError, HTTPException):
        raise BadRequest("the body ends before it says that it does, or is in no proper chunks") from None
    if len(sent) > _LONGEST_BODY:
        raise BadRequest(f"the body must not be longer than {_LONGEST_BODY} bytes")
    try:
        body = json.loads(sent)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object, as http_api.md describes")
    return body


def _ids(value: Any, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_IDS or not all(isinstance(one, str) for one in value):
        raise BadRequest(f"{what} must be a list of at most {_MOST_IDS} ids of trainings")
    return tuple(dict.fromkeys(value))


def _view(body: dict[str, Any]) -> View:
    return View(_metric(body.get("metric", "")), _choices(body.get("pairs", [])))


def _window(body: dict[str, Any]) -> Window:
    gap = body.get("gap", "absolute")
    if gap not in _GAPS:
        raise BadRequest(f'"gap" must be one of {", ".join(_GAPS)}')
    points = body.get("points", DEFAULT_POINTS)
    if not _is_whole(points) or not 0 <= points <= _MOST_POINTS:
        raise BadRequest(f'"points" must be a whole number from 0 to {_MOST_POINTS}')
    smooth = _within(body, "smooth", 0.0, _MOST_SMOOTH)
    return Window(gap=gap, points=int(points), first=_bound(body, "from"), last=_bound(body, "to"), smooth=smooth)


def _within(body: dict[str, Any], name: str, default: float, most: float) -> float:
    value = _finite(body.get(name, default))
    if value is None or not 0 <= value <= most:
        raise BadRequest(f'"{name}" must be a number of at least 0' + ("" if math.isinf(most) else f", at most {most}"))
    return value


def _bound(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is not None and (value := _finite(value)) is None:
        raise BadRequest(f'"{name}" must be a step, or null')
    return value


def _is_whole(value: Any) -> bool:
    """Whether JSON holds a whole number; 1.0 is one."""
    number = _finite(value)
    return number is not None and number.is_integer()


def _finite(value: Any) -> float | None:
    """A number as float, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
