"""The playground on a page of its own: starts by itself, and an address holds its settings."""

import re

import pytest

WIDTHS = 390, 800, 1280, 1920
SHOWN = "#view:not([hidden]) .nn-epoch"


def epoch(page):
    """The epoch that the page shows."""
    return int(re.sub(r"\D", "", page.locator(".nn-epoch").inner_text()))


def activation(page):
    """The activation that the page shows as chosen."""
    select = page.get_by_role("combobox", name="Activation")
    return select.evaluate("(select) => select.selectedOptions[0].textContent")


def test_it_starts_by_itself_and_a_tap_stops_it(open_page):
    page = open_page("playground/index.html", width=390, height=844, has_touch=True)
    assert page.locator("#poster img").get_attribute("alt")
    page.locator(SHOWN).wait_for()
    plane = page.locator(".nn-plane")
    before, picture = epoch(page), plane.screenshot()
    page.wait_for_timeout(1500)
    assert epoch(page) > before
    assert plane.screenshot() != picture
    page.locator(".nn-play").tap()
    page.wait_for_timeout(500)
    stopped = epoch(page)
    page.wait_for_timeout(500)
    assert epoch(page) == stopped


def test_the_address_holds_the_settings(open_page):
    page = open_page("playground/index.html#data=moons&hidden=3,2")
    page.locator(SHOWN).wait_for()
    assert activation(page) == "sigmoid"
    page.get_by_role("combobox", name="Activation").select_option(label="tanh")
    page.wait_for_url("**/playground/index.html#*activation=tanh*")
    address = page.url
    for setting in ("data=moons", "hidden=3,2", "activation=tanh"):
        assert setting in address

    other = page.context.new_page()
    other.goto(address)
    other.locator(SHOWN).wait_for()
    other.wait_for_timeout(1000)
    assert other.url == address
    assert activation(other) == "tanh"
    other.evaluate("() => { location.hash = '#data=spiral'; }")
    other.wait_for_timeout(2000)
    assert activation(other) == "sigmoid"


def test_a_wrong_address_is_explained_and_plays_all_the_same(open_page):
    page = open_page("playground/index.html#data=cats")
    page.locator(SHOWN).wait_for()
    assert "circles" in page.locator("#notice").inner_text()
    page.wait_for_timeout(1000)
    assert epoch(page) > 0


def test_it_waits_if_motion_is_unwelcome(open_page):
    page = open_page("playground/index.html", reduced_motion="reduce")
    page.locator(SHOWN).wait_for()
    page.wait_for_timeout(1000)
    assert epoch(page) == 0


def test_nothing_is_cut_off_and_axe_finds_nothing_serious(open_page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("playground/index.html")
    page.locator(SHOWN).wait_for()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)  # colours change gradually
        found = axe.run(page, options={"preload": False}).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], scheme
