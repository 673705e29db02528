"""What is installed here, and whether TensorBoard will show our tab."""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap import __version__
from tb_lossgap.cli.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGES = ("tensorboard", "protobuf", "numpy", "tsdownsample", "fsspec", "rich")
_EXTRAS = {
    "matplotlib": "plot",
    "pyarrow": "parquet",
    "pandas": "pandas",
    "s3fs": "s3",
    "gcsfs": "gcs",
    "adlfs": "azure",
    "distributed": "dask",
    "argcomplete": "completion",
}
_GROUP = "tensorboard_plugins"
_STATIC = Path(__file__).parent.parent / "static"

# Asked of another Python, which has nothing of ours.
_PROBE = """
from importlib.metadata import distributions
points = (point for one in distributions() for point in one.entry_points)
print(any(point.group == "tensorboard_plugins" and point.name == "lossgap" for point in points))
"""


def environment_findings() -> Iterator[Finding]:
    """Versions, the reader, and TensorBoard's own loader."""
    yield Finding("Python", f"{platform.python_version()} at {sys.executable}, {platform.platform()}")
    yield Finding("tb-lossgap", f"{__version__} at {Path(__file__).parent.parent}")
    for name in _PACKAGES:
        try:
            yield Finding(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "not installed", f"pip install {name}")
    extras = ", ".join(f"{name} {'yes' if _is_there(name) else f'no ([{extra}])'}" for name, extra in _EXTRAS.items())
    yield Finding("extras", extras)
    yield _reader()
    yield _fast_loader()


def _is_there(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _reader() -> Finding:
    try:
        importlib.import_module("tb_lossgap.events._decode")
    except ImportError as error:
        return Finding(
            "reader",
            f"the reference in Python, exact but slow: {error}",
            "install a wheel (pip install --only-binary :all: tb-lossgap), or from source with a C compiler",
        )
    return Finding("reader", "native")


def _fast_loader() -> Finding:
    about, ours = "fast loader", "Loss Gap reads the files itself and needs none"
    try:
        binary = importlib.import_module("tensorboard_data_server").server_binary()
    except ImportError:
        binary = None
    if binary is None:
        return Finding(about, f"none for this platform: TensorBoard's other tabs load slowly; {ours}")
    return Finding(about, f"TensorBoard's is there, for its other tabs; {ours}")


def tab_findings() -> Iterator[Finding]:
    """Whether TensorBoard finds the plugin: in this environment, and in that of the `tensorboard` on the path."""
    yield _entry_point()
    if not (_STATIC / "index.js").is_file():
        yield Finding("page", "was not built", "install again: pip install --force-reinstall tb-lossgap")
    found = shutil.which("tensorboard")
    if found is None:
        yield Finding(
            "tensorboard", "the command is not on the path", f"start it as {sys.executable} -m tensorboard.main"
        )
        return
    python = _interpreter(found)
    if _folder(found if python is None else python) == _folder(sys.executable):
        yield Finding("tensorboard", f"{found}, of this environment")
    elif python is not None and _has_plugin(python):
        yield Finding("tensorboard", f"{found}, of another environment, which has the plugin too")
    else:
        yield Finding(
            "tensorboard",
            f"{found} is of another environment, in which no plugin tb-lossgap is installed: no tab there",
            f"{python or 'its Python'} -m pip install tb-lossgap, or start it by tb-lossgap serve LOGDIR",
        )


def _entry_point() -> Finding:
    named = [one for one in metadata.entry_points(group=_GROUP) if one.name == "lossgap"]
    if not named:
        return Finding(
            "tab",
            "no plugin tb-lossgap is installed in this environment (there is no entry point for TensorBoard)",
            f"{sys.executable} -m pip install tb-lossgap",
        )
    try:
        named[0].load()
    except Exception as error:  # noqa: BLE001  whatever it is, TensorBoard would meet it too
        return Finding("tab", f"the plugin cannot be loaded: {type(error).__name__}: {error}", "reinstall tb-lossgap")
    return Finding("tab", "TensorBoard of this environment will show it")


def _interpreter(script: str) -> str | None:
    """The Python that a console script names in its first line; None where it names none."""
    with open(script, "rb") as stream:
        first = stream.readline(1024)
    if not first.startswith(b"#!"):
        return None
    words = first[2:].decode(errors="replace").split()
    return words[0] if words and "python" in os.path.basename(words[0]) else None


def _folder(path: str) -> str:
    return os.path.realpath(os.path.dirname(path))


def _has_plugin(python: str) -> bool:
    try:
        asked = subprocess.run(  # noqa: S603  the interpreter of the user's own tensorboard
            [python, "-c", _PROBE],
            # Not here: the folder that it is started in counts as installed.
            cwd=os.path.dirname(python),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except OSError:
        return False
    return asked.stdout.strip() == "True"
