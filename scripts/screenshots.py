"""Make the pictures of the documents: a real search in the real page, over the books as served.

Run by hand with the app running: `.venv/bin/python scripts/screenshots.py [ADDRESS]`.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
LANGUAGES = {"en": ("en-US", "Search"), "ja": ("ja-JP", "検索")}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for name, (locale, button) in LANGUAGES.items():
            page = browser.new_page(
                base_url=ADDRESS, locale=locale, viewport={"width": 1280, "height": 800}
            )
            page.goto("/")
            for query in ("hope", "love"):  # the second one finds everything warm
                page.get_by_role("searchbox").fill(query)
                page.get_by_role("button", name=button, exact=True).click()
                page.get_by_role("row", name="update_ui_final").wait_for()
                page.wait_for_timeout(1_000)
            page.screenshot(path=FOLDER / f"search-{name}.png")
            page.goto("/?q=%22white+whale%22")
            page.get_by_role("link", name="white whale").first.click()
            page.locator("mark").first.wait_for()
            page.wait_for_timeout(1_000)
            page.screenshot(path=FOLDER / f"reader-{name}.png")
        browser.close()
