"""What a tag can mean: which split it names, and which quantity is left when the split is taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.memory import remembered
from tb_lossgap.pairing.quantities import Quantity
from tb_lossgap.pairing.quantities import quantity_of
from tb_lossgap.pairing.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Sequence

    from tb_lossgap.pairing.words import Split

# Lightning appends this to what it logs for each of several validation loaders.
_LOADER = re.compile(r"(.+)/(dataloader_idx_\d+)")


class Reading(NamedTuple):
    """One way to understand a tag.

    Attributes:
        split: The split that the tag names, None where it names none.
        quantity: What is left of the tag.
        scale: How values were averaged, as in `words.SCALE_WORDS`.
        weak: Whether the split was told by a word that also means other things.
        prefixed: Whether the split word opens the tag or a path segment of it ("val_loss").
        repeated: Whether the split word stands in the tag more than once ("train/train_loss").
        foreign: How doubtful the reading is: the words of another split that it leaves in the quantity.
        set: Which of several validation sets, "" for the plain one.
        convention: The entry of conventions.toml that reads it so, "" for the grammar.
    """

    split: Split | None
    quantity: Quantity
    scale: int
    weak: bool = False
    prefixed: bool = False
    repeated: bool = False
    foreign: int = 0
    set: str = ""
    convention: str = ""


@remembered
def read_tag(tag: str, key: str = "") -> tuple[Reading, ...]:
    """Return every way to read `tag`, the plainest first.

    Args:
        tag: The tag.
        key: The key under which `add_scalars` logged it, where it did: it speaks before the tag.
    """
    loader = _LOADER.fullmatch(tag)
    text, which = (loader[1], loader[2]) if loader else (tag, "")
    reader = _Reader(f"{text}/{key}" if key else text, which)
    spoken = reader.splits_from(len(text) + 1) if key else []
    if spoken:
        return tuple(reader.reading(split, frozenset(reader.places)) for split in spoken)
    if not reader.places:
        return (reader.reading(None, frozenset()),)
    plain = [reader.reading(split, cut) for split in reader.splits_from(0) for cut in reader.cuts(split)]
    return (*plain, *reader.nested(), *reader.sets())


@remembered
def read_blindly(tag: str) -> tuple[Quantity, int]:
    """Return the quantity and scale of a tag with every split word taken out, for where the run names the split."""
    tokens = tokenise(tag)
    return quantity_of(tag, tokens, frozenset(i for i, token in enumerate(tokens) if token.word in w.SPLIT_WORDS))


@remembered
def read_initial(tag: str, split: Split) -> Reading | None:
    """Return the reading of "v_loss" as the "loss" of a run that is known to be validation; None for another tag."""
    tokens = tokenise(tag)
    if len(tokens) < 2 or tokens[0].word not in w.INITIALS[split] or tokens[0].end == tokens[1].start:  # noqa: PLR2004
        return None
    quantity, scale = quantity_of(tag, tokens, frozenset({0}))
    return Reading(None, quantity, scale) if quantity.measured and not quantity.refused else None


def names_several_splits(readings: Sequence[Reading]) -> bool:
    """Whether a tag holds words for different splits, so that it names none by itself."""
    return len({reading.split for reading in readings}) > 1


class _Reader:
    """One tag, cut into words; `places` holds the indices of its split words."""

    def __init__(self, text: str, which: str) -> None:
        self.text = text
        self.which = which
        self.tokens = tokenise(text)
        self.places = [i for i, token in enumerate(self.tokens) if token.word in w.SPLIT_WORDS]

    def splits_from(self, start: int) -> list[Split]:
        return sorted({self._word(i).split for i in self.places if self.tokens[i].start >= start})

    def cuts(self, split: Split) -> list[frozenset[int]]:
        """All places of a split's words together, then the last and the first alone ("training/train_loss")."""
        places = [i for i in self.places if self._word(i).split == split]
        return list(dict.fromkeys([frozenset(places), frozenset(places[-1:]), frozenset(places[:1])]))

    def reading(self, split: Split | None, cut: Collection[int]) -> Reading:
        quantity, scale = quantity_of(self.text, self.tokens, cut)
        return Reading(
            split,
            quantity,
            scale,
            weak=bool(cut) and all(self._word(i).weak for i in cut),
            prefixed=any(self._opens(i) for i in cut),
            repeated=len(cut) > 1,
            foreign=len(self.places) - len(cut),
            set=self.which,
        )

    def nested(self) -> Iterator[Reading]:
        """Read "train/valid_loss" as the validation beside "train/loss": the folder is where both were logged from."""
        first, *rest = self.places
        splits = {self._word(i).split for i in rest}
        folder = self._segment(first) == [first] and self._opens(first) and self._word(first).split == "train"
        if folder and len(splits) == 1 and "train" not in splits and self._opens(rest[0]):
            yield self.reading(splits.pop(), frozenset(self.places))._replace(foreign=1)

    def sets(self) -> Iterator[Reading]:
        """Read "val_seen/loss" and "val2_loss" as one of several sets beside "train/loss" and "train_loss"."""
        for i in self.places if len(self.places) == 1 else ():
            if self._word(i).split != "val" or self._word(i).weak:
                continue
            segment = self._segment(i)
            rest = {self.tokens[j].word for j in segment} - {self.tokens[i].word}
            named = self._opens(i) and segment[-1] + 1 < len(self.tokens) and rest and _may_name_a_set(rest)
            numbered = [i, i + 1] if self._number_follows(i) else []
            for cut in (segment if named else [], numbered):
                quantity, scale = quantity_of(self.text, self.tokens, cut)
                if cut and quantity.words:
                    which = self.text[self.tokens[cut[0]].start : self.tokens[cut[-1]].end]
                    yield Reading("val", quantity, scale, prefixed=True, foreign=1, set=which)

    def _word(self, i: int) -> w.SplitWord:
        return w.SPLIT_WORDS[self.tokens[i].word]

    def _opens(self, i: int) -> bool:
        start = self.tokens[i].start
        return start == 0 or self.text[start - 1] == "/"

    def _segment(self, i: int) -> list[int]:
        """Return the indices of the words in the path segment of word `i`."""
        start = self.text.rfind("/", 0, self.tokens[i].start)
        end = self.text.find("/", self.tokens[i].end)
        end = len(self.text) if end < 0 else end
        return [j for j, token in enumerate(self.tokens) if start < token.start < end]

    def _number_follows(self, i: int) -> bool:
        following = self.tokens[i + 1 : i + 2]
        return bool(following) and following[0].word.isdigit() and following[0].start == self.tokens[i].end


def _may_name_a_set(words: Collection[str]) -> bool:
    nothing_new = w.FOLD_WORDS | w.NAMESPACES | w.ATTACHED | w.MEAN_WORDS | w.TOTAL_WORDS | set(w.SCALE_WORDS)
    return nothing_new.isdisjoint(words) and not w.is_measure(tuple(words))
