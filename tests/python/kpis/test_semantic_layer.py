"""The semantic layer says what the marts say, to the last digit, and can be switched off."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt_project import ROOT, TESTS, Project, without

DAY = "metric_time__day"
MONTH = "metric_time__month"
VALIDATED = ("semantics", "semantic models", "dimensions", "entities", "measures", "metrics")


@dataclass(frozen=True)
class Question:
    """What MetricFlow is asked, and SQL on the marts that says the same, column by column."""

    metrics: tuple[str, ...]
    group_by: tuple[str, ...]
    sql: str
    where: str = ""

    def command(self, file: Path) -> list[str]:
        """The arguments of `mf`."""
        filters = ["--where", self.where] if self.where else []
        asked = ["--metrics", ",".join(self.metrics), "--group-by", ",".join(self.group_by)]
        return ["query", *asked, *filters, "--csv", str(file)]


def of_kpis(columns: str, period_grain: str, period_end: str = "period_end") -> str:
    """KPIs of all customers, one row a period."""
    return f"""
        select cast({period_end} as timestamp), {columns}
        from engagement_kpis
        where segment_column = 'all' and period_grain = '{period_grain}'
        group by all
    """


def value_of(kpi: str, column: str = "value") -> str:
    return f"max({column}) filter (where kpi = '{kpi}')"


START_OF_MONTH = "date_trunc('month', period_end)"
STATES = ", ".join([value_of("mean_score"), value_of("share_good")])
AT_RISK = "kind in ('drop', 'silence', 'band_down', 'engaged_unhappy', 'not_followed_up')"

QUESTIONS = {
    "average score and share of good customers": Question(
        ("engagement_mean_score", "engagement_share_good"), (DAY,), of_kpis(STATES, "week")
    ),
    "of a month the last of its weeks": Question(
        ("engagement_mean_score", "engagement_share_good"),
        (MONTH,),
        of_kpis(STATES, "month", START_OF_MONTH),
    ),
    "the change of a month": Question(
        ("engagement_mean_score_change",),
        (MONTH,),
        of_kpis(value_of("mean_score", "value_change"), "month", START_OF_MONTH),
    ),
    "shares of bands": Question(
        ("engagement_band_share",),
        (DAY, "kpi_value__band"),
        """
            select cast(period_end as timestamp), substring(kpi, 12), value
            from engagement_kpis
            where kpi like 'band_share:%' and segment_column = 'all' and period_grain = 'week'
        """,
    ),
    "customers by band": Question(
        ("engagement_scored_customers",),
        (DAY, "customer_score__band"),
        """
            select cast(period_end as timestamp), band, count(score)
            from engagement_scores
            group by all
        """,
    ),
    "retention and response rate": Question(
        ("engagement_retention", "engagement_not_retained", "engagement_response_rate"),
        (DAY,),
        f"""
            select * from ({
            of_kpis(
                ", ".join(
                    [
                        f"{value_of('retention')} as kept",
                        f"1 - {value_of('retention')}",
                        f"{value_of('response_rate')} as answered",
                    ]
                ),
                "week",
            )
        })
            where kept is not null or answered is not null
        """,
    ),
    "activities per customer": Question(
        ("engagement_activities_per_customer",),
        (DAY,),
        """
            select cast(period_end as timestamp), activities_per_customer
            from engagement_segments
            where segment_column = 'all'
        """,
    ),
    "activities per customer of segments": Question(
        ("engagement_segment_activities_per_customer",),
        (DAY, "segment_score__segment_column", "segment_score__segment"),
        """
            select cast(period_end as timestamp), segment_column, segment, activities_per_customer
            from engagement_segments
        """,
    ),
    "customers at risk by alert": Question(
        ("engagement_customers_at_risk",),
        (MONTH, "engagement_alert__kind"),
        f"""
            select cast(date_trunc('month', period_end) as timestamp), kind,
                count(distinct customer_id)
            from engagement_alerts
            where company = 'demo' and {AT_RISK}
            group by all
        """,
    ),
    "risk by what the customer is": Question(
        ("engagement_customers_at_risk",),
        ("scored_customer__lifecycle_stage",),
        f"""
            select lifecycle_stage, count(distinct customer_id)
            from engagement_alerts left join customer_engagement using (customer_id)
            where company = 'demo' and {AT_RISK}
            group by all
        """,
    ),
    "share of customers at risk": Question(
        ("engagement_share_at_risk",),
        (DAY,),
        f"""
            select cast(period_end as timestamp), at_risk / scored
            from (
                select period_end, count(score) as scored
                from engagement_scores where is_champion group by all
            )
            left join (
                select period_end, count(distinct customer_id) as at_risk
                from engagement_alerts where {AT_RISK} group by all
            ) using (period_end)
        """,
    ),
    "interactions so far": Question(
        ("engagement_interactions_to_date",),
        (DAY,),
        """
            select cast(calendar_date as timestamp), sum(interactions)
            from engagement_calendar
            inner join engagement_touchpoints as touchpoints
                on touchpoints.period_end <= calendar_date and segment_column = 'all'
            group by all
        """,
    ),
    "customers at risk since the month began": Question(
        ("engagement_customers_at_risk_in_month",),
        (DAY,),
        f"""
            select cast(calendar_date as timestamp), count(distinct customer_id)
            from engagement_calendar
            inner join engagement_alerts as alerts
                on alerts.period_end between date_trunc('month', calendar_date) and calendar_date
            where {AT_RISK}
            group by all
        """,
    ),
    "every KPI of every segment": Question(
        ("engagement_kpi_value", "engagement_kpi_target"),
        (
            DAY,
            "kpi_value__kpi",
            "kpi_value__period_grain",
            "kpi_value__segment_column",
            "kpi_value__segment",
        ),
        """
            select cast(period_end as timestamp), kpi, period_grain, segment_column, segment,
                value, target
            from engagement_kpis
            where segment_column = 'plan x region'
        """,
        where="{{ Dimension('kpi_value__segment_column') }} = 'plan x region'",
    ),
}


@pytest.fixture(scope="module")
def layered(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo company with its semantic layer."""
    project = demo.copy(tmp_path_factory.mktemp("semantic_layer") / "project")
    for path in ROOT.glob("models/marts/*/*.yml"):
        settings = without(TESTS, yaml.safe_load(path.read_text()))
        (project.folder / path.relative_to(ROOT)).write_text(yaml.safe_dump(settings))
    return project


@pytest.fixture(scope="module")
def manifest(layered: Project) -> dict[str, Any]:
    """What dbt hands to MetricFlow."""
    run = layered.dbt("parse", writes_json=True)
    assert run.success, run.error
    return json.loads((layered.folder / "target/semantic_manifest.json").read_text())


@pytest.fixture(scope="module")
def answers(layered: Project, manifest: dict[str, Any]) -> tuple[str, Path]:
    """What `mf` said, and the folder of its answers: a CSV file for each question, by number."""
    folder = layered.folder / "answers"
    folder.mkdir()
    commands = [
        ["validate-configs", "--show-all"],
        *[
            question.command(folder / f"{number}.csv")
            for number, question in enumerate(QUESTIONS.values())
        ],
        *[
            ["query", "--saved-query", query["name"], "--csv", str(folder / f"{query['name']}.csv")]
            for query in manifest["saved_queries"]
        ],
    ]
    script = ROOT / "tests/python/support/metricflow_queries.py"
    process = subprocess.run(
        [sys.executable, str(script), *map(json.dumps, commands)],
        cwd=layered.folder,
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(layered.profiles),
            "ENGAGEMENT_DUCKDB_PATH": str(layered.database),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout[-3000:] + process.stderr[-3000:]
    return process.stdout + process.stderr, folder


def test_metricflow_finds_nothing_wrong_with_the_layer_or_its_tables(
    answers: tuple[str, Path],
) -> None:
    said = answers[0]
    for validated in VALIDATED:
        found = [
            line for line in said.splitlines() if f"Successfully validated {validated}" in line
        ]
        found += [line for line in said.splitlines() if f"validated the {validated} of" in line]
        assert found, validated
        assert all("ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: 0" in line for line in found), found


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=list(QUESTIONS))
def test_a_metric_is_what_the_marts_say(
    layered: Project, answers: tuple[str, Path], number: int
) -> None:
    question = list(QUESTIONS.values())[number]
    with (answers[1] / f"{number}.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [*question.group_by, *question.metrics]
    assert rows
    expected = [[as_text(value) for value in row] for row in layered.query(question.sql)]
    assert sorted(rows) == sorted(expected)


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def test_every_saved_query_has_an_answer(
    answers: tuple[str, Path], manifest: dict[str, Any]
) -> None:
    assert len(manifest["saved_queries"]) >= 3
    for query in manifest["saved_queries"]:
        assert len((answers[1] / f"{query['name']}.csv").read_text().splitlines()) > 10


def test_all_kinds_of_metrics_are_there_and_the_guide_lists_each(manifest: dict[str, Any]) -> None:
    kinds = {metric["type"] for metric in manifest["metrics"]}
    assert kinds == {"simple", "ratio", "derived", "cumulative"}
    guide = (ROOT / "docs/semantic-layer.md").read_text()
    for part in ("metrics", "saved_queries"):
        for each in manifest[part]:
            assert f"`{each['name']}`" in guide, each["name"]


def test_only_simple_metrics_stand_beside_a_mart() -> None:
    """Of others dbt 1.12 says that it found two, when a file has changed since the last parse."""
    for path in ROOT.glob("models/marts/*/*.yml"):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            for metric in model.get("metrics", []):
                assert metric["type"] == "simple", metric["name"]


def test_names_are_our_own(manifest: dict[str, Any]) -> None:
    """Metrics of all projects and packages share one space of names, and entities join by name."""
    for part in ("metrics", "saved_queries"):
        assert all(each["name"].startswith("engagement_") for each in manifest[part])
    entities = {
        entity["name"] for model in manifest["semantic_models"] for entity in model["entities"]
    }
    assert entities == {"scored_customer", "engagement_alert"}


# --- beside the time spine, and in the project, of somebody else ---


OWN_SPINE = {
    "models": [
        {
            "name": "all_days",
            "time_spine": {"standard_granularity_column": "date_day"},
            "columns": [{"name": "date_day", "granularity": "day"}],
        }
    ]
}


def add_own_spine(project: Project) -> None:
    models = project.folder / "models"
    models.mkdir(exist_ok=True)
    (models / "all_days.sql").write_text("select date '2025-01-01' as date_day")
    (models / "all_days.yml").write_text(yaml.safe_dump(OWN_SPINE))


def semantic_manifest(project: Project) -> dict[str, Any]:
    return json.loads((project.folder / "target/semantic_manifest.json").read_text())


def spines(project: Project) -> list[str]:
    configuration = semantic_manifest(project)["project_configuration"]
    return [spine["node_relation"]["alias"] for spine in configuration["time_spines"]]


def parts(project: Project) -> set[str]:
    written = semantic_manifest(project)
    return {part for part in ("semantic_models", "metrics", "saved_queries") if written[part]}


@pytest.fixture(scope="module")
def with_own_spine(layered: Project, answers: tuple[str, Path]) -> Project:
    """The same project, with another time spine of days; `answers` go before."""
    add_own_spine(layered)
    return layered


def test_two_time_spines_stop_the_run_and_the_message_says_which_to_leave_out(
    with_own_spine: Project,
) -> None:
    run = with_own_spine.dbt("run", "--select", "all_days")
    assert not run.success
    assert "all_days and engagement_calendar are both time spines of days" in run.said
    assert "set engagement_time_spine: false under vars in dbt_project.yml" in run.said


def test_ours_is_left_out_when_the_variable_says_so(with_own_spine: Project) -> None:
    run = with_own_spine.dbt("parse", variables={"engagement_time_spine": False}, writes_json=True)
    assert run.success, run.said
    assert spines(with_own_spine) == ["all_days"]
    assert parts(with_own_spine) == {"semantic_models", "metrics", "saved_queries"}


@pytest.fixture(scope="module")
def shop(layered: Project) -> Project:
    """The project of somebody who installs the package, with a time spine of days."""
    shop = Project(layered.folder.parent / "shop", ROOT / "profiles")
    shop.folder.mkdir()
    packages = {"packages": [{"local": f"../{layered.folder.name}"}]}
    (shop.folder / "packages.yml").write_text(yaml.safe_dump(packages))
    settings = {"name": "shop", "version": "1.0.0", "profile": "customer_engagement"}
    (shop.folder / "dbt_project.yml").write_text(yaml.safe_dump({**settings, "config-version": 2}))
    add_own_spine(shop)
    assert shop.dbt("deps").success
    return shop


INPUTS = {"engagement_inputs": {"interactions": [{"ref": "all_days"}]}}


def test_an_installed_package_leaves_its_layer_out_and_the_spine_alone(
    shop: Project, layered: Project
) -> None:
    for name in ("all_days.sql", "all_days.yml"):
        (layered.folder / "models" / name).unlink(missing_ok=True)
    run = shop.dbt("run", "--select", "all_days", variables=INPUTS, writes_json=True)
    assert run.success, run.said
    assert parts(shop) == set()
    assert spines(shop) == ["all_days"]


def test_dbt_does_not_find_the_semantic_models_of_a_package_yet(shop: Project) -> None:
    """Once it does (dbt-core#16142), the variable may be true everywhere, and this test go."""
    run = shop.dbt("compile", variables={**INPUTS, "engagement_semantic_layer": True})
    assert not run.success
    assert "depends on 'semantic_model.shop." in run.said
    assert "which is not in the graph" in run.said
