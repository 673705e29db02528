"""Thin HTTP routes over the library: http_api.md, route by route."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING
from typing import Any

from tensorboard.backend import http_util

from tb_lossgap.analysis import ranks
from tb_lossgap.tab import requests
from tb_lossgap.tab import static_files
from tb_lossgap.wire import documents
from tb_lossgap.wire.columns import series_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Request
    from werkzeug import Response

    from tb_lossgap.library import Library

_logger = logging.getLogger(__name__)

_A_YEAR = 365 * 24 * 3600
_JSON = "application/json"


class Routes:
    """Answers the page's requests from one library; holds nothing of its own."""

    def __init__(self, library: Library) -> None:
        """Takes the library to answer from."""
        self._library = library
        self._routes: dict[str, Callable[[Request], Response]] = {
            "static": static,
            "progress": self.progress,
            "trainings": self.trainings,
            "series": self.series,
        }

    def answer(self, name: str, request: Request) -> Response:
        """The answer of one route; a failure becomes a JSON error, never an exception."""
        try:
            return self._routes[name](request)
        except requests.BadRequest as error:
            return _error(request, str(error), 400)
        except Exception as error:
            _logger.exception("Loss Gap could not answer %s", request.path)
            return _error(request, f"internal error ({type(error).__name__}); TensorBoard's log has the details", 500)

    def progress(self, request: Request) -> Response:
        """How far reading has come."""
        return _respond(request, documents.dumps(documents.progress(self._library.snapshot())), _JSON)

    def trainings(self, request: Request) -> Response:
        """Every training, judged."""
        metric, parameters = requests.judging(request)
        snapshot = self._library.snapshot()
        ranked = ranks(snapshot.rows(parameters, metric=metric))
        answer = documents.trainings(snapshot, parameters, metric=metric, ranks=ranked)
        return _tagged(request, documents.dumps(answer).encode(), _JSON)

    def series(self, request: Request) -> Response:
        """The curves of some trainings."""
        wanted = requests.series(request)
        snapshot = self._library.snapshot()
        curves, missing = {}, []
        for known in wanted.ids:
            entry = snapshot.entries.get(known)
            found = entry.curves(wanted.metric) if entry else None
            if found is None:
                missing.append(known)
            else:
                curves[known] = found
        answer = series_bytes(snapshot.version, curves, missing, wanted.window)
        return _tagged(request, answer, "application/octet-stream")


def static(request: Request) -> Response:
    """One file of the built front end, kept by browsers for as long as its fingerprint is asked for."""
    name = request.path.rpartition("/static/")[2]
    if name not in static_files.MIMETYPES:
        return _error(request, f"there is no static file {name[:80]!r}", 404)
    return _respond(
        request,
        static_files.compressed(name),
        static_files.MIMETYPES[name],
        content_encoding="gzip",
        expires=_A_YEAR if request.args.get("v") == static_files.fingerprint() else 0,
    )


def _respond(request: Request, content: str | bytes, content_type: str, **more: Any) -> Response:
    """TensorBoard's own answer, with the headers it insists on."""
    response: Response = http_util.Respond(request, content, content_type, **more)
    return response


def _tagged(request: Request, content: bytes, content_type: str) -> Response:
    tag = hashlib.blake2s(content, digest_size=12).hexdigest()
    if tag in request.if_none_match:
        return _respond(request, b"", content_type, code=304, headers=[("ETag", f'"{tag}"')])
    return _respond(request, content, content_type, headers=[("ETag", f'"{tag}"')])


def _error(request: Request, message: str, code: int) -> Response:
    return _respond(request, documents.dumps({"error": message}), _JSON, code=code)
