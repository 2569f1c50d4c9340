"""Inputs of a project that installs the package."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import worked_example as example
import yaml
from dbt_project import ROOT, Project, scoring_project
from worked_example import events_file
from wrong_inputs import interactions


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The package, beside the events file of the worked example; never built itself."""
    project = scoring_project(tmp_path_factory.mktemp("package") / "project")
    example.set_up(project)
    return project


def test_a_project_that_installs_the_package_is_told_to_set_the_inputs(
    tmp_path: Path, input_models: Project
) -> None:
    shutil.copytree(input_models.folder, tmp_path / "package")
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "packages.yml").write_text(yaml.safe_dump({"packages": [{"local": "../package"}]}))
    settings = {
        "name": "shop",
        "version": "1.0.0",
        "config-version": 2,
        "profile": "customer_engagement",
    }
    (shop / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    installed = Project(shop, ROOT / "profiles")
    assert installed.dbt("deps").success

    run = installed.dbt("parse")
    assert not run.success
    assert "engagement_inputs: the variable is not set" in run.error
    assert "To fix it: in dbt_project.yml, under vars, map at least `interactions`" in run.error

    run = installed.dbt("parse", variables=interactions({"relation": "events"}))
    assert run.success, run.error


def test_entries_of_another_project_are_found_unioned_and_filtered(
    package: Project, tmp_path: Path
) -> None:
    """A source that was not loaded is named; then source, ref and relation are in one table."""
    folder = tmp_path / "company"
    (folder / "models").mkdir(parents=True)
    (folder / "packages.yml").write_text(
        yaml.safe_dump({"packages": [{"local": str(package.folder)}]})
    )
    (folder / "models/app_events.sql").write_text(
        "select 'a1' as customer_id, 'product_session' as activity_type, "
        "timestamp '2025-03-01 10:00' as occurred_at\n"
    )
    source = {"name": "web", "schema": "landing", "tables": [{"name": "tracks"}]}
    (folder / "models/sources.yml").write_text(yaml.safe_dump({"sources": [source]}))
    columns = {"customer_id": "user_id", "activity_type": "event", "occurred_at": '"timestamp"'}
    entries = [
        {"source": "web.tracks", "where": "country = 'DE'", "columns": columns},
        {"ref": "app_events"},
        {"ref": "company.app_events", "name": "again", "columns": {"activity_type": "'purchase'"}},
        {
            "relation": f"read_csv('{events_file(package)}')",
            "name": "csv",
            "columns": {"customer_id": "user_id", "activity_type": "lower(event)"},
            "where": "user_id = 'ben'",
        },
    ]
    settings = {
        "name": "company",
        "version": "1.0.0",
        "config-version": 2,
        "profile": "customer_engagement",
        "vars": {"engagement_inputs": {"interactions": entries}},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    company = Project(folder, ROOT / "profiles")
    assert company.dbt("deps").success

    run = company.build("--select", "+stg_engagement__interactions")
    assert not run.success
    assert "engagement_inputs.interactions[0] (web.tracks): the source table" in run.said
    assert "does not exist. To fix it: load it first, or correct the source" in run.said

    with duckdb.connect(str(company.database)) as connection:
        connection.execute("create schema landing")
        connection.execute(
            "create table landing.tracks as select * from (values "
            "('w1', 'website_visit', '2025-03-01T23:30:00+01:00', 'DE'), "
            "('w2', 'website_visit', '2025-03-02', 'FR')"
            ") as t (user_id, event, timestamp, country)"
        )
    run = company.build("--select", "+stg_engagement__interactions")
    assert run.success, run.said
    found = company.query(
        "select input_entry, customer_id, activity_type, occurred_at "
        "from stg_engagement__interactions "
        "where input_entry != 'csv' order by all"
    )
    assert found == [
        ("again", "a1", "purchase", datetime(2025, 3, 1, 10)),
        ("app_events", "a1", "product_session", datetime(2025, 3, 1, 10)),
        ("web.tracks", "w1", "website_visit", datetime(2025, 3, 1, 22, 30)),
    ]
    assert company.query(
        "select customer_id, count(*) from stg_engagement__interactions "
        "where input_entry = 'csv' group by 1"
    ) == [("ben", 3)]
