"""A change to a contract is noticed, and is a decision."""

from __future__ import annotations

import re
import tomllib

import yaml
from contracts import ROOT, accepted_contracts, contracts_in_the_yaml

ADVICE = """
The columns of a mart or configuration seed are a contract: docs/upgrading.md.
- Only added? A minor version may do that: note it in CHANGELOG.md.
- Renamed, removed, of another type? A mart gets a new version beside the old one (`versions:`, with
  a deprecation_date); a seed keeps accepting the old column. Note it in CHANGELOG.md under
  Contracts that change.
Then accept the new list: python tests/python/support/contracts.py
"""


def test_no_contract_changes_unnoticed() -> None:
    now, accepted = contracts_in_the_yaml(), accepted_contracts()
    gone = [each for each in accepted if each not in now]
    new = [each for each in now if each not in accepted]
    assert now == accepted, f"gone: {gone}\nnew: {new}\nor in another order{ADVICE}"


def test_every_mart_has_a_contract(marts: list[str]) -> None:
    assert {name for kind, name, _, _ in accepted_contracts() if kind == "mart"} == set(marts)


def test_the_version_is_the_same_everywhere() -> None:
    """A run recomputes everything when the version differs from the last run's."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["version"]
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    macro = (ROOT / "macros/governance/package_version.sql").read_text()
    [settings] = re.findall(r"return\('([^']+)'\)", macro)
    assert settings == project == python
