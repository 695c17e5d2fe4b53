"""Links accounts as a person does: `pytest examples/test_link_in_a_browser.py`, with pytest-playwright."""


def test_a_person_links_in_the_modal(page, linkspan_server):
    page.goto(linkspan_server.shop)
    page.get_by_test_id("shop-link").click()
    modal = page.frame_locator("linkspan-modal iframe")
    with page.context.expect_page() as bank:
        for button in ("ls-bank-fcinst_test_oauth", "ls-consent-agree", "ls-login-link"):
            modal.get_by_test_id(button).click()
    bank.value.get_by_test_id("bank-person-sam").click()
    bank.value.get_by_test_id("bank-allow").click()
    modal.get_by_test_id("ls-accounts-submit").click()
    modal.get_by_test_id("ls-done").click()
