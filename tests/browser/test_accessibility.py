"""No state of the page breaks a rule of axe: WCAG 2.2 AA, and good practice besides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.states import (
    DESKTOP,
    PHONE,
    STATES,
    Scheme,
    find_places,
    misfits,
    show,
    speak,
)

pytestmark = [pytest.mark.browser, pytest.mark.peers]

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
# Each language in each scheme, and each of both at each width.
LOOKS: tuple[tuple[ViewportSize, str, Scheme], ...] = (
    (DESKTOP, "en", "light"),
    (DESKTOP, "ja", "dark"),
    (PHONE, "en", "dark"),
    (PHONE, "ja", "light"),
)

# Of the places where a rule is broken, two are enough to find the rest.
RUN = """async () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    // What was closed is rendered now.
    for (const _ of "123") await new Promise(requestAnimationFrame);
    const { violations } = await axe.run({
        resultTypes: ["violations"],
        rules: { "target-size": { enabled: true } },
        preload: false,
        elementRef: false,
    });
    return violations.map(({ id, nodes }) => ({
        rule: id,
        places: nodes.length,
        such_as: nodes.slice(0, 2).map(({ html, failureSummary }) => [html, failureSummary]),
    }));
}"""


@pytest.fixture(scope="module")
def places(browser: Browser, served: tuple[str, Backend]) -> dict[str, str]:
    """What the addresses of the states need."""
    return find_places(browser, served[0])


@pytest.fixture(scope="module")
def examined(browser: Browser, served: tuple[str, Backend]) -> Iterator[Page]:
    """A page with axe in it, without motion: half-way through a change no colour is what it is."""
    context = browser.new_context(base_url=served[0], locale="en-US", reduced_motion="reduce")
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


def check(page: Page, scheme: Scheme) -> None:
    """Check what axe sees, and that the page fits, also one narrow as if enlarged (WCAG 1.4.10)."""
    assert misfits(page) == []
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("state", STATES)
def test_a_state_breaks_no_rule(examined: Page, places: dict[str, str], state: str) -> None:
    for viewport, language, scheme in LOOKS:
        examined.set_viewport_size(viewport)
        show(examined, state, places)
        speak(examined, language)
        check(examined, scheme)
