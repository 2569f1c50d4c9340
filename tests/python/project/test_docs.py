"""Links between pages lead somewhere, and the settings on pages are valid YAML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from dbt_project import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])


def without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_a_file_and_its_headings(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)\s#]*)(?:#([^)]*))?\)", without_code(page)):
        if "://" in target:
            continue
        linked = page.parent / target if target else page
        assert linked.exists(), f"{page.name}: {target} is not there"
        if anchor and linked.suffix == ".md":
            assert anchor in anchors(linked), f"{page.name}: {target} has no heading #{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_on_a_page_are_valid_yaml(page: Path) -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(block)


def test_the_tests_that_prove_the_score_exist() -> None:
    rows = re.findall(r"^\| .* \| (`.*) \|$", (ROOT / "docs/score-checks.md").read_text(), re.M)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    files = [path for folder in ("tests", "models") for path in (ROOT / folder).rglob("*.*")]
    readable = [path for path in files if path.suffix in {".py", ".sql", ".yml"}]
    text = "\n".join([*(path.name for path in files), *(path.read_text() for path in readable)])
    assert len(named) >= 40
    assert [name for name in named if name.rsplit("/", 1)[-1] not in text] == []
