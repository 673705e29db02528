"""`tb-lossgap doctor`: what is installed, whether the tab will show, what was found in a logdir, and why not more."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from tb_lossgap.cli import words
from tb_lossgap.cli.environment import environment_findings
from tb_lossgap.cli.environment import tab_findings
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.findings import Finding
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import open_library
from tb_lossgap.cli.logdir import open_reader
from tb_lossgap.cli.logdir import refreshed
from tb_lossgap.cli.logdir import told
from tb_lossgap.cli.output import write_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.snapshot import Snapshot

_EPILOG = """\
examples:
  tb-lossgap doctor
  tb-lossgap doctor runs

exit status:
  0 all is well
  1 something is wrong; the lines that begin with "!!" say what, the lines below them what to do
  2 bad input
"""
_SHOWN_WARNINGS = 10
_SHOWN_REASONS = 8


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = (
        "Says what is installed, whether the tab will show, what was found in LOGDIR, and why not more."
    )
    parser.epilog = _EPILOG
    add_logdir(parser, needed=False)


def run(options: argparse.Namespace) -> int:
    """Prints what was found; all that is wrong is marked."""
    parts = {"This environment": environment_findings(), "The tab": tab_findings()}
    if options.logdir is not None:
        parts[f"The logs below {options.logdir}"] = logdir_findings(options)
    all_well = True
    for title, findings in parts.items():
        listed = list(findings)
        all_well &= not any(one.advice for one in listed)
        write_text(f"{words.text(title)}\n{''.join(map(_line, listed))}\n", None)
    write_text("All is well.\n" if all_well else "Not all is well: see the lines that begin with !!\n", None)
    return 0 if all_well else 1


def _line(finding: Finding) -> str:
    mark = "!!" if finding.advice else "  "
    advice = f"   {'':13} -> {words.text(finding.advice)}\n" if finding.advice else ""
    return f"{mark} {finding.about:13} {words.text(finding.what)}\n{advice}"


def logdir_findings(options: argparse.Namespace) -> Iterator[Finding]:
    """What was found below a logdir, and why nothing more."""
    try:
        snapshot = refreshed(open_library(options, open_reader(options, every_tag=True)))
    except BadInput as error:
        what, _, advice = str(error).partition("; ")
        yield Finding("logdir", what, advice or "mend that, and ask again")
        return
    progress = snapshot.progress
    yield from _damage(snapshot)
    if progress.files_total == 0:
        yield Finding(
            "event files", "none: no file's name has tfevents in it", "point at the folder that the trainings log to"
        )
        return
    yield Finding("event files", f"{progress.files_total}, {progress.bytes_total:,} bytes")
    if not snapshot.series:
        yield Finding(
            "scalars",
            "none: the event files hold other things, such as graphs, texts or profiles, or nothing yet",
            "log the loss as a scalar, for training and for validation",
        )
        return
    runs = {key.run for key in snapshot.series}
    yield Finding("scalars", f"{len(snapshot.series)} in {words.plural(len(runs), 'run')}")
    yield from _pairs(snapshot)


def _damage(snapshot: Snapshot) -> Iterator[Finding]:
    for warning in islice(snapshot.warnings, _SHOWN_WARNINGS):
        counts = "what stands before that byte counts" if warning.byte else "nothing in it counts until that is mended"
        yield Finding("not read", told(warning), counts)
    if len(snapshot.warnings) > _SHOWN_WARNINGS:
        yield Finding("not read", f"and {len(snapshot.warnings) - _SHOWN_WARNINGS} more", "see tb-lossgap report")


def _pairs(snapshot: Snapshot) -> Iterable[Finding]:
    if snapshot.fits:
        yield Finding("trainings", f"{len(snapshot.fits)} with a training and a validation series")
    else:
        yield Finding(
            "trainings",
            "none: no two scalars are the training and the validation side of one quantity",
            "name them as train/loss and val/loss, or tie them by --pair 'train=REGEX,val=REGEX'; see docs/pairing.md",
        )
    reasons = Counter(one.reason for one in snapshot.unpaired)
    for reason, count in reasons.most_common(_SHOWN_REASONS):
        first = next(one.key for one in snapshot.unpaired if one.reason == reason)
        others = "" if count == 1 else f", and {count - 1} more"
        yield Finding("not paired", f"{first.tag} in {first.run}{others}: {reason}")
    if len(reasons) > _SHOWN_REASONS:
        yield Finding("not paired", f"and for {len(reasons) - _SHOWN_REASONS} more reasons: tb-lossgap pairs lists all")
