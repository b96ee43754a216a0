"""The reading pages: the notebooks with their outputs, complete, readable everywhere, offline."""

import re
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup
from published import notebooks, series

PAGES = ["index.html", "places.html", *(f"{notebook.name}.html" for notebook in notebooks())]
WIDTHS = 390, 800, 1280, 1920
SERIOUS = ("serious", "critical")


def wait_for_maths(page):
    """Wait until MathJax has set the page's formulas."""
    page.wait_for_function(
        "() => !window.MathJax?.startup?.promise || window.MathJax.startup.document"
    )
    page.evaluate("() => window.MathJax?.startup?.promise?.then(() => true)")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_complete(path, open_page, site):
    page = open_page(path)
    wait_for_maths(page)
    assert page.locator("mjx-merror, .problematic, .system-message").all_inner_texts() == []
    without_alt = page.evaluate("""() => [...document.querySelectorAll('.cell_output img')]
        .filter((image) => !image.alt || /^_images/.test(image.alt)).map((image) => image.src)""")
    assert without_alt == []
    addresses = page.evaluate("() => [...document.querySelectorAll('a[href]')].map((a) => a.href)")
    own = {url.partition("#")[0] for url in addresses if url.startswith(site.url)}
    missing = [url for url in own if page.request.head(url).status != 200]
    assert missing == []


def parsed(page, address):
    """A page of the site as it was sent, before any script."""
    return BeautifulSoup(page.request.get(address).text(), "html.parser")


def test_links_to_headings_lead_somewhere(open_page, site):
    page = open_page("places.html")
    anchors, wanted = {}, set()
    for path in PAGES:
        html = parsed(page, site.url + path)
        anchors[path] = {element["id"] for element in html.select("[id]")}
        for link in html.select("article a[href]"):
            address, _, fragment = urljoin(site.url + path, link["href"]).partition("#")
            if fragment and address.startswith(site.url):
                wanted.add((address.removeprefix(site.url) or "index.html", unquote(fragment)))
    assert len(wanted) > 20
    assert {(path, name) for path, name in wanted if name not in anchors[path]} == set()


def test_figures_lie_on_the_dark_page_and_keep_their_size_on_a_phone(open_page):
    page = open_page("02_forward_pass.html", color_scheme="dark", width=390)
    figures = page.locator(".cell_output img")
    behind = figures.evaluate_all("(all) => all.map((i) => getComputedStyle(i).backgroundColor)")
    assert behind and set(behind) == {"rgba(0, 0, 0, 0)"}
    assert min(figures.evaluate_all("(all) => all.map((img) => img.clientWidth)")) > 500


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off(width, open_page, site):
    page = open_page("index.html", width=width)
    for path in PAGES[:4]:
        page.goto(site.url + path)
        wait_for_maths(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path


def test_every_answer_is_folded_and_opens(open_page, site):
    page = open_page("02_forward_pass.html")
    for notebook in series():
        answers = [
            cell
            for cell in notebook.content["cells"]
            if "answer" in cell["metadata"].get("tags", ()) and cell["outputs"]
        ]
        html = parsed(page, f"{site.url}{notebook.name}.html")
        assert len(html.select("details.hide")) == len(answers), notebook.name
    answer = page.locator("details.hide").first
    output = answer.locator(".cell_output, .output").first
    assert not output.is_visible()
    answer.locator("summary").first.click()
    assert output.is_visible()


def test_the_search_finds_a_word(open_page):
    page = open_page("search.html?q=backpropagation")
    page.wait_for_function("() => document.querySelectorAll('#search-results li a').length > 0")
    results = page.locator("#search-results li a").all_inner_texts()
    assert any("Backpropagation" in text for text in results)


def test_dark_and_light_can_be_chosen(open_page):
    page = open_page("index.html", color_scheme="dark")
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    dark = page.evaluate(background)
    page.emulate_media(color_scheme="light")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert page.evaluate(background) != dark


def test_the_front_page_shows_a_network_that_learns(open_page):
    page = open_page("index.html")
    words, picture = page.locator("#recording-words"), page.locator("#recording")
    first, before = words.inner_text(), picture.screenshot()
    page.wait_for_function(
        "(text) => document.getElementById('recording-words').textContent !== text", arg=first
    )
    page.wait_for_timeout(1000)
    assert picture.screenshot() != before
    page.get_by_role("button", name="Pause").click()
    epoch = words.inner_text()
    assert re.match(r"Epoch \d+", epoch)
    page.wait_for_timeout(500)
    assert words.inner_text() == epoch


def test_the_front_page_stands_still_if_motion_is_unwelcome(open_page):
    page = open_page("index.html", reduced_motion="reduce")
    before = page.locator("#recording-words").inner_text()
    page.wait_for_timeout(800)
    assert page.locator("#recording-words").inner_text() == before


@pytest.mark.parametrize("path", ["index.html", "02_forward_pass.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(path, scheme, open_page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(path, color_scheme=scheme)
    wait_for_maths(page)
    found = axe.run(page, options={"preload": False}).response["violations"]
    found = [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in found if v["impact"] in SERIOUS]
    assert found == []


def test_paper_has_no_buttons(open_page):
    page = open_page("02_forward_pass.html")
    assert page.locator(".run-it").is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".run-it").is_visible()
    assert not page.locator(".bd-sidebar-primary").is_visible()
