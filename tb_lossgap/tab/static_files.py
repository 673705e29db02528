"""The built front end, by an allow-list of two names."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

MIMETYPES = {"index.js": "text/javascript", "index.css": "text/css"}

_NOT_BUILT = """export function render() {
  document.documentElement.dataset.lossgapState = "error";
  document.body.textContent = "Loss Gap: this installation has no front end. Reinstall it with: pip install tb-lossgap";
}
"""


@cache
def contents(name: str) -> bytes:
    """One built file; a page that says what to do where the script was never built.

    Raises:
        KeyError: There is no such file.
    """
    if name not in MIMETYPES:
        raise KeyError(name)
    path = Path(__file__).parent.parent / "static" / name
    if path.is_file():
        return path.read_bytes()
    return _NOT_BUILT.encode() if name == "index.js" else b""


@cache
def compressed(name: str) -> bytes:
    """One built file, gzipped once.

    Raises:
        KeyError: There is no such file.
    """
    return gzip.compress(contents(name), mtime=0)


@cache
def fingerprint() -> str:
    """Names this build of the front end, so that browsers may keep it for as long as they like."""
    return hashlib.blake2s(b"".join(contents(name) for name in MIMETYPES), digest_size=6).hexdigest()
