"""From names to trainings: which two series are training and validation of one quantity in one fit."""

from __future__ import annotations

from tb_lossgap.pairing.by_hand import BY_HAND
from tb_lossgap.pairing.by_hand import pair_by_hand
from tb_lossgap.pairing.by_hand import rule_for
from tb_lossgap.pairing.hyperparameters import assign_hparams
from tb_lossgap.pairing.pairs import could_pair
from tb_lossgap.pairing.pairs import pair_scalars
from tb_lossgap.pairing.rules import Rule
from tb_lossgap.pairing.rules import RuleError
from tb_lossgap.pairing.rules import load_rules
from tb_lossgap.pairing.rules import parse_rule
from tb_lossgap.pairing.shards import shards
from tb_lossgap.pairing.shards import surprises

__all__ = [
    "BY_HAND",
    "Rule",
    "RuleError",
    "assign_hparams",
    "could_pair",
    "load_rules",
    "pair_by_hand",
    "pair_scalars",
    "parse_rule",
    "rule_for",
    "shards",
    "surprises",
]
