"""The page's own scripts: plain ES modules that need no build, and nothing from elsewhere."""

import re
import shutil
import subprocess
from importlib.resources import files

import pytest

from nnlib.live.texts import load
from nnlib.live.widget import MODULES, script

PAGE = files("nnlib.live").joinpath("page")
SOURCES = {name: PAGE.joinpath(name).read_text(encoding="utf-8") for name in MODULES}
# A few of ESLint's rules: what each finds is a mistake, or hides one.
RULES = {
    "no-undef (a module from elsewhere)": r"https?://(?!www\.w3\.org/)|\bimport\s*\(",
    "no-eval": r"\beval\(|new Function",
    "eqeqeq": r"[^=!<>]==[^=]|!=[^=]",
    "no-var": r"^\s*var\s",
    "no-console": r"console\.|debugger|alert\(",
    "no-trailing-spaces": r"[ \t]$",
    "max-len": r"^.{141,}$",
}


def test_all_modules_are_used_and_each_comes_after_what_it_imports():
    assert set(MODULES) == {entry.name for entry in PAGE.iterdir() if entry.name.endswith(".js")}
    for place, name in enumerate(MODULES):
        for wanted, module in re.findall(r'^import {(.+)} from "\./(.+)";$', SOURCES[name], re.M):
            assert module in MODULES[:place], (name, module)
            for item in wanted.split(","):
                assert re.search(
                    rf"^export (const|function|class) {item.strip()}\b", SOURCES[module], re.M
                )
                assert len(re.findall(rf"\b{item.strip()}\b", SOURCES[name])) > 1, (
                    f"{name}: {item} is unused"
                )


@pytest.mark.parametrize("rule", RULES)
def test_the_scripts_keep_the_rule(rule):
    for name, source in SOURCES.items():
        bare = rule.startswith(("no-undef", "no-trailing", "max-len"))
        code = source if bare else re.sub(r"//.*$", "", source, flags=re.M)
        found = re.search(RULES[rule], code, re.M)
        assert found is None, f"{name}: {found and found[0]!r}"


def test_joined_they_are_one_module_that_parses(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js to parse JavaScript with")
    for name, source in {"joined.js": script(), **SOURCES}.items():
        path = tmp_path / name.replace(".js", ".mjs")
        path.write_text(source, encoding="utf-8")
        done = subprocess.run([node, "--check", path], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert len(script().splitlines()) < 1_400


def test_every_word_of_the_page_is_used_and_there():
    used = set(re.findall(r"\b(?:texts|t)\.(\w+)", "".join(SOURCES.values())))
    words, buttons = set(load()["page"]), {"play", "step", "reset", "undo"}
    explorers = {"hint", *load()["explorers"]["digit_pad"]["buttons"]}
    assert used <= words | explorers, used - words - explorers
    hints = {f"{name}_hint" for name in buttons}
    assert words - used - buttons - hints == set(), "unused words"
