"""Which runs belong to one training: siblings that differ in nothing but the split they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.conventions import taught_runs
from tb_lossgap.pairing.naming import HOLE
from tb_lossgap.pairing.tokens import cut as cut_words

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator

    from tb_lossgap.pairing.words import Split

_ANY_SPLIT_WORD = re.compile("|".join(sorted(w.SPLIT_WORDS, key=len, reverse=True)), re.IGNORECASE)

_STRONG_WORDS = "|".join(
    sorted((word for word, found in w.SPLIT_WORDS.items() if not found.weak), key=len, reverse=True)
)
# Not "retrain" and "retest": what is glued to a split word has to be more than a prefix or an ending.
_GLUED = (
    re.compile(rf"(?:.*[\d_\-. ].*|.{{4,}})(?<=\w)(?P<word>{_STRONG_WORDS})", re.IGNORECASE),
    re.compile(rf"(?P<word>{_STRONG_WORDS})\w.{{2,}}", re.IGNORECASE),
)
# Where one training has several runs for a split beside each other, the earlier word is preferred.
_ORDER = {word: place for place, word in enumerate(w.SPLIT_WORDS)}


class Role(NamedTuple):
    """One way to understand a run: as a split of the training whose runs share `base`.

    Attributes:
        run: The run.
        base: Its path with HOLE in place of the split word.
        split: The split.
        segment: The path segment that names the split.
        word: The split word.
        set: Which of several validation sets, "" for the plain one.
        whole: Whether the last segment is the split word, with the name of a set or without.
        taught: Whether the reading comes from conventions.toml.
    """

    run: str
    base: str
    split: Split
    segment: str
    word: str
    set: str = ""
    whole: bool = False
    taught: bool = False

    @property
    def weak(self) -> bool:
        """Whether the split word also means other things."""
        return not self.taught and w.SPLIT_WORDS[self.word].weak


class Family(NamedTuple):
    """Runs that may be one training: `name_from` is what they share, with HOLE for the split word."""

    name_from: str
    train: tuple[Role, ...]
    val: tuple[Role, ...]
    test: tuple[Role, ...]


def roles(run: str) -> list[Role]:
    """Return every way to read `run` as one split of a training, exact sides before numbered or named sets."""
    found: list[Role] = []
    for pattern, split in taught_runs():
        match = pattern.fullmatch(run)
        if match:
            rest = run[match.end("base") :]
            found.append(
                Role(run, match["base"] + HOLE, split, rest, rest, match.groupdict().get("set") or "", taught=True)
            )
    if not _ANY_SPLIT_WORD.search(run):
        return found
    found += _glued_roles(run)
    tokens = [token for token in cut_words(run) if token.word in w.SPLIT_WORDS]
    for split in sorted({w.SPLIT_WORDS[token.word].split for token in tokens}):
        places = [token for token in tokens if w.SPLIT_WORDS[token.word].split == split]
        cuts = [places, *([place] for place in places)] if len(places) > 1 else [places]
        for cut in cuts:
            base, last = run, cut[-1]
            for token in reversed(cut):
                base = base[: token.start] + HOLE + base[token.end :]
            left, right = run.rfind("/", 0, last.start) + 1, _segment_end(run, last.end)
            segment = run[left:right]
            whole = segment.lower() == last.word and right == len(run)
            found.append(Role(run, base, split, segment, last.word, whole=whole))
            if len(cut) == 1 and split != "train" and last.start == left and right == len(run):
                found.extend(_set_role(run, split, segment, last.word, left))
    return found


def families(all_roles: Collection[Role]) -> Iterator[Family]:
    """Yield the families of runs with a training run, deepest split word first, then by what they share.

    A run may be in several; who takes the first that yields pairs must leave its runs out of the later ones.
    """
    exact: dict[str, list[Role]] = {}
    sets: dict[str, list[Role]] = {}
    # Where there is a "train_1", "val_2" is the other side of a "train_2" and no set of "train".
    trained = {unnumbered(role.base) for role in all_roles if role.split == "train"}
    others = {
        role.run for role in all_roles if not role.set and role.split != "train" and unnumbered(role.base) in trained
    }
    for role in all_roles:
        if not role.set:
            exact.setdefault(role.base, []).append(role)
        elif role.taught or role.run not in others:
            sets.setdefault(role.base, []).append(role)
    for base in sorted(exact, key=_deepest_first):
        sides: dict[Split, list[Role]] = {"train": [], "val": [], "test": []}
        for role in sorted(exact[base], key=_preference):
            sides[role.split].append(role)
        for role in sorted(sets.get(base, ()), key=_preference):
            sides[role.split].append(role)
        if not sides["train"]:
            continue
        first = sides["train"][0]
        train = [first, *(role for role in sides["train"][1:] if role.taught and role.run != first.run)]
        val = _named_sets([role for role in sides["val"] if _trusts(first, role)])
        test = _named_sets([role for role in sides["test"] if _trusts(first, role)])
        if val or test:
            yield Family(base, tuple(train), val, test)


def families_below(all_roles: Collection[Role], runs: Collection[str]) -> Iterator[Family]:
    """Yield the families in which the parent directory holds the training: tf.estimator's root and "eval"."""
    below: dict[str, list[Role]] = {}
    for role in all_roles:
        parent, _, last = role.run.rpartition("/")
        whole = role.base == (f"{parent}/{HOLE}" if parent else HOLE)
        if role.set and role.word != "eval":
            continue
        if role.split == "val" and not role.weak and whole and last == role.segment and (parent or ".") in runs:
            below.setdefault(parent or ".", []).append(role)
    for parent in sorted(below):
        train = Role(parent, HOLE, "train", "", "train")
        yield Family(parent, (train,), _named_sets(sorted(below[parent], key=_preference)), ())


def _trusts(train: Role, other: Role) -> bool:
    """Two doubtful words are believed only where they are all there is of both names ("learn" and "test")."""
    return not (train.weak and (other.weak or other.split == "test")) or (train.whole and other.whole)


def _glued_roles(run: str) -> Iterator[Role]:
    """Read "hosttrain", as `SummaryWriter(comment="train")` writes, and "trainlogs"; an exact twin makes it a side."""
    left = run.rfind("/") + 1
    segment = run[left:]
    if any(token.word in w.SPLIT_WORDS for token in cut_words(segment)):
        return
    for pattern in _GLUED:
        match = pattern.fullmatch(segment)
        if match:
            start, end = left + match.start("word"), left + match.end("word")
            word = match["word"].lower()
            yield Role(run, run[:start] + HOLE + run[end:], w.SPLIT_WORDS[word].split, segment, word)
            return


def _segment_end(run: str, start: int) -> int:
    end = run.find("/", start)
    return len(run) if end < 0 else end


def _set_role(run: str, split: Split, segment: str, word: str, left: int) -> Iterator[Role]:
    """Read "eval_coco", "valid1" or "test_1" as one of several sets beside a plain "train"."""
    words = {token.word for token in cut_words(segment[len(word) :])}
    if words and not w.SPLIT_WORDS[word].weak and words.isdisjoint(w.FOLD_WORDS | w.TRAIN_WORDS):
        yield Role(run, run[:left] + HOLE, split, segment, word, segment, whole=True)


def unnumbered(base: str) -> str:
    """Return a base with the numbers beside the split word left open."""
    return re.sub(rf"(?<={HOLE})([_\-. ]?)\d+", r"\1#", base)


def _deepest_first(base: str) -> tuple[int, int, str]:
    return base[base.rfind(HOLE) :].count("/"), -base.count(HOLE), base


def _preference(role: Role) -> tuple[bool, int, str, str]:
    return role.taught, 0 if role.taught else _ORDER[role.word], role.set, role.run


def _named_sets(side: list[Role]) -> tuple[Role, ...]:
    """Name every set after the first plain one, so that "val" and "eval" beside each other stay apart."""
    named: list[Role] = []
    seen: set[str] = set()
    for role in side:
        which = role.set or (role.segment if any(not other.set for other in named) else "")
        if role.run not in seen:
            seen.add(role.run)
            named.append(role._replace(set=which))
    return tuple(named)
