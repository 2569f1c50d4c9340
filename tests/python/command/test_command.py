"""The command line on the worked example: suggestions, rebuilds and hostile names."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from command import Commanded
from dbt_project import ROOT, Project
from worked_example import event_rows, write_events

from engagement.suggestions import SEEDS, write_suggestions

# A name that ends a CSV line and names another file; one with every special character; a number.
HOSTILE = ["x\n### ../pwned.csv\nthis line comes from an event", 'say "hi", o\'brien; 30.0', "30.0"]


@pytest.fixture(scope="module")
def company(worked_example: Project, tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    """The worked example, built; its settings name the new folder."""
    folder = tmp_path_factory.mktemp("command") / "project"
    shutil.copytree(worked_example.folder, folder, ignore=shutil.ignore_patterns("logs"))
    settings = yaml.safe_load((folder / "dbt_project.yml").read_text())
    [entry] = settings["vars"]["engagement_inputs"]["interactions"]
    entry["relation"] = f"read_csv('{folder / 'data/events.csv'}', all_varchar = true)"
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    return Commanded(folder, "engagement.duckdb", ROOT / "profiles")


def events(company: Commanded) -> Project:
    return Project(company.folder)


# The role that each name suggests.
ROLES = {
    "newsletter_sent": "exposure",
    "push-delivered": "exposure",
    "ad impression": "exposure",
    "mail.bounced": "exposure",
    "emailsent": "exposure",
    "sms scheduled": "exposure",
    "order placed": "purchase",
    "payment received": "purchase",
    "order refunded": "refund",
    "subscription_renewed": "renewal",
    "trial cancelled": "cancellation",
    "order status viewed": "engagement",
    "checkout started": "engagement",
    "consent given": "engagement",
    "slides presented": "engagement",
}
UNPAID = ("exposure", "refund", "cancellation")


# --- suggest ---


@pytest.fixture(scope="module")
def suggested(company: Commanded) -> str:
    """What `suggest` prints for events with hostile names; the published file does not change."""
    before, files = company.database.read_bytes(), company.files()
    rows = event_rows()
    for number, name in enumerate([*HOSTILE, *ROLES]):
        quoted = '"' + name.replace('"', '""') + '"'
        rows += [[f"h{number}-{row[0]}", row[1], quoted, row[3], ""] for row in event_rows()]
    kept = (company.folder / "data/events.csv").read_bytes()
    write_events(events(company), rows)
    said = company.succeed("suggest")
    (company.folder / "data/events.csv").write_bytes(kept)
    assert company.database.read_bytes() == before
    written = {name for name in company.files() - files if "/target/" not in name}
    assert {name.removeprefix("project/") for name in written} == {
        *(f"suggestions/{seed}.csv" for seed in SEEDS),
        ".engagement.building/.gitignore",
        ".engagement.building/lock",
        "logs/dbt.log",
    }
    return said


def rows_of(company: Commanded, seed: str) -> list[dict[str, str]]:
    with (company.folder / f"suggestions/{seed}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("suggested")
def test_suggest_writes_the_same_five_files_whatever_the_names_of_events(
    company: Commanded,
) -> None:
    found = {row["activity_type"] for row in rows_of(company, "activity_types")}
    assert {name.lower() for name in HOSTILE} <= found
    for seed in SEEDS:
        assert all(None not in row for row in rows_of(company, seed)), seed


@pytest.mark.usefixtures("suggested")
def test_dbt_seed_reads_what_suggest_writes(company: Commanded) -> None:
    kept = {
        path: path.read_bytes()
        for path in [*company.folder.glob("seeds/config/*.csv"), company.database]
    }
    try:
        for seed in SEEDS:
            shutil.copy(company.folder / f"suggestions/{seed}.csv", company.folder / "seeds/config")
        run = events(company).dbt("seed", "--select", *SEEDS)
        assert run.success, run.said
        types = {name for (name,) in company.query("select activity_type from activity_types")}
        assert {name.lower() for name in HOSTILE} <= types
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


@pytest.mark.usefixtures("suggested")
def test_what_is_sent_to_customers_is_proposed_as_exposure_without_points(
    company: Commanded,
) -> None:
    roles = {row["activity_type"]: row["role"] for row in rows_of(company, "activity_types")}
    assert {name: roles[name] for name in ROLES} == ROLES
    points = {row["activity_type"] for row in rows_of(company, "activity_weights")}
    assert {name for name in ROLES if name in points} == {
        name for name, role in ROLES.items() if role not in UNPAID
    }


def test_suggest_ends_with_the_three_steps(suggested: str) -> None:
    first = suggested.index("1. Correct the guesses in suggestions/activity_types.csv")
    second = suggested.index("2. cp suggestions/activity_types.csv seeds/config/ && python -m")
    third = suggested.index("3. cp suggestions/*.csv seeds/config/ && python -m engagement build")
    assert first < second < third


def test_new_suggestions_replace_the_last_ones_at_once(tmp_path: Path) -> None:
    seeds = {seed: {"columns": ["a", "b"], "rows": [["1", None]]} for seed in SEEDS}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.csv").write_text("mine")
    # A link is replaced, and what it points to is left alone.
    (tmp_path / "suggestions").symlink_to(elsewhere)
    for _ in range(2):
        assert write_suggestions(seeds, tmp_path / "suggestions") == dict.fromkeys(SEEDS, 1)
        assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", "suggestions"}
    assert (tmp_path / "suggestions/score_bands.csv").read_text() == "a,b\n1,\n"
    assert [path.name for path in elsewhere.iterdir()] == ["mine.csv"]


# --- rebuild ---


def test_a_rebuild_of_a_customer_leaves_no_id_in_logs_and_target(company: Commanded) -> None:
    shutil.rmtree(company.folder / "target")
    shutil.rmtree(company.folder / "logs", ignore_errors=True)
    before = company.query("select * from engagement_scores order by all")
    # Without some of the marts the project has no last screen.
    said = company.succeed("rebuild", "--customer", "ben")
    assert "Recomputing and checking" in said
    left = [
        path
        for folder in ("target", "logs")
        for path in (company.folder / folder).rglob("*")
        if path.is_file() and "'ben'" in path.read_text(errors="replace")
    ]
    assert left == []
    assert company.query("select * from engagement_scores order by all") == before


SIGNS = 'o\'brien $(touch pwned) "; touch pwned; " `touch pwned` {{ 1 / 0 }}'


def test_a_rebuild_of_an_unknown_customer_is_refused_before_anything_is_built(
    company: Commanded,
) -> None:
    before, files = company.database.read_bytes(), company.files()
    code, said = company.run("rebuild", "--customer", SIGNS)
    assert code == 2, said
    assert "The customer to rebuild is in no input" in said
    assert "Accepted: a customer_id of the mart customer_engagement" in said
    assert "Traceback" not in said and " of 9" not in said
    assert company.database.read_bytes() == before
    assert not [name for name in company.files() - files if "pwned" in name]


@pytest.mark.parametrize("customer", ["o'brien", "$(touch pwned)", '"; touch pwned; "', "`pwned`"])
@pytest.mark.parametrize("target", ["rebuild", "dashboard"])
def test_make_passes_values_unchanged(tmp_path: Path, target: str, customer: str) -> None:
    """A stand-in for the command prints its arguments."""
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.write_text(
        f"#!{sys.executable}\nimport json, sys\nprint('GIVEN', json.dumps(sys.argv[1:]))\n"
    )
    python.chmod(0o755)
    done = subprocess.run(
        [
            *("make", "--silent", "--directory", str(ROOT)),
            *("--old-file=.venv/.made", "--old-file=.venv/.dashboard", target),
            *(f"BIN={tmp_path / 'bin'}", f"CUSTOMER={customer}", f"PROJECT=my {customer}"),
        ],
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout.split("GIVEN ")[1].splitlines()[0])
    assert f"--customer={customer}" in given
    if target == "dashboard":
        assert f"--dbt-project-dir=my {customer}" in given


class Misnamed(Project):
    """The project with a database whose name breaks SQL."""

    @property
    def database(self) -> Path:
        return self.folder / "x's.duckdb"


def test_plain_dbt_refuses_a_name_with_a_quotation_mark(company: Commanded) -> None:
    run = Misnamed(company.folder).dbt("parse")
    assert not run.success
    assert "has a quotation mark in its name" in run.said
    assert "Accepted: letters, digits, _ and -" in run.said
