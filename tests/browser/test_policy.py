"""The page works under its own content security policy, and nothing else does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gutenberg_explorer.runtime.backend import Backend
from tests.browser.test_search import shown, submit

pytestmark = pytest.mark.browser

RECORD = """
    window.violations = [];
    document.addEventListener(
        "securitypolicyviolation",
        (event) => window.violations.push(event.effectiveDirective),
    );
"""


@pytest.fixture
def recording(browser: Browser, served: tuple[str, Backend]) -> Iterator[Page]:
    """A page that records what its policy forbids."""
    context = browser.new_context(base_url=served[0], locale="en-US")
    context.add_init_script(RECORD)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.violations")
    return found


def test_no_part_of_the_page_is_forbidden(recording: Page) -> None:
    recording.goto("/")
    submit(recording, "love")
    shown(recording)
    assert violations(recording) == []
    for path in ("/library", "/traces", "/nope", "/docs"):
        recording.goto(path)
        recording.wait_for_load_state("networkidle")
        expect(recording.locator("h1").first).to_be_visible()
        assert violations(recording) == [], path


ATTEMPTS = {
    "style-src-elem": "document.head.append(made('style', {textContent: '*{}'}))",
    "img-src": "document.body.append(made('img', {src: 'https://evil.example/x.png'}))",
    "frame-src": "document.body.append(made('iframe', {src: '/'}))",
    "connect-src": "fetch('https://evil.example/').catch(() => 0)",
    "require-trusted-types-for": "document.body.innerHTML = '<b>x</b>'",
}


@pytest.mark.parametrize("directive", ATTEMPTS)
def test_what_a_smuggled_script_would_try_is_forbidden(recording: Page, directive: str) -> None:
    recording.goto("/")
    expect(recording.get_by_role("searchbox")).to_be_visible()
    made = "const made = (tag, set) => Object.assign(document.createElement(tag), set)"
    recording.evaluate(f"() => {{ {made}; try {{ {ATTEMPTS[directive]} }} catch {{}} }}")
    recording.wait_for_function("window.violations.length > 0")
    assert violations(recording) == [directive]
