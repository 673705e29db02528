from __future__ import annotations

import pytest

from tb_lossgap.pairing import could_pair
from tb_lossgap.pairing.naming import HOLE
from tb_lossgap.pairing.naming import training_name
from tb_lossgap.pairing.readings import read_tag
from tb_lossgap.pairing.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("val_loss", ["val", "loss"]),
        ("valLoss", ["val", "loss"]),
        ("valloss", ["val", "loss"]),
        ("TRAINLoss", ["train", "loss"]),
        ("batchloss", ["batch", "loss"]),
        ("lossval", ["loss", "val"]),
        ("TrainEpochStats/avg_loss", ["train", "epoch", "stats", "avg", "loss"]),
        ("interval", ["interval"]),
        ("trainval", ["trainval"]),
        ("valid1", ["valid", "1"]),
        ("mAP50-95(B)", ["map", "50", "95", "b"]),
        ("val_mIoU", ["val", "miou"]),
        ("lr=-0.1", ["lr", "-0", "1"]),
        ("2024-01-02", ["2024", "01", "02"]),
        ("训练损失", ["训练", "损失"]),
        ("验证集acc", ["验证", "集", "acc"]),
        ("Größe", ["größe"]),
    ],
)
def test_names_are_cut_into_words(text: str, words: list[str]) -> None:
    assert [token.word for token in tokenise(text)] == words


@pytest.mark.parametrize(
    ("tag", "metric"),
    [
        ("epoch_loss", "loss"),
        ("Loss/train", "loss"),
        ("train/box_loss", "box_loss"),
        ("epoch_accuracy", "accuracy"),
        ("lm-loss-validation/lm loss validation", "lm loss"),
        ("Average training loss per epoch", "loss"),
        ("metrics/train_F1", "F1"),
        ("train/Loss (CE)", "Loss (CE)"),
        ("TotalLoss/train", "TotalLoss"),
        ("EvalStats/avg_loss_mel", "loss_mel"),
        ("val/AP50 (large)", "AP50 (large)"),
        ("train", "value"),
    ],
)
def test_a_metric_is_called_what_is_left_of_its_tag(tag: str, metric: str) -> None:
    assert read_tag(tag)[0].quantity.label == metric


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (HOLE, "."),
        (f"exp1/{HOLE}", "exp1"),
        (f"exp1-{HOLE}", "exp1"),
        (f"{HOLE}_exp1", "exp1"),
        (f"a_{HOLE}_b", "a_b"),
        (f"2020-{HOLE}_cls-x", "2020-cls-x"),
        (f"logs/{HOLE}/x", "logs/x"),
        (f"{HOLE}_log", "."),
        (f"x/{HOLE}_set", "x"),
        (f"{HOLE}_a_{HOLE}", "a"),
        (f"a{HOLE}", "a"),
        ("runs/plain", "runs/plain"),
    ],
)
def test_a_training_is_called_what_is_left_of_its_runs(path: str, name: str) -> None:
    assert training_name(path) == name


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        *[
            ("train_acc", "max"),
            ("F1/train", "max"),
            ("train/R2", "max"),
            ("train_log_prob", "max"),
            ("train/top_5", "max"),
        ],
        *[
            ("train_loss", "min"),
            ("train/top1_error", "min"),
            ("train/neg_log_likelihood", "min"),
            ("train_ppl", "min"),
        ],
        *[("train/loss_giou", "min"), ("train/loss_viewpoint - psnr", "max"), ("训练准确率", "max")],
    ],
)
def test_a_name_tells_whether_more_is_better(tag: str, direction: str) -> None:
    assert read_tag(tag)[0].quantity.higher is (direction == "max")


@pytest.mark.parametrize(
    "tag",
    [
        "lr",
        "train/learning_rate",
        "grad_norm",
        "hp_metric",
        "time/fps",
        "train/epoch",
        "rollout/ep_rew_mean",
        "loss_scale",
        "train/value_loss",
        "train/num_tokens",
        "best_val_loss",
        "weights/conv1",
        "train/train_runtime",
        "val/lr_0",
    ],
)
def test_what_is_no_measurement_could_not_pair(tag: str) -> None:
    assert not could_pair(tag)


@pytest.mark.parametrize(
    "tag",
    [
        *[
            "loss",
            "val_loss",
            "wibble",
            "cross_entropy_loss",
            "token_accuracy",
            "lm loss vs samples",
            "eval/rewards/margins",
        ],
        *["train", "evaluation_loss_vs_iterations", "progress/xent", "", "训练损失"],
    ],
)
def test_what_may_be_a_side_could_pair(tag: str) -> None:
    assert could_pair(tag)
