from __future__ import annotations

import random
from typing import TYPE_CHECKING
from typing import Any

from tests.host.conftest import wait_for
from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartTensorBoard

TRAININGS = 60
POINTS = 5_000
BEGIN = 1_700_000_000.0


def test_the_best_of_5000_points_is_exact_where_tensorboards_sample_loses_it(
    tmp_path: Path, tensorboard_server: StartTensorBoard
) -> None:
    chance = random.Random(0)
    planted = {f"run-{number}": chance.randrange(POINTS) for number in range(TRAININGS)}
    for name, best in planted.items():
        write_events(
            tmp_path / name,
            {
                "loss": [(step, BEGIN + step, 0.5) for step in range(0, POINTS, 50)],
                "val_loss": [(step, BEGIN + step, 0.1 if step == best else 1.0) for step in range(POINTS)],
            },
        )
    server = tensorboard_server(f"--logdir={tmp_path}", "--load_fast=true")

    answer: Any = wait_for(server, "data/plugin/lossgap/trainings", lambda found: found["state"] == "ready")
    assert {one["name"]: one["best"]["step"] for one in answer["trainings"]} == planted

    wait_for(server, "data/plugin/scalars/tags", lambda runs: len(runs) == TRAININGS)
    sampled = 0
    for name, best in planted.items():
        points = server.json(f"data/plugin/scalars/scalars?run={name}&tag=val_loss")
        assert len(points) <= 1_000
        sampled += any(step == best for _, step, _ in points)
    assert sampled < TRAININGS / 2
