"""A report as one HTML file: the page of the tab, with what its server would answer inside."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tb_lossgap.analysis import Parameters
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.wire import documents
from tb_lossgap.wire.columns import Window
from tb_lossgap.wire.columns import series_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.cli.lines import Line
    from tb_lossgap.snapshot import Snapshot

_STATIC = Path(__file__).parent.parent / "static"

# What needs a server, by the class that the page gives it.
_ABSENT = ".needs-server"
# Reduced curves are not smoothed as whole ones would be, and are no export of every point.
_ABSENT_WHERE_REDUCED = '.field:has(> #smooth), [aria-label^="Curves, every point"]'

# Up to so many trainings have so many points a curve: a chart is no wider, and the file is to be sent.
_POINTS = ((60, 1000), (250, 500), (2000, 200))
_FEWEST_POINTS = 64

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


def make_page(
    snapshot: Snapshot, lines: Sequence[Line], parameters: Parameters, *, metric: str = "", baseline: str = ""
) -> str:
    """The file: opens without a server and asks nothing of any network.

    Args:
        snapshot: What was read.
        lines: The trainings that it is to show.
        parameters: What they were judged by.
        metric: The quantity that was judged, "" for each training's primary pair.
        baseline: The id of the training that the others are compared with, "" for none.

    Raises:
        BadInput: This installation has no front end.
    """
    wanted = {line.id: line.curves for line in lines}
    points = next((points for most, points in _POINTS if len(wanted) <= most), _FEWEST_POINTS)
    document = documents.trainings(snapshot, parameters, metric=metric)
    ranks = {line.id: line.rank for line in lines}
    document["trainings"] = [{**one, "rank": ranks[one["id"]]} for one in document["trainings"] if one["id"] in wanted]
    reduced = any(max(line.row.train_points, line.row.val_points) > points for line in lines)
    curves = gzip.compress(series_bytes(snapshot.version, wanted, (), Window(points=points)), mtime=0)
    island = {"trainings": document, "runs": _runs(snapshot), "series": base64.b64encode(curves).decode()}
    return _PAGE.format(
        title=html.escape(os.path.basename(os.path.abspath(snapshot.logdir))),
        style=_static("index.css").replace("</", "<\\/"),
        absent=f"{_ABSENT}, {_ABSENT_WHERE_REDUCED}" if reduced else _ABSENT,
        island=_in_script(documents.dumps(island)),
        link=_in_script(json.dumps(_link(parameters, metric, baseline))),
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


def _link(parameters: Parameters, metric: str, baseline: str) -> str:
    """The address part that sets the page to what was judged, in the names of the page's settings."""
    usual = asdict(Parameters())
    settings = {
        "metric": metric,
        "baseline": baseline,
        **{name: value for name, value in asdict(parameters).items() if value != usual[name]},
    }
    chosen = (f"p.lossgap.{name}={quote(str(value), safe='')}" for name, value in settings.items() if value != "")
    return "#" + "&".join(chosen)


def _runs(snapshot: Snapshot) -> list[str]:
    """Runs in the order from which TensorBoard hands out colours: by their first point, then by name."""
    first: dict[str, float] = {}
    for key, series in snapshot.series.items():
        if len(series):
            first[key.run] = min(first.get(key.run, float("inf")), float(series.wall_times[0]))
    return sorted(first, key=lambda run: (first[run], run))
