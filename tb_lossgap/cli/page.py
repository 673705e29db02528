"""A report as one HTML file: the page of the tab, with what its server would answer inside."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tb_lossgap.analysis import Parameters
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tb_lossgap.cli.island import Island

_STATIC = Path(__file__).parent.parent / "static"

# What the page cannot offer, by the class that it gives it: what needs a server, a choice among one metric, what
# reduced curves are too coarse for. They are not smoothed as whole ones would be, and are no export of every point.
_SERVED = ".needs-server"
_OTHER_METRICS = ".field.metric"
_WHOLE_CURVES = '.field:has(> #smooth), [aria-label^="Curves, every point"]'
_MEANS = ".needs-means"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'; img-src data: blob:; font-src data:; connect-src blob: data:; form-action 'none'">
<title>Loss Gap: {title}</title>
<link rel="icon" href="data:,">
<style>{style}
{absent} {{ display: none !important; }}</style>
</head>
<body>
<script type="application/json" id="lossgap-island">{island}</script>
<script>
if (matchMedia("(prefers-color-scheme: dark)").matches) document.body.classList.add("dark-mode");
if (location.hash === "") history.replaceState(null, "", {link});
</script>
<script type="module">{script}</script>
</body>
</html>
"""


def make_page(logdir: str, island: Island, link: str) -> str:
    """The file: opens without a server and asks nothing of any network.

    Args:
        logdir: What was read.
        island: The answers.
        link: The address part that sets the page to what the command was told.

    Raises:
        BadInput: This installation has no front end.
    """
    content = island.content
    absent = {
        _SERVED: True,
        _OTHER_METRICS: len(content["metrics"]) == 1,
        _WHOLE_CURVES: island.is_reduced,
        _MEANS: not content["means"],
    }
    return _PAGE.format(
        title=html.escape(os.path.basename(os.path.abspath(logdir))),
        style=_static("index.css").replace("</", "<\\/"),
        absent=", ".join(selector for selector, is_absent in absent.items() if is_absent),
        island=_in_script(documents.dumps(content)),
        link=_in_script(json.dumps(link)),
        script=_static("index.js").replace("</script", "<\\/script").replace("<!--", "\\x3c!--"),
    )


def _static(name: str) -> str:
    try:
        return (_STATIC / name).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput("this installation has no front end; install it again: pip install tb-lossgap") from error


def _in_script(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return text.replace("<", "\\u003c")


def link_to(parameters: Parameters, settings: Mapping[str, str]) -> str:
    """The address part that sets the page to what was judged and how it is shown.

    Args:
        parameters: What was judged by.
        settings: Further settings by the names that the page has for them; "" is left out.
    """
    moved = parameters.sliders.items() - Parameters().sliders.items()
    judged = {name: str(value) for name, value in sorted(moved)}
    chosen = (f"p.lossgap.{name}={quote(value, safe='')}" for name, value in {**settings, **judged}.items() if value)
    return "#" + "&".join(chosen)
