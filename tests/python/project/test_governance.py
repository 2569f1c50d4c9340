"""Access to models, exposures, and where personal data are."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_project import ROOT, Project

PAGES = sorted(page for page in (ROOT / "dashboard/charts").glob("*.yml") if page.stem != "meta")
EMAIL_TEST = "no_mart_holds_an_email_address"
# The tags of columns, by what they hold; docs/governance.md says what each means.
TAGS = {"id", "attribute", "text", "staff"}
FORBIDDEN = {"email", "name", "comment"}
PERSONAL = re.compile(
    r"(^|_)(customer|account|record)_id$|^subject$|^owner$|_(author|reason)$|^segments$|_text$"
)
# Texts and counts of the package itself.
IMPERSONAL = re.compile(r"^(reject|gaming)_reason$|^rejected_")
# Many rows per customer; int_engagement__customer_scope has each of these customers once.
SEARCHED_ONCE = {
    "customer_engagement",
    "engagement_scores",
    "engagement_contributions",
    "engagement_score_changes",
    "engagement_what_if",
}
# Values that are searched elsewhere already.
SEARCHED_ELSEWHERE = {
    ("engagement_accounts", "busiest_customer_id"): (
        "int_engagement__customer_scope",
        "customer_id",
    ),
    ("engagement_alerts", "customer_id"): ("engagement_alerts", "subject"),
    ("engagement_new_alerts", "subject"): ("engagement_alerts", "subject"),
    ("engagement_new_alerts", "customer_id"): ("engagement_alerts", "subject"),
    ("engagement_new_alerts", "owner"): ("engagement_alerts", "owner"),
}


@pytest.fixture(scope="module")
def manifest(demo: Project) -> dict[str, Any]:
    """The manifest of the demo."""
    return json.loads((demo.folder / "target/manifest.json").read_text())


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The models by name."""
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def changeable(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo company with the test for e-mail addresses, to change at will."""
    project = demo.copy(tmp_path_factory.mktemp("governance") / "project")
    (project.folder / "tests").mkdir()
    shutil.copy(ROOT / f"tests/singular/{EMAIL_TEST}.sql", project.folder / "tests")
    return project


# --- access ---


def test_only_marts_are_public(models: dict[str, dict[str, Any]], marts: list[str]) -> None:
    public = {name for name, model in models.items() if model["access"] == "public"}
    assert public == set(marts)
    assert {model["group"] for model in models.values()} == {"customer_engagement"}


def test_protected_models_are_those_that_the_guide_lists(
    models: dict[str, dict[str, Any]],
) -> None:
    guide = (ROOT / "docs/governance.md").read_text()
    listed = set(re.findall(r"^\| `(int_\w+)` \|", guide, re.MULTILINE))
    protected = {name for name, model in models.items() if model["access"] == "protected"}
    assert {name for name in protected if name.startswith("int_")} == listed
    assert {name.split("_")[0] for name in protected} == {"config", "int"}


def test_every_mart_gets_the_grants_of_its_target(changeable: Project, marts: list[str]) -> None:
    grants = {"duckdb": {"select": ["reporter", "crm"]}, "prod": {"all": ["nobody"]}}
    run = changeable.dbt("parse", variables={"marts_grants": grants}, writes_json=True)
    assert run.success, run.error
    nodes = json.loads((changeable.folder / "target/manifest.json").read_text())["nodes"]
    granted = {
        node["name"]: node["config"]["grants"]
        for node in nodes.values()
        if node["resource_type"] == "model" and node["config"]["grants"]
    }
    assert granted == dict.fromkeys(marts, grants["duckdb"])


def test_nothing_is_granted_by_default(models: dict[str, dict[str, Any]]) -> None:
    assert not [name for name, model in models.items() if model["config"]["grants"]]


def test_grants_do_not_stop_duckdb_which_has_none(changeable: Project) -> None:
    grants = {"duckdb": {"select": ["reporter"]}}
    run = changeable.dbt(
        "run", "--select", "engagement_calendar", variables={"marts_grants": grants}
    )
    assert run.success, run.said


# --- exposures ---


def test_every_exposure_has_an_owner_and_a_maturity_and_reads_nothing_private(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    exposures = manifest["exposures"].values()
    assert "engagement_new_alerts" in {name for each in exposures for name in read_by(each)}
    for exposure in exposures:
        assert exposure["owner"]["name"] and exposure["maturity"], exposure["name"]
        # A role without an address, which only the installing project knows.
        assert exposure["owner"]["email"] is None, exposure["name"]
        for name in read_by(exposure):
            assert models[name]["access"] != "private", (exposure["name"], name)


def read_by(exposure: dict[str, Any]) -> set[str]:
    return {node.rsplit(".", 1)[-1] for node in exposure["depends_on"]["nodes"]}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_dashboard_page_is_an_exposure_of_the_marts_that_it_reads(
    manifest: dict[str, Any], page: Path
) -> None:
    exposure = manifest["exposures"][
        f"exposure.customer_engagement.engagement_dashboard_{page.stem}"
    ]
    assert read_by(exposure) == set(re.findall(r"ref\('(\w+)'\)", page.read_text()))


# --- personal data ---


def columns_of(models: dict[str, dict[str, Any]], marts: list[str]) -> Iterator[tuple[str, str]]:
    for mart in marts:
        for column in models[mart]["columns"]:
            yield mart, column


def tag_of(models: dict[str, dict[str, Any]], mart: str, column: str) -> str | None:
    return models[mart]["columns"][column]["config"]["meta"].get("personal_data")


def test_columns_that_hold_personal_data_are_tagged(
    models: dict[str, dict[str, Any]], marts: list[str]
) -> None:
    for mart, column in columns_of(models, marts):
        is_personal = bool(PERSONAL.search(column)) and not IMPERSONAL.search(column)
        tag = tag_of(models, mart, column)
        assert (tag is not None) == is_personal, (mart, column, tag)


def test_no_mart_holds_an_email_a_name_or_a_comment(
    models: dict[str, dict[str, Any]], marts: list[str]
) -> None:
    found = {tag_of(models, *place) for place in columns_of(models, marts)} - {None}
    assert found == TAGS
    assert not found & FORBIDDEN
    looks_like_one = re.compile(
        r"(^|_)(e?mail|(first|last|full|user|customer)_name|comments?)(_|$)"
    )
    assert not [place for place in columns_of(models, marts) if looks_like_one.search(place[1])]


def test_comments_are_tagged_and_never_stored(
    demo: Project, models: dict[str, dict[str, Any]]
) -> None:
    """They are read through views from the input; the demo's own are in its seed."""
    tagged = {
        name
        for name, model in models.items()
        for column in model["columns"].values()
        if column["config"]["meta"].get("personal_data") == "comment"
    }
    with_comments = demo.query("""
        select tables.table_name, table_type
        from information_schema.columns inner join information_schema.tables using (table_name)
        where column_name = 'comment' and table_name not like 'demo_%'
    """)
    assert {name for name, _ in with_comments} == tagged
    assert {kind for _, kind in with_comments} == {"VIEW"}


def searched() -> set[tuple[str, str]]:
    """The columns that the data test searches, as the macro lists them."""
    macros = (ROOT / "macros/governance/personal_data.sql").read_text()
    found = re.search(r"columns_that_could_hold_an_email.*?return\((\{.*?\})\)", macros, re.DOTALL)
    assert found is not None
    listed = ast.literal_eval(found.group(1))
    return {(model, column) for model, columns in listed.items() for column in columns}


def test_the_search_for_addresses_covers_every_tagged_column(
    models: dict[str, dict[str, Any]], marts: list[str]
) -> None:
    looked_at = searched()
    for place in columns_of(models, marts):
        mart, column = place
        if tag_of(models, mart, column) is None:
            continue
        if mart in SEARCHED_ONCE and column == "customer_id":
            place = ("int_engagement__customer_scope", "customer_id")
        assert SEARCHED_ELSEWHERE.get(place, place) in looked_at, place


@pytest.mark.parametrize(
    ("model", "column"),
    [("int_engagement__customer_scope", "customer_id"), ("engagement_alerts", "subject")],
)
def test_an_address_in_a_mart_fails_the_build_unless_it_is_allowed(
    changeable: Project, model: str, column: str
) -> None:
    found = f"(select min({column}) from {model})"
    [(known,)] = changeable.query(f"select {found}")
    assert outcome(changeable) == "pass"
    rename(changeable, model, column, known, "jo@example.com")
    try:
        assert outcome(changeable) == "fail"
    finally:
        rename(changeable, model, column, "jo@example.com", known)


def rename(project: Project, model: str, column: str, before: str, after: str) -> None:
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(f"update {model} set {column} = '{after}' where {column} = '{before}'")


def outcome(project: Project, **variables: Any) -> str | None:
    """The result of the data test; None if it did not run."""
    return project.dbt("test", variables=variables).statuses.get(EMAIL_TEST)


def test_the_search_for_addresses_is_skipped_if_they_are_allowed(changeable: Project) -> None:
    assert outcome(changeable, allow_personal_data=["name", "comment"]) == "pass"
    assert outcome(changeable, allow_personal_data=["email"]) is None


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("jo@example.com", True),
        ("call jo.b@mail.example.org, or not", True),
        ("ring @ noon, jo@example.com", True),
        ("2 @ 3.50", False),
        ("@handle.of", False),
        ("ask @handle.of", False),
        ("c003", False),
        ("a@b", False),
    ],
)
def test_the_search_recognises_an_address(changeable: Project, text: str, is_found: bool) -> None:
    macro = (ROOT / "macros/governance/personal_data.sql").read_text()
    found = re.search(
        r"macro has_email_address\(text\) -%\}\n(.*?)\n\{%- endmacro", macro, re.DOTALL
    )
    assert found is not None
    condition = found.group(1).replace("{{ text }}", "t")
    assert changeable.query(f"select {condition} from (select '{text}' as t)") == [(is_found,)]
