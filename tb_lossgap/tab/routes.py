"""Thin HTTP routes over the library: http_api.md, route by route."""

from __future__ import annotations

import gzip
import hashlib
import logging
from typing import TYPE_CHECKING
from typing import Any

from tensorboard.backend import http_util

from tb_lossgap.analysis import patience_table
from tb_lossgap.tab import requests
from tb_lossgap.tab import static_files
from tb_lossgap.wire import answers
from tb_lossgap.wire import documents
from tb_lossgap.wire.bands import groups_bytes
from tb_lossgap.wire.columns import TooMuch
from tb_lossgap.wire.columns import series_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from werkzeug import Request
    from werkzeug import Response

    from tb_lossgap.library import Library
    from tb_lossgap.snapshot import Curves
    from tb_lossgap.snapshot import Snapshot

_logger = logging.getLogger(__name__)

_A_YEAR = 365 * 24 * 3600
_JSON = "application/json"
_COLUMNS = "application/octet-stream"
_READ = ("GET", "HEAD")
METHODS = {
    **dict.fromkeys(("static", "progress", "trainings", "judgements", "tags"), _READ),
    **dict.fromkeys(("series", "groups", "patience"), ("POST",)),
}


class Routes:
    """Answers the page's requests from one library; holds nothing of its own."""

    def __init__(self, library: Library) -> None:
        """Takes the library to answer from."""
        self._library = library
        self._routes: dict[str, Callable[[Request], Response]] = {
            "static": static,
            "progress": self.progress,
            "trainings": self.trainings,
            "judgements": self.judgements,
            "series": self.series,
            "groups": self.groups,
            "patience": self.patience,
            "tags": self.tags,
        }

    def answer(self, name: str, request: Request) -> Response:
        """The answer of one route; a failure becomes a JSON error, never an exception."""
        allowed = METHODS[name]
        if request.method not in allowed:
            headers = [("Allow", ", ".join(allowed))]
            return _error(request, f"{name} is asked for by {allowed[0]}", 405, headers=headers)
        try:
            return self._routes[name](request)
        except requests.BadRequest as error:
            return _error(request, str(error), error.status)
        except TooMuch as error:
            return _error(request, str(error), 400)
        except Exception as error:
            _logger.exception("Loss Gap could not answer %s", request.path)
            return _error(request, f"internal error ({type(error).__name__}); TensorBoard's log has the details", 500)

    def progress(self, request: Request) -> Response:
        """How far reading has come."""
        return _respond(request, documents.dumps(documents.progress(self._library.snapshot())), _JSON)

    def trainings(self, request: Request) -> Response:
        """Every training, judged."""
        asked = requests.judging(request)
        snapshot = self._library.snapshot().with_choices(asked.view.choices)

        def answer() -> bytes:
            found = documents.trainings(snapshot, asked.parameters, metric=asked.view.metric, joined=asked.joined)
            return documents.dumps(found).encode()

        return _tagged(request, snapshot, asked, answer, _JSON)

    def judgements(self, request: Request) -> Response:
        """What other parameters change of the judgements."""
        asked = requests.judging(request)
        snapshot = self._library.snapshot().with_choices(asked.view.choices)
        answer = answers.judgements(snapshot, asked.parameters, asked.than, metric=asked.view.metric)
        return _respond(request, documents.dumps(answer), _JSON)

    def series(self, request: Request) -> Response:
        """The curves of some trainings."""
        asked = requests.series(request)
        snapshot, curves, missing = self._curves(asked.ids, asked.view)
        return _tagged(
            request, snapshot, asked, lambda: series_bytes(snapshot.version, curves, missing, asked.window), _COLUMNS
        )

    def groups(self, request: Request) -> Response:
        """The mean curves of groups of trainings."""
        asked = requests.groups(request)
        ids = {known: None for members in asked.groups.values() for known in members}
        snapshot, curves, missing = self._curves(ids, asked.view)
        found = {name: [curves[one] for one in ids if one in curves] for name, ids in asked.groups.items()}

        def answer() -> bytes:
            return groups_bytes(snapshot.version, found, missing, asked.window, asked.axis)

        return _tagged(request, snapshot, asked, answer, _COLUMNS)

    def patience(self, request: Request) -> Response:
        """What several patiences would have done to some trainings."""
        asked = requests.patience(request)
        snapshot, curves, missing = self._curves(asked.ids, asked.view)
        table = patience_table(
            (one.measured for one in curves.values()), patiences=asked.patiences, min_delta=asked.min_delta
        )
        return _respond(request, documents.dumps(answers.patience(snapshot, table, len(curves), missing)), _JSON)

    def tags(self, request: Request) -> Response:
        """The scalars from which a training's pair may be chosen."""
        snapshot = self._library.snapshot()
        entry = snapshot.entries.get(request.args.get("id", ""))
        if entry is None:
            raise requests.NotThere("id must be that of a training; it may be gone since")
        return _respond(request, documents.dumps(answers.tags(snapshot, entry)), _JSON)

    def _curves(self, ids: Iterable[str], view: requests.View) -> tuple[Snapshot, dict[str, Curves], list[str]]:
        """The snapshot as it is looked at, the curves of some trainings, and the ids that have none."""
        snapshot = self._library.snapshot().with_choices(view.choices)
        curves, missing = {}, []
        for known in ids:
            entry = snapshot.entries.get(known)
            found = entry.curves(view.metric) if entry else None
            if found is None:
                missing.append(known)
            else:
                curves[known] = found
        return snapshot, curves, missing


def static(request: Request) -> Response:
    """One file of the built front end, kept by browsers for as long as its fingerprint is asked for."""
    name = request.path.partition("/static/")[2]
    if name not in static_files.MIMETYPES:
        raise requests.NotThere(f"there is no static file {name[:80]!r}")
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


def _tagged(
    request: Request, snapshot: Snapshot, asked: object, make: Callable[[], bytes], content_type: str
) -> Response:
    """What `make` gives, which is not made for those who have the answer to this question about this snapshot."""
    told = (request.path, snapshot.version, snapshot.state, snapshot.progress, asked)
    tag = hashlib.blake2s(repr(told).encode(), digest_size=12).hexdigest()
    headers = [("ETag", f'"{tag}"')]
    if tag in request.if_none_match:
        return _respond(request, b"", content_type, code=304, headers=headers)
    content = make()
    if content_type == _COLUMNS and _pays_to_compress(request):
        return _respond(request, gzip.compress(content, 1), content_type, content_encoding="gzip", headers=headers)
    return _respond(request, content, content_type, headers=headers)


def _pays_to_compress(request: Request) -> bool:
    """Whether columns are sooner at a browser when compressed: not at one on this machine."""
    address = request.remote_addr or ""
    is_near = address == "::1" or address.rpartition(":")[2].startswith("127.")
    return bool(request.accept_encodings.quality("gzip")) and not is_near


def _error(request: Request, message: str, code: int, **more: Any) -> Response:
    return _respond(request, documents.dumps({"error": message}), _JSON, code=code, **more)
