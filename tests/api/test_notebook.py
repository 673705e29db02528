"""Notebooks run as Jupyter runs them: a kernel of their own, cell by cell."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

DOCUMENT = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
# The kernel and its client are not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")


def run(notebook: Any, folder: Path) -> list[dict[str, Any]]:
    """Executes a notebook, and gives what its cells show by MIME type."""
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data for output in outputs if "data" in output]


def test_the_notebook_of_the_documents_runs(tmp_path: Path) -> None:
    read: Any = nbformat.read
    shown = run(read(DOCUMENT, as_version=4), tmp_path)
    assert "'cnn-wide': 'overfit'" in shown[0]["text/plain"]
    assert "<svg" in shown[1]["text/html"]
    assert "<table" in shown[2]["text/html"]
    assert "image/png" in shown[-1]


def test_the_notebook_of_the_documents_holds_no_outputs() -> None:
    cells = json.loads(DOCUMENT.read_text(encoding="utf-8"))["cells"]
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code"
    )


LISTING = """
import json, os, signal, urllib.request
from tensorboard import manager

(server,) = manager.get_all()
with urllib.request.urlopen(f"http://localhost:{server.port}/data/plugins_listing") as answer:
    listing = json.load(answer)
os.kill(server.pid, signal.SIGTERM)
(server.port, listing["lossgap"]["tab_name"], listing["lossgap"]["enabled"])
"""


def test_tensorboards_magic_opens_a_tensorboard_that_has_the_tab(
    tmp_path: Path, demo_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TensorBoard looks here for servers that it could show again; they are not to be those of other tests.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lines = ["%load_ext tensorboard", f"%tensorboard --logdir {demo_runs} --port 0", LISTING]
    notebook: Any = nbformat.v4
    shown = run(notebook.new_notebook(cells=[notebook.new_code_cell(line) for line in lines]), tmp_path)
    port, tab, enabled = ast.literal_eval(shown[-1]["text/plain"])
    assert "<iframe" in shown[0]["text/html"]
    assert f"const port = {port};" in shown[0]["text/html"]
    assert (tab, enabled) == ("Loss Gap", True)
