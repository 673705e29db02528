"""`tb-lossgap watch`: follows live runs and tells when a verdict changes or a stop is reached."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tb_lossgap.cli import words
from tb_lossgap.cli.ending import when_told_to_end
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import open_library
from tb_lossgap.cli.logdir import open_reader
from tb_lossgap.cli.logdir import refreshed
from tb_lossgap.cli.logdir import tell_warnings
from tb_lossgap.cli.memory import Memory
from tb_lossgap.cli.memory import default_path
from tb_lossgap.cli.options import add_choosing
from tb_lossgap.cli.options import add_judging
from tb_lossgap.cli.options import not_negative
from tb_lossgap.cli.options import parameters
from tb_lossgap.cli.tell import Teller
from tb_lossgap.cli.tell import TellingError
from tb_lossgap.cli.tell import news

if TYPE_CHECKING:
    from tb_lossgap.snapshot import Snapshot

_EPILOG = """\
What is there at the first look is remembered, not told. What was told is kept in a state file, so that it is not told
again after a restart; what could not be told is tried again at the next look.

A command has the news as one line of JSON on its standard input, and in LOSSGAP_EVENT ("verdict" or "stop"),
LOSSGAP_TRAINING, LOSSGAP_VERDICT, LOSSGAP_WAS, LOSSGAP_STEP and LOSSGAP_MESSAGE. A URL gets the same JSON by POST.

examples:
  tb-lossgap watch runs
  tb-lossgap watch runs --run 'notify-send "$LOSSGAP_TRAINING" "$LOSSGAP_MESSAGE"'
  tb-lossgap watch runs --patience 20 --post https://example.org/hook
  tb-lossgap watch runs --once --state told.json     (from cron)

exit status:
  0 it was ended by Ctrl+C or SIGTERM, or --once has looked
  2 bad input
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Follows live runs; tells when a training's verdict changes, and when a stop is reached."
    parser.epilog = _EPILOG
    add_logdir(parser)
    add_choosing(parser)
    parser.add_argument("--run", dest="command", metavar="COMMAND", help="run this in a shell for each piece of news")
    parser.add_argument("--post", metavar="URL", type=_url, help="post each piece of news there as JSON")
    parser.add_argument(
        "--every", metavar="SECONDS", type=not_negative, default=10.0, help="time between two looks (default: 10)"
    )
    parser.add_argument(
        "--state", metavar="FILE", help="what was told (default: a file of this logdir's in your state folder)"
    )
    parser.add_argument("--once", action="store_true", help="look once and end")
    add_judging(parser)


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"must begin with http:// or https://, not {text!r}")
    return text


def run(options: argparse.Namespace) -> int:
    """Watches a logdir until it is told to end."""
    memory = Memory(options.state or default_path(options.logdir))
    library, teller = open_library(options, open_reader(options)), Teller(options.command, options.post)
    ended = when_told_to_end(library.close)
    snapshot = refreshed(library)
    tell_warnings(snapshot.warnings)
    # Where reading was ended early, what is known of a curve's first half is no news.
    if not ended.is_set():
        _tell(snapshot, memory, teller, options)
    while not (options.once or ended.wait(max(options.every, 0.1))):
        try:
            snapshot = refreshed(library, quietly=True)
            if not ended.is_set():
                _tell(snapshot, memory, teller, options)
        except BadInput as error:
            print(f"tb-lossgap: {error}; tried again", file=sys.stderr, flush=True)
    return 0


def _tell(snapshot: Snapshot, memory: Memory, teller: Teller, options: argparse.Namespace) -> None:
    """Tells what is new, and remembers it."""
    rows = snapshot.rows(parameters(options), metric=options.metric)
    if options.filter:
        rows = {known: row for known, row in rows.items() if options.filter.search(row.training.name)}
    if memory.is_new:
        print(f"tb-lossgap: watching {words.plural(len(rows), 'training')}", file=sys.stderr, flush=True)
    for one in news(rows, memory):
        try:
            if not memory.is_new:
                teller.tell(one, snapshot)
        except TellingError as error:
            print(f"tb-lossgap: {error}; tried again at the next look", file=sys.stderr, flush=True)
        else:
            memory.remember(one.id, one.event, one.what)
            if not memory.is_new:
                # At once: whoever ends us now must not make us tell it again.
                memory.save()
    memory.save()
