"""The TensorBoard tab: what TensorBoard asks at start-up, and routes that load the rest at the first request."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from tb_lossgap.tab import static_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from tb_lossgap.tab.routes import Routes

_ROUTES = {
    "/static/*": "static",
    **{f"/{name}": name for name in ("trainings", "judgements", "series", "groups", "patience", "tags", "progress")},
}


class LossGapPlugin(base_plugin.TBPlugin):  # type: ignore[misc]  # TensorBoard ships no types
    """Pairs training and validation losses, judges every training, and serves both to the page."""

    plugin_name = "lossgap"

    def __init__(self, context: base_plugin.TBContext) -> None:
        """Remembers the context; nothing is read before the first request."""
        super().__init__(context)
        self._context = context
        # Made here, where the loader catches what fails: an exception in frontend_metadata would break every tab.
        self._script = f"/static/index.js?v={static_files.fingerprint()}"
        self._opening = threading.Lock()

    def get_plugin_apps(self) -> dict[str, Any]:
        """The routes of http_api.md, each a WSGI application."""
        return {path: self._application(name) for path, name in _ROUTES.items()}

    def is_active(self) -> bool:
        """Always true: where there are no scalars yet, the page says what to do."""
        return True

    def data_plugin_names(self) -> tuple[str, ...]:
        """The tab shows wherever there are scalars."""
        return ("scalars",)

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """Where the page's script is; its query changes with its content."""
        return base_plugin.FrontendMetadata(es_module_path=self._script, tab_name="Loss Gap")

    @cached_property
    def routes(self) -> Routes:
        """The routes over this TensorBoard's logdir."""
        # Start-up must not pay for the reader and its libraries.
        from tb_lossgap.tab.host import open_library
        from tb_lossgap.tab.routes import Routes

        return Routes(open_library(self._context))

    def _application(self, name: str) -> Callable[..., Iterable[bytes]]:
        @wrappers.Request.application
        def application(request: wrappers.Request) -> wrappers.Response:
            with self._opening:
                routes = self.routes
            return routes.answer(name, request)

        return application
