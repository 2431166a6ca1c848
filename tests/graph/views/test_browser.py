"""The stepper in a real browser: keys, buttons, slider, two at a time, light and dark, script and style stripped."""

import re
import shutil
from pathlib import Path

import pytest

from graph.views.examples import residual, traced_mlp

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

FOLDER = Path(__file__).parents[3] / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
COLOURS = """() => {
    const shown = (e) => e.children.length === 0 && e.innerText?.trim() && e.checkVisibility();
    const behind = (e) => {
        while (e && getComputedStyle(e).backgroundColor === "rgba(0, 0, 0, 0)") e = e.parentElement;
        return e ? getComputedStyle(e).backgroundColor : "rgb(255, 255, 255)";
    };
    const found = [...document.querySelectorAll(".layerwise *")].filter(shown);
    return found.map((e) => [getComputedStyle(e).color, behind(e), e.innerText]);
}"""


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no chromium here")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(error))
    yield page
    assert page.errors == []
    page.close()


def now(page, root=".layerwise"):
    """The number of the one step that is visible in a stepper."""
    steps = page.locator(f"{root} .lw-step")
    visible = [i for i in range(steps.count()) if steps.nth(i).is_visible()]
    assert len(visible) == 1
    return visible[0]


def test_keys_buttons_slider_and_boxes_move(page):
    page.set_content(traced_mlp()._repr_html_())
    page.locator(".layerwise").focus()
    assert now(page) == 0
    for key, expected in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 7),
        ("ArrowRight", 7),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert now(page) == expected
    page.get_by_title("one step on").click()
    assert now(page) == 1
    page.keyboard.press("ArrowRight")  # the focus is on the button now
    assert now(page) == 2
    page.locator(".lw-controls input").fill("5")
    assert now(page) == 5
    page.keyboard.press("Home")  # and on the slider
    assert now(page) == 0
    page.locator(".lw-box").nth(2).click()
    assert now(page) == 2


def test_the_current_box_and_the_direction_are_marked(page):
    page.set_content(traced_mlp()._repr_html_())
    page.locator(".layerwise").focus()
    assert page.locator(".lw-box[data-now]").inner_text().split() == ["0", "Linear"]
    assert page.locator(".lw-arrow").first.inner_text() == "\u2192"
    page.keyboard.press("End")
    assert page.locator(".lw-box[data-now]").inner_text().split() == ["0", "Linear"]
    assert page.locator(".lw-arrow").first.inner_text() == "\u2190"


def test_two_steppers_do_not_disturb_each_other(page):
    trace = traced_mlp()
    first, second = trace._repr_html_(), trace._repr_html_()
    page.set_content(first + second)
    ids = [f"#{re.search('id=.([^ ]+?).[ >]', html)[1]}" for html in (first, second)]
    page.locator(ids[1]).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert [now(page, name) for name in ids] == [0, 2]
    page.locator(ids[0]).focus()
    page.keyboard.press("End")
    assert [now(page, name) for name in ids] == [7, 2]


def test_keys_stay_in_the_stepper_and_those_with_a_modifier_go_on(page):
    page.set_content(
        "<script>seen = []; addEventListener('keydown', e => seen.push(e.key))</script>" + traced_mlp()._repr_html_()
    )
    page.locator(".layerwise").focus()
    for key in ("ArrowRight", "a", "d", "Home"):
        page.keyboard.press(key)
    assert page.evaluate("seen") == []
    page.keyboard.press("Shift+Enter")
    assert "Enter" in page.evaluate("seen")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert now(page) == 0  # and what is pressed elsewhere is none of ours
    assert page.evaluate("seen").pop() == "ArrowRight"


def test_nothing_overflows_and_pictures_are_kept(browser, tmp_path):
    FOLDER.mkdir(exist_ok=True)
    for name, trace in [("mlp", traced_mlp((64, 32, 10), batch=32)), ("residual", residual(2))]:
        trace.save(tmp_path / "page.html")
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
            page.goto((tmp_path / "page.html").as_uri())
            for step in (0, len(trace) // 2, len(trace) - 1):
                page.locator(".lw-controls input").fill(str(step))
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                page.screenshot(path=FOLDER / f"stepper-{name}-{scheme}-{step}.png", full_page=True)
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        text = (tmp_path / "page.html").read_text()
        page.set_content(re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL))
        steps = page.locator(".lw-step table")
        assert all(steps.nth(i).is_visible() for i in range(steps.count()))
        assert page.locator(".lw-step").count() == len(trace)
        page.screenshot(path=FOLDER / f"stepper-{name}-stripped.png", full_page=True)
        page.close()


def test_text_has_contrast_on_light_and_dark(browser, tmp_path):
    traced_mlp().save(tmp_path / "page.html")

    def luminance(colour):
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto((tmp_path / "page.html").as_uri())
        page.keyboard.press("End")
        for colour, background, text in page.evaluate(COLOURS):
            dark, light = sorted((luminance(colour), luminance(background)))
            assert (light + 0.05) / (dark + 0.05) >= 4.3, (scheme, colour, background, text)
        page.close()
