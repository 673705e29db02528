"""`tb-lossgap plot`: a picture of the curves, their gap and their markers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tb_lossgap.cli import words
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.errors import need
from tb_lossgap.cli.lines import judged_lines
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.cli.options import add_choosing
from tb_lossgap.cli.options import add_judging
from tb_lossgap.cli.options import parameters
from tb_lossgap.cli.options import whole
from tb_lossgap.cli.output import writing

if TYPE_CHECKING:
    import argparse

_KINDS = ("png", "svg", "pdf")

_EPILOG = """\
Needs matplotlib: pip install 'tb-lossgap[plot]'

examples:
  tb-lossgap plot runs curves.png
  tb-lossgap plot runs overfit.svg --filter '^cnn-wide$' --gap relative
  tb-lossgap plot runs all.pdf --top 50 --log

exit status:
  0 the picture was written
  2 bad input, or there is nothing to draw
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Draws training, validation and their gap of the best trainings, with the markers of the tab."
    parser.epilog = _EPILOG
    add_logdir(parser)
    parser.add_argument("output", metavar="FILE", help="the picture; its ending says which kind: .png, .svg or .pdf")
    add_choosing(parser)
    parser.add_argument("--top", metavar="N", type=whole, default=10, help="only the best N (default: %(default)s)")
    parser.add_argument(
        "--gap", choices=("absolute", "relative", "ratio"), default="absolute", help="default: absolute"
    )
    parser.add_argument("--log", action="store_true", help="logarithmic axis of the losses")
    add_judging(parser)


def run(options: argparse.Namespace) -> int:
    """Writes the picture."""
    kind = os.path.splitext(options.output)[1].lower().removeprefix(".")
    if kind not in _KINDS:
        raise BadInput(f"{options.output}: a picture's name ends with {', '.join(f'.{one}' for one in _KINDS)}")
    matplotlib = need("matplotlib", extra="plot")
    from tb_lossgap.drawing import Drawn
    from tb_lossgap.drawing import make_figure

    judging = parameters(options)
    lines = judged_lines(read(options), judging, options)
    drawn = [Drawn(line.name, line.curves, line.row.judgement, judging.stop_rule) for line in lines[: options.top]]
    if not drawn:
        raise BadInput("there is nothing to draw")
    figure = make_figure(drawn, gap=options.gap, log=options.log)
    # Text stays text in SVG; without a date, the same logs give the same file.
    fixed = {"svg.fonttype": "none", "svg.hashsalt": "tb-lossgap"}
    when = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
    with writing(options.output) as stream, matplotlib.rc_context(fixed):
        figure.savefig(stream, format=kind, dpi=150, metadata=when)
    if len(lines) > len(drawn):
        print(f"tb-lossgap: drew {len(drawn)} of {words.plural(len(lines), 'training')}; see --top", file=sys.stderr)
    return 0
