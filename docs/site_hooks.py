"""Brings documents from all over the repository into the site, and makes the links between them hold there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File
from mkdocs.structure.files import InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
# The page in the site, and the document in the repository.
ELSEWHERE = {
    "index.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "benchmarks.md": "benchmarks/README.md",
    "http_api.md": "tb_lossgap/http_api.md",
    "security.md": "SECURITY.md",
    "frontend.md": "frontend/README.md",
    "fixtures.md": "tests/fixtures/record/README.md",
}
PAGES = {document: page for page, document in ELSEWHERE.items()}
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")
PICTURE = re.compile(r"(?P<before>(?:src|srcset)=\"|!\[[^\]]*\]\()(?P<target>[^\")]+)")
# A picture in two schemes, as the repository's host shows it; the site has a switch of its own.
SCHEMES = re.compile(
    r"<picture>\s*<source [^>]*srcset=\"(?P<dark>[^\"]+)\">\s*"
    r"<img (?P<alt>alt=\"[^\"]*\") src=\"(?P<light>[^\"]+)\">\s*</picture>"
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the documents that lie elsewhere."""
    for page, document in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / document).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Makes links lead to pages of the site, and pictures follow its switch; what is no page is named by its path."""
    del config
    here = ELSEWHERE.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def document(target: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(here), target))

    def there(target: str) -> str | None:
        found = PAGES.get(document(target), document(target).removeprefix("docs/"))
        file = files.get_file_from_path(found)
        if file is None or file.inclusion is InclusionLevel.EXCLUDED:
            return None
        return posixpath.relpath(found, posixpath.dirname(page.file.src_uri) or ".")

    def link(match: re.Match[str]) -> str:
        text, target = match["text"], match["target"]
        if target.startswith(("http:", "https:")):
            return match[0]
        if inside := there(target):
            return f"[{text}]({inside}{match['anchor'] or ''})"
        path = f"`{document(target)}`"
        return path if document(target).endswith(text.strip("`")) else f"{text} ({path})"

    def picture(match: re.Match[str]) -> str:
        return match["before"] + (there(match["target"]) or match["target"])

    pictured = PICTURE.sub(picture, LINK.sub(link, markdown))
    return SCHEMES.sub(r'<img \g<alt> src="\g<light>#only-light"><img \g<alt> src="\g<dark>#only-dark">', pictured)
