"""The words that pairing knows: splits, scales of averaging, losses and metrics."""

from __future__ import annotations

import re
from typing import Literal
from typing import NamedTuple
from typing import TypeAlias

Split: TypeAlias = Literal["train", "val", "test"]


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


class SplitWord(NamedTuple):
    """A word that names a split; a weak one also means other things and needs a marked counterpart."""

    split: Split
    weak: bool


_STRONG: dict[Split, str] = {
    "train": "train training trn entrenamiento entrainement treino treinamento 训练 訓練 훈련",
    "val": "val valid validation validate validating eval evaluation evaluate vali holdout heldout validacion validacao"
    " validierung 验证 検証 검증",
    "test": "test testing tst 测试",
}
# Two letters may be a language, "dev" a deviation; misspelt words are common enough in public code.
_WEAK: dict[Split, str] = {
    "train": "tr learn fit traning trainning trainig traing",
    "val": "dev cv vl vaild vaildation validaton valdation",
    "test": "te ts",
}
SPLIT_WORDS: dict[str, SplitWord] = {
    word: SplitWord(split, weak)
    for weak, table in ((False, _STRONG), (True, _WEAK))
    for split, words in table.items()
    for word in words.split()
}
TRAIN_WORDS = frozenset(word for word, found in SPLIT_WORDS.items() if found.split == "train")

# A tag may repeat by an initial what its run says: "v_loss" in a run "val", or in "test" where that serves as one.
INITIALS: dict[Split, frozenset[str]] = {
    "train": frozenset({"t"}),
    "val": frozenset({"v"}),
    "test": frozenset({"v", "t"}),
}

# Words that say how values were averaged, not what was measured; smaller is preferred.
EPOCH, MEAN, PLAIN, WINDOW, BATCH, OTHER_AXIS = range(6)
SCALE_WORDS: dict[str, int] = {
    **dict.fromkeys(words_of("epoch epochs epochwise"), EPOCH),
    **dict.fromkeys(words_of("running smooth smoothed smoothing moving mov"), WINDOW),
    **dict.fromkeys(words_of("step steps batch batches minibatch iter iters iteration iterations current"), BATCH),
}
# Averages of a loss are that loss; of other quantities ("mean IoU") they may be a different one.
MEAN_WORDS = words_of("avg average averaged mean ave")
TOTAL_WORDS = words_of("total tot sum overall combined full all")
# What may follow "vs": the same series once more, drawn over something else.
AXIS_WORDS = words_of("samples sample gigaflos flops tokens iterations iteration steps step epochs epoch time")
# Fillers that go with the split word they stand next to: "loss on the train set", "TrainEpochStats".
ATTACHED = words_of("set sets data dataset split phase stage mode stats on of the for during over vs and per each 集")
# Leading path segments that only say "what follows is one of these".
NAMESPACES = words_of("loss losses metric metrics scalar scalars stats")
# Numbers after these tell models apart, never validation sets.
FOLD_WORDS = words_of("fold folds cv k seed run trial rep repeat split version exp experiment model")

LOSS_WORDS = frozenset({"loss", "losses", "损失"})
# "loss_viewpoint - psnr" is no loss, whatever it stands under.
_NEVER_A_LOSS = frozenset({"psnr", "acc", "accuracy", "准确率"})
# Losses whose name lacks the word, the surest first; the first that a training pairs stands in for its loss.
_STAND_INS = (
    "logloss crossentropy xent ce bce nll elbo logprob logprobs loglik loglikelihood logp",
    "rmse mse rmsle msle msd huber logcosh quantile poisson hinge tweedie kl kld",
    "mae mape smape mase",
    "error err distortion mcd",
    "ppl perplexity bpc bpb",
    "cost objective energy wer cer ter",
)
_STAND_IN_RANKS: dict[str, int] = {word: rank for rank, words in enumerate(_STAND_INS) for word in words.split()}
_STAND_IN_PHRASES = (
    (re.compile(r"\b(?:cross entropy|log (?:probs?|likelihood))\b"), 0),
    (re.compile(r"\b(?:l 1|l 2|absolute error)\b"), 2),
)
_HIGHER_IS_BETTER = words_of(
    "acc accuracy accuracies 准确率 auc auroc auprc aucpr prauc roc precision prec recall fbeta fscore specificity"
    " sensitivity tpr tnr npv ppv mcc kappa gini correct top hit hits em success dice jaccard iou miou giou diou ciou"
    " map ap ar ndcg mrr pck pfound bleu rouge meteor cider spice psnr ssim cosine similarity correlation corr"
    " pearson spearman score scores likelihood loglik loglikelihood logprob logprobs logp elbo margin margins chosen"
)
_HIGHER_PHRASES = re.compile(r"\b(?:log (?:probs?|probability|likelihood)|explained variance|f \d|r 2|m ap)\b")
_LOWER_PHRASES = re.compile(r"\b(?:neg|negative|nll|error|err|rmse|mse|mae|distance)\b")

SYNONYMS = {"accuracy": "acc", "accuracies": "acc", "losses": "loss", "perplexity": "ppl", "error": "err"}


def is_loss(words: tuple[str, ...]) -> bool:
    """Whether a name calls itself a loss, also glued to what it is a loss of ("nllloss")."""
    if words and words[-1] in _NEVER_A_LOSS:
        return False
    return any(word in LOSS_WORDS or word.endswith("loss") for word in words)


def stand_in_rank(words: tuple[str, ...]) -> int | None:
    """Return how well a quantity stands in for a loss, 0 best, None where it cannot."""
    text = " ".join(words)
    ranks = [_STAND_IN_RANKS[word] for word in words if word in _STAND_IN_RANKS]
    ranks += [rank for pattern, rank in _STAND_IN_PHRASES if pattern.search(text)]
    return min(ranks, default=None)


def is_higher_better(words: tuple[str, ...]) -> bool:
    """Whether more of a quantity is better, as its name tells."""
    text = " ".join(words)
    if is_loss(words) or _LOWER_PHRASES.search(text):
        return False
    return not _HIGHER_IS_BETTER.isdisjoint(words) or bool(_HIGHER_PHRASES.search(text))


def is_measure(words: tuple[str, ...]) -> bool:
    """Whether a name holds a word for a loss or a metric."""
    return is_loss(words) or stand_in_rank(words) is not None or is_higher_better(words)
