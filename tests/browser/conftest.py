"""A page that looks at the tab as a person does, and remembers every complaint of the browser."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage
    from playwright.sync_api import FrameLocator
    from playwright.sync_api import Page

    from tests.servers import Server

# The first look at a server that is still reading, on a busy machine.
DRAWN_SECONDS = 60


@dataclass
class Tab:
    """The Loss Gap tab in a real TensorBoard in a real browser."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, server: Server, link: str = "", *, state: str = "ready") -> None:
        """Opens the tab, with `p.lossgap.…` settings, and waits until the page is in a state."""
        self.page.goto(f"{server.url}#lossgap{link}")
        self.wait_for("state", state)

    @property
    def frame(self) -> FrameLocator:
        """What is inside the tab."""
        return self.page.frame_locator("iframe[src*='name=lossgap']")

    def wait_for(self, name: str, value: str) -> None:
        """Waits until `data-lossgap-NAME` of the page has a value."""
        expect(self.frame.locator(f"html[data-lossgap-{name}='{value}']")).to_be_attached(timeout=DRAWN_SECONDS * 1000)

    def attribute(self, name: str) -> str | None:
        """What `data-lossgap-NAME` of the page is now."""
        return self.frame.locator("html").get_attribute(f"data-lossgap-{name}")

    def heard(self, message: ConsoleMessage) -> None:
        """Remembers errors and refusals of the content security policy."""
        ours = "lossgap" in message.location.get("url", "") or "Content Security Policy" in message.text
        if message.type == "error" and ours:
            self.complaints.append(message.text)


@pytest.fixture
def tab(page: Page) -> Iterator[Tab]:
    tab = Tab(page)
    page.on("console", tab.heard)
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    assert tab.complaints == []
