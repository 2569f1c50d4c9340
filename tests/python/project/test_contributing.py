"""CONTRIBUTING.md and the templates name only files, targets and areas that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import areas
import pytest
import yaml
from dbt_project import ROOT

PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / ".pre-commit-config.yaml",
    *ROOT.glob(".github/**/*.md"),
    *ROOT.glob(".github/ISSUE_TEMPLATE/*.yml"),
]
MAKEFILE = (ROOT / "Makefile").read_text()
FILE = re.compile(r"^[\w.*-]+(/[\w.*-]+)*/?$")


def paths(page: Path) -> Iterator[str]:
    """The files and folders between backticks, and those that links lead to."""
    text = page.read_text()
    for span in [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"\]\(([^):]+)\)", text)]:
        if FILE.match(span) and ("/" in span or "." in span):
            yield span


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    for path in paths(page):
        # A file without its folder is beside the one that is named before it.
        found = list(ROOT.glob(path)) or ("/" not in path and list(ROOT.glob(f"models/**/{path}")))
        assert found, f"{page.name} names {path}, which does not exist"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_and_area_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    commands = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^    (.+?)  ", text, re.MULTILINE)]
    commands += re.findall(r"(?:entry|name): (make .*)", text)
    for command in commands:
        assert set(re.findall(r"\bmake ([a-z][a-z-]*)", command)) <= targets, command
    for area in re.findall(r"AREA=(\w+)", text):
        assert areas.commands(area)


def test_contributing_names_every_recipe_and_fits_on_few_screens() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    recipes = re.findall(r"^\*\*(.+?)\*\* \(`AREA", text, re.MULTILINE)
    assert recipes == ["A metric", "A preset", "A KPI", "An alert kind"]
    assert len(text.splitlines()) < 80
    assert len(list(paths(ROOT / "CONTRIBUTING.md"))) > 40


def test_forms_and_hooks_are_yaml() -> None:
    for path in [ROOT / ".pre-commit-config.yaml", *ROOT.glob(".github/ISSUE_TEMPLATE/*.yml")]:
        assert yaml.safe_load(path.read_text())
