"""Cuts names into words: separators, camel case, digits and words glued together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tb_lossgap.pairing.words import GLUED

# A minus counts as a sign only after "=" and the like: "lr=-3" and "lr=3" must stay apart, "2024-01-02" is three numbers.
_WORD = re.compile(
    r"""(?:(?<=[=@(\[,:\s/])-|^-)?\d+      # numbers
    | [A-Z]+(?![^\W\d_A-Z])                # AUC, and the TRAIN of TRAINLoss
    | [A-Z]?[^\W\d_A-Z]+                   # loss, Loss
    | [+*%$°±]                             # signs that tell names apart""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One word of a name: in lower case, and where it stands."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of `text` in order.

    "valLoss", "val_loss" and "valloss" all give "val", "loss"; every number is a word of its own.
    """
    tokens: list[Token] = []
    for found in _WORD.finditer(text):
        word, start = found.group().lower(), found.start()
        glued = GLUED.fullmatch(word)
        if glued is None:
            tokens.append(Token(word, start, found.end()))
            continue
        for part in filter(None, glued.groups()):
            tokens.append(Token(part, start, start + len(part)))
            start += len(part)
    return tuple(tokens)
