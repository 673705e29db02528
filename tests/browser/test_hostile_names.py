from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.logs import falling
from tests.browser.logs import overfitting
from tests.browser.logs import write_hparams
from tests.writing import write_events

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

    from tests.browser.tab import Tab
    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server

SCRIPT = "top.pwned=self.pwned=1;alert(1)"
NAMES = [
    f"<img src=x onerror={SCRIPT}>",
    f"<script>{SCRIPT}<",
    f'" onmouseover="{SCRIPT}" x="',
    f"' autofocus onfocus='{SCRIPT}",
    f"<svg onload={SCRIPT}>",
    f"javascript:{SCRIPT}",
    "${alert(1)}{{constructor.constructor('alert(1)')()}}",
    "</title></style></textarea><b data-pwned>",
    "&lt;b data-pwned&gt;&#x3c;i&#x3e;",
    "\u202etxt.exe\u2066\u200b\ufeff",
    "line\nbreak\ttab\rreturn\x1b[31mred\x07\x7f",
    "%3Cimg%20src%3Dx%3E#&?=+",
    "constructor",
    "__proto__",
    "toString",
    "🙂é训练 \u0301\u0301\u0301",
    "x" * 250,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, boards: StartTensorBoard, host: Host) -> Server:
    """TensorBoard on trainings whose runs, tags, hyperparameters and files are called what nobody would call them."""
    logdir = tmp_path_factory.mktemp("hostile")
    for number, name in enumerate(NAMES):
        losses = overfitting(0, 30) if number % 2 else falling(0.1 * number)
        split = {"loss": "train", "val_loss": "val"}
        tags = {f"{split[tag]}/{name} loss": points for tag, points in losses.items() if tag in split}
        run = logdir / name
        write_events(run, {**losses, **tags, f"alone {name} loss": losses["loss"]})
        write_hparams(run, 0.1, name)
        damaged = run / f"events.out.tfevents.{name[:100].replace('/', '-')}"
        damaged.write_bytes(b"no record at all, and long enough to see that")
    deep = logdir.joinpath(*["d" * 200] * 15)
    write_events(deep, falling(0.2))
    return boards(f"--logdir={logdir}", "--reload_interval=0", host=host)


def test_names_are_text_and_nothing_else(tab: Tab, hostile: Server) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.page.on("dialog", dismiss)
    try:
        tab.open(hostile, "&p.lossgap.select=all")
        shown = {row["name"] for row in hostile.json("data/plugin/lossgap/trainings")["trainings"]}
        assert shown.issuperset(NAMES)
        for name in NAMES:
            row = tab.frame.locator(".ranking tbody tr").filter(has_text=name.split("\n")[0].strip()[:60]).first
            row.click()
            tab.settle()
            assert tab.run("self.pwned") is None, name
        assert tab.page.evaluate("window.pwned") is None
        assert tab.run("document.querySelectorAll('[data-pwned], img, iframe, script:not([type=module])').length") == 0
        assert dialogs == []
    finally:
        tab.page.remove_listener("dialog", dismiss)
