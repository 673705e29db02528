"""Cuts names into words: separators, camel case, digits and words glued together."""

from __future__ import annotations

import re
from typing import NamedTuple

from tb_lossgap.pairing.memory import remembered

# A minus is a sign only after "=" and the like: "lr=-3" and "lr=3" must stay apart, "2024-01-02" is three numbers.
_WORD = re.compile(
    r"""(?:(?<=[=@(\[,:\s/])-|^-)?\d+                       # numbers
    | 训练|訓練|훈련|验证|検証|검증|测试|损失|准确率|集     # words that are written without spaces between them
    | (?<![^\W\d_])(?:[mMgGdDcC]?IoU|mAP)(?![^\W\d_])        # words with capitals of their own
    | [A-Z]+(?![^\W\d_A-Z])                                 # AUC, and the TRAIN of TRAINLoss
    | [A-Z]?[^\W\d_A-Z]+?(?=训练|验证|测试|损失|准确率|集)
    | [A-Z]?[^\W\d_A-Z]+                                    # loss, Loss
    | [+*%$°±]                                              # signs that tell names apart""",
    re.VERBOSE,
)
_SPLIT = "training|train|trn|validation|valid|val|eval|testing|test"
_SCALE = "epoch|batch|avg|mean|total|running"
_MEASURE = (
    "losses|loss|accuracy|acc|error|err|perplexity|ppl|auc|miou|iou|dice|rmse|mse|mae|nll|bce|bleu|wer|cer|psnr|ssim"
    "|precision|recall|score"
)
_GLUED = re.compile(
    rf"(?:({_SPLIT})({_SCALE})?({_MEASURE}|set|data)|({_SCALE})({_SPLIT})?({_MEASURE})|({_MEASURE})({_SPLIT}))"
)


class Token(NamedTuple):
    """One word of a name: in lower case, and where it stands."""

    word: str
    start: int
    end: int


def cut(text: str) -> tuple[Token, ...]:
    """Return the words of `text` in order.

    "valLoss", "val_loss" and "valloss" all give "val", "loss"; every number is a word of its own.
    """
    tokens: list[Token] = []
    for found in _WORD.finditer(text):
        word, start = found.group().lower(), found.start()
        glued = _GLUED.fullmatch(word)
        for part in filter(None, glued.groups()) if glued else (word,):
            tokens.append(Token(part, start, start + len(part)))
            start += len(part)
    return tuple(tokens)


@remembered
def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of a text that will be asked for again: a tag, where paths are mostly seen once."""
    return cut(text)
