"""Pictures of the page in each of its states, and that they show no fault.

They are for whoever looks at them after a run, in pytest's folder. Those that documents show are
written to `docs/images` by `make pictures`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.conftest import watched
from tests.browser.states import (
    SLOW,
    STATES,
    VIEWS,
    find_places,
    misfits,
    picture_name,
    show,
    speak,
)

pytestmark = [pytest.mark.browser, pytest.mark.peers]

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
SHOWN = {
    name
    for document in DOCUMENTS
    for name in re.findall(r"images/([\w-]+\.png)", document.read_text(encoding="utf-8"))
}
MOST_BYTES = 250_000


@pytest.fixture(scope="module")
def places(browser: Browser, served: tuple[str, Backend]) -> dict[str, str]:
    """What the addresses of the states need."""
    return find_places(browser, served[0])


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest) -> str:
    """How the page is looked at; all states one way, and then the next."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def looked_at(browser: Browser, served: tuple[str, Backend], view: str) -> Iterator[Page]:
    """A page that is looked at so, without motion, and that writes no error to its console."""
    language, scheme, viewport = VIEWS[view]
    with watched(
        browser,
        served[0],
        locale={"en": "en-US", "ja": "ja-JP"}[language],
        timezone_id="UTC",
        color_scheme=scheme,
        viewport=viewport,
        reduced_motion="reduce",
    ) as page:
        yield page


@pytest.mark.parametrize("state", [name for name in STATES if name not in SLOW])
def test_a_picture_shows_no_fault(
    looked_at: Page,
    places: dict[str, str],
    view: str,
    state: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    show(looked_at, state, places)
    speak(looked_at, VIEWS[view].language)
    name = picture_name(state, view)
    shown = "PICTURES" in os.environ and name in SHOWN
    path = (IMAGES if shown else tmp_path_factory.getbasetemp()) / name
    looked_at.screenshot(path=path, animations="disabled")
    assert misfits(looked_at) == []
    assert path.stat().st_size < MOST_BYTES
