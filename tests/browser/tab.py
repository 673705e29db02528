"""The Loss Gap tab as a test sees and uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from urllib.parse import unquote

from playwright.sync_api import expect

from tests.servers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage
    from playwright.sync_api import FloatRect
    from playwright.sync_api import FrameLocator
    from playwright.sync_api import Locator
    from playwright.sync_api import Page
    from playwright.sync_api import ViewportSize

    from tests.servers import Server

# The first look at a server that is still reading, on a busy machine.
DRAWN_SECONDS = 60
# What a person would see at once.
ACTION_SECONDS = 10
VIEWPORT: ViewportSize = {"width": 1400, "height": 900}
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# A picture as a short text: megabytes of pixels take long from a page to a test.
DIGEST = """(canvas) => {
  let sum = 7;
  for (const sign of canvas.toDataURL()) sum = (Math.imul(sum, 31) + sign.charCodeAt(0)) | 0;
  return `${canvas.width} ${canvas.height} ${sum}`;
}"""
# Colours that are still on their way to another theme are nobody's colours.
FADED = """Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map(({finished}) => finished)
)"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Tab:
    """The Loss Gap tab in a real TensorBoard in a real browser."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, server: Server, link: str = "", *, state: str = "ready") -> None:
        """Loads the page, with `&p.lossgap.…` settings, and waits until it is in a state."""
        self.page.goto("about:blank")
        self.page.goto(f"{server.url}#lossgap{link}", timeout=DRAWN_SECONDS * 1000)
        self.wait_for("state", state)

    def show(self, server: Server, link: str = "") -> None:
        """Brings exactly these settings, as a pasted link does; the page is loaded only where it is not there yet."""
        if not self.page.url.startswith(server.url) or self.frame.locator("#lossgap").count() == 0:
            self.open(server, link)
            return
        self.page.evaluate(
            "hash => { location.hash = hash; dispatchEvent(new HashChangeEvent('hashchange')) }", f"#lossgap{link}"
        )
        self.settle()

    def restore(self) -> None:
        """Undoes what a link does not bring back: the pointer, open panels, theme, size."""
        self.page.mouse.move(0, 0)
        self.page.emulate_media(reduced_motion="no-preference")
        if self.page.viewport_size != VIEWPORT:
            self.page.set_viewport_size(VIEWPORT)
        if self.frame.locator("#lossgap").count():
            self.switch_dark(on=False)
            self.page.keyboard.press("Escape")
            self.run("document.activeElement?.blur()")
            self.run("document.getElementById('tab-details')?.click()")
            self.run("document.querySelectorAll('#lossgap *').forEach((box) => box.scrollTo?.(0, 0))")

    @property
    def frame(self) -> FrameLocator:
        """What is inside the tab."""
        return self.page.frame_locator("iframe[src*='name=lossgap']")

    def run(self, script: str, argument: Any = None) -> Any:
        """Runs JavaScript inside the tab."""
        return self.frame.locator("html").evaluate(f"(_, argument) => {{ return ({script}) }}", argument)

    def wait_for(self, name: str, value: str) -> None:
        """Waits until `data-lossgap-NAME` of the page has a value."""
        expect(self.frame.locator(f"html[data-lossgap-{name}='{value}']")).to_be_attached(timeout=DRAWN_SECONDS * 1000)

    def settle(self) -> None:
        """Waits until what was asked for is on screen."""
        self.frame.locator("html").evaluate(FRAMES)
        self.wait_for("state", "ready")
        self.frame.locator("html").evaluate(FRAMES)

    def attribute(self, name: str) -> str | None:
        """What `data-lossgap-NAME` of the page is now."""
        return self.frame.locator("html").get_attribute(f"data-lossgap-{name}")

    def setting(self, name: str) -> str:
        """What the link says of a setting; "" for its default."""
        found = re.search(rf"[#&]p\.lossgap\.{name}=([^&]*)", self.page.url)
        return unquote(found[1]) if found else ""

    def expect_setting(self, name: str, value: str | re.Pattern[str]) -> None:
        """Waits until the link holds a setting; "" when it is to hold none of this name."""
        if value == "":
            expect(self.page).not_to_have_url(re.compile(rf"p\.lossgap\.{name}="))
            return
        pattern = value.pattern if isinstance(value, re.Pattern) else re.escape(value)
        expect(self.page).to_have_url(re.compile(rf"[#&]p\.lossgap\.{name}={pattern}(&|$)"))

    def choose(self, menu: str, option: str) -> None:
        """Chooses from one of the menus."""
        self.frame.get_by_role("combobox", name=menu, exact=True).select_option(option)
        self.settle()

    def row(self, name: str) -> Locator:
        """The row of a training in the ranking table."""
        exact = re.compile(rf"^{re.escape(name)}$")
        return self.frame.locator(".ranking tbody tr").filter(has=self.frame.locator("bdi").filter(has_text=exact))

    def box(self, chart: Literal["loss", "gap"] = "loss") -> FloatRect:
        """Where the area of a chart lies that holds the curves."""
        found = self.frame.locator(f".plot.{chart} .u-over").first.bounding_box()
        assert found is not None
        return found

    def point_at(self, x: float, y: float = 0.5, chart: Literal["loss", "gap"] = "loss") -> None:
        """Moves the mouse to a place in a chart, as parts of its width and height."""
        box = self.box(chart)
        self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        self.frame.locator("html").evaluate(FRAMES)

    def drag(self, start: float, end: float, chart: Literal["loss", "gap"] = "loss") -> None:
        """Drags the mouse over parts of a chart's width."""
        self.point_at(start, 0.4, chart)
        self.page.mouse.down()
        self.point_at((start + end) / 2, 0.5, chart)
        self.point_at(end, 0.6, chart)
        self.page.mouse.up()
        self.settle()

    def drawing(self, chart: Literal["loss", "gap"] = "loss") -> str:
        """What the pixels of a chart come to: the same text means the same picture."""
        return str(self.frame.locator(f".plot.{chart} .u-wrap canvas").first.evaluate(DIGEST))

    def switch_dark(self, *, on: bool) -> None:
        """Turns TensorBoard's own dark mode on or off."""
        self.page.evaluate("on => document.body.classList.toggle('dark-mode', on)", on)
        expect(self.frame.locator(f"html[data-theme={'dark' if on else 'light'}]")).to_be_attached()

    def picture(self, path: Path) -> None:
        """Takes a picture of the whole window."""
        self.page.screenshot(path=path)

    def violations(self) -> list[str]:
        """What axe finds wrong inside the tab; its script is run here, for the page's policy refuses foreign tags."""
        self.run(FADED)
        if not self.run("'axe' in window"):
            self.frame.locator("html").evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.run(
            """axe.run({resultTypes: ["violations"]}).then(({violations}) => violations.flatMap(({id, nodes}) =>
            nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)))"""
        )
        return found

    def heard(self, message: ConsoleMessage) -> None:
        """Remembers errors and refusals of the content security policy."""
        ours = "lossgap" in message.location.get("url", "") or "Content Security Policy" in message.text
        if message.type == "error" and ours:
            self.complaints.append(message.text)

    def failed(self, error: Exception) -> None:
        """Remembers an exception that nobody caught."""
        self.complaints.append(str(error))
