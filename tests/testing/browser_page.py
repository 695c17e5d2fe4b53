"""The fixture `page` that pytest-playwright gives, with the browser that the tests have."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tools.chromium import ARGUMENTS, LEFT_OUT, find_chromium


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=ARGUMENTS, ignore_default_args=LEFT_OUT
        )
        yield browser.new_page()
        browser.close()
