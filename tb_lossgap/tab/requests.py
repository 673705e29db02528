"""What the routes understand of a request: parameters read, checked and limited."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import Parameters
from tb_lossgap.wire.columns import DEFAULT_POINTS
from tb_lossgap.wire.columns import Window

if TYPE_CHECKING:
    from werkzeug import Request

_GAPS = ("absolute", "relative", "ratio")
_MOST_IDS = 2_000
_MOST_POINTS = 1_000_000
_MOST_PATIENCE = 1_000_000
_LONGEST_BODY = 1 << 20
_LONGEST_NAME = 4_096


class BadRequest(ValueError):
    """A request that cannot be answered; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """The body of a `series` request."""

    ids: tuple[str, ...]
    metric: str
    window: Window


def judging(request: Request) -> tuple[str, Parameters]:
    """The metric ("" for primary pairs) and the parameters that a `trainings` request names.

    Raises:
        BadRequest: A parameter is no number or outside its limits.
    """
    default = Parameters()
    return _metric(request.args.get("metric", "")), Parameters(
        patience=int(_number(request, "patience", default.patience, _MOST_PATIENCE)),
        min_delta=_number(request, "min_delta", default.min_delta, math.inf),
        tolerance=_number(request, "tolerance", default.tolerance, math.inf),
    )


def _metric(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise BadRequest('metric must be the name of a quantity such as "loss", or empty')
    return value


def _number(request: Request, name: str, default: float, most: float) -> float:
    text = request.args.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and 0 <= value <= most):
        limit = "" if math.isinf(most) else f" and at most {most}"
        raise BadRequest(f"{name} must be a number of at least 0{limit}, not {text[:40]!r}")
    return value


def series(request: Request) -> SeriesRequest:
    """What a `series` request asks for.

    Raises:
        BadRequest: The body is not what http_api.md describes.
    """
    body = _body(request)
    ids = body.get("ids")
    if not isinstance(ids, list) or len(ids) > _MOST_IDS or not all(isinstance(one, str) for one in ids):
        raise BadRequest(f'"ids" must be a list of at most {_MOST_IDS} ids of trainings')
    gap = body.get("gap", "absolute")
    if gap not in _GAPS:
        raise BadRequest(f'"gap" must be one of {", ".join(_GAPS)}')
    points = body.get("points", DEFAULT_POINTS)
    if isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= _MOST_POINTS:
        raise BadRequest(f'"points" must be a whole number from 0 to {_MOST_POINTS}')
    window = Window(gap=gap, points=points, first=_bound(body, "from"), last=_bound(body, "to"))
    return SeriesRequest(tuple(dict.fromkeys(ids)), _metric(body.get("metric", "")), window)


def _body(request: Request) -> dict[str, Any]:
    if (request.content_length or 0) > _LONGEST_BODY:
        raise BadRequest(f"the body must not be longer than {_LONGEST_BODY} bytes")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object, as http_api.md describes")
    return body


def _bound(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadRequest(f'"{name}" must be a step, or null')
    return float(value)
