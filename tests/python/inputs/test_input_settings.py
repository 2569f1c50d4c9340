"""A wrong `engagement_inputs`, or another wrong variable, stops `dbt parse`: nothing is built.

The message names the entry, the problem and what is accepted. A parse takes a quarter of a second.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt_project import ROOT, Project, copy_project, whole_project

TRACKS = {"source": "segment.tracks"}
ENTRY_KEYS = "source, ref, relation, name, preset, columns, where"
INPUTS = "interactions, customers, survey_responses, experiment_assignments, identities"
INTERACTIONS = (
    "customer_id, activity_type, occurred_at, interaction_id, order_id, session_id, channel, "
    "duration_seconds, amount, quantity, is_automated, loaded_at"
)
PRESETS = (
    "segment_tracks, segment_pages, rudderstack_tracks, snowplow_events, ga4_events, "
    "mixpanel_events, mixpanel_export, amplitude_events, posthog_events, shopify_orders, "
    "shopify_orders_csv, stripe_charges, hubspot_email_events, klaviyo_events"
)
FENCED = re.MULTILINE | re.DOTALL
WRONG_GRANTS: tuple[Any, ...] = (
    "reporter",
    ["reporter"],
    {"prod": "reporter"},
    {"prod": ["select"]},
    {"prod": {"select": "reporter"}},
    {"prod": {"select": []}},
    {"prod": {"select": [1]}},
    {"prod": {"select": {"reporter": True}}},
    {"prod": {"select": None}},
)
NOT_WHOLE = (0.5, "4", True, None, -1)


def interactions(*entries: Any) -> dict[str, Any]:
    return {"engagement_inputs": {"interactions": list(entries)}}


def beside_tracks(name: str, entries: Any) -> dict[str, Any]:
    """Another input beside interactions that are right."""
    return {"engagement_inputs": {"interactions": [TRACKS], name: entries}}


# What is set, and what the message must say.
WRONG_INPUTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "not a mapping: a list": (
        {"engagement_inputs": [TRACKS]},
        ("engagement_inputs: it must map inputs to lists of entries", INPUTS),
    ),
    "not a mapping: a text": (
        {"engagement_inputs": "segment.tracks"},
        ("engagement_inputs: it must map", "found segment.tracks", INPUTS),
    ),
    "nothing in it": (
        {"engagement_inputs": {}},
        (
            "engagement_inputs.interactions: the one input that is required has no entry",
            "customer_id, activity_type and occurred_at",
        ),
    ),
    "no interactions": (
        {"engagement_inputs": {"customers": [{"ref": "people"}]}},
        ("engagement_inputs.interactions: the one input that is required has no entry",),
    ),
    "no entry of interactions": (
        interactions(),
        ("engagement_inputs.interactions: the one input that is required has no entry",),
    ),
    "unknown input": (
        beside_tracks("events", [TRACKS]),
        ("engagement_inputs.events: unknown input", f"accepted inputs: {INPUTS}"),
    ),
    "an input that is one entry, not a list": (
        {"engagement_inputs": {"interactions": TRACKS}},
        ("engagement_inputs.interactions: it must be a list of entries", "`- source:"),
    ),
    "an input that is a text": (
        {"engagement_inputs": {"interactions": "segment.tracks"}},
        ("engagement_inputs.interactions: it must be a list of entries, found segment.tracks",),
    ),
    "an input that is blank": (
        beside_tracks("customers", None),
        ("engagement_inputs.customers: it must be a list of entries, found None",),
    ),
    "an entry that is a text": (
        interactions(TRACKS, "segment.pages"),
        (
            "engagement_inputs.interactions[1]: an entry must be a mapping, found segment.pages",
            f"accepted keys: {ENTRY_KEYS}",
        ),
    ),
    "unknown key": (
        interactions({**TRACKS, "filter": "true"}),
        ("interactions[0]: unknown key 'filter'", f"accepted keys: {ENTRY_KEYS}"),
    ),
    "a source that is no text": (
        interactions({"source": ["segment", "tracks"]}),
        ("interactions[0]: 'source' must be text, found ['segment', 'tracks']", "quotation marks"),
    ),
    "a where that is no text": (
        interactions({**TRACKS, "where": True}),
        ("interactions[0]: 'where' must be text, found True", "quotation marks"),
    ),
    "none of source, ref and relation": (
        interactions({"name": "tracks", "preset": "segment_tracks"}),
        (
            "interactions[0]: it must have exactly one of source, ref and relation, found none",
            "source: schema_name.table, ref: model or project.model, relation: SQL",
        ),
    ),
    "two of source, ref and relation": (
        interactions({**TRACKS, "relation": "read_csv('x.csv')"}),
        ("exactly one of source, ref and relation, found source and relation",),
    ),
    "a source of one part": (
        interactions({"source": "tracks"}),
        ("interactions[0]: source 'tracks' is not of the form source_name.table_name",),
    ),
    "a source of three parts": (
        interactions({"source": "raw.segment.tracks"}),
        ("source 'raw.segment.tracks' is not of the form source_name.table_name",),
    ),
    "a ref of three parts": (
        interactions({"ref": "raw.segment.tracks"}),
        ("ref 'raw.segment.tracks' is not a model's name", "write model, or project.model"),
    ),
    "unknown preset": (
        interactions({**TRACKS, "preset": "segment"}),
        (
            "interactions[0]: unknown preset 'segment' for interactions",
            f"accepted presets: {PRESETS}",
        ),
    ),
    "a preset of another input": (
        beside_tracks("customers", [{"ref": "people", "preset": "segment_tracks"}]),
        (
            "engagement_inputs.customers[0]: unknown preset 'segment_tracks' for customers",
            "accepted presets: none",
        ),
    ),
    "columns that are a list": (
        interactions({**TRACKS, "columns": ["customer_id"]}),
        ("interactions[0]: 'columns' must map canonical columns to SQL", INTERACTIONS),
    ),
    "columns that are blank": (
        interactions({**TRACKS, "columns": None}),
        ("interactions[0]: 'columns' must map canonical columns to SQL", "found None"),
    ),
    "unknown column": (
        interactions({**TRACKS, "columns": {"user_id": "id"}}),
        (
            "interactions[0]: unknown column 'user_id' for interactions",
            f"accepted columns: {INTERACTIONS}",
        ),
    ),
    "unknown column of customers, segments among the accepted": (
        {
            **beside_tracks("customers", [{"ref": "people", "columns": {"tier": "level"}}]),
            "segment_columns": ["plan"],
        },
        (
            "engagement_inputs.customers[0]: unknown column 'tier' for customers",
            "accepted columns: customer_id, account_id, ",
            ", plan.",
        ),
    ),
    "an expression that is a number": (
        interactions({**TRACKS, "columns": {"quantity": 1}}),
        ("interactions[0]: the expression of column 'quantity' must be text, found 1",),
    ),
    "an expression that is blank": (
        interactions({**TRACKS, "columns": {"channel": " "}}),
        ("the expression of column 'channel' must be text", "quotation marks of its own"),
    ),
    "the same source twice": (
        interactions(TRACKS, TRACKS),
        (
            "interactions[1] (segment.tracks): the label 'segment.tracks' is used by an entry",
            "give one of them a `name` of its own",
        ),
    ),
    "the same name twice": (
        interactions({**TRACKS, "name": "web"}, {"ref": "events", "name": "web"}),
        ("interactions[1] (web): the label 'web' is used by an entry before it",),
    ),
}

WRONG_VARIABLES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    **{
        f"grants: {grants!r}": (
            {"marts_grants": grants},
            (
                "variable 'marts_grants'",
                "a mapping of targets to privileges, each with the list of those who have it",
                "{prod: {select: [reporter]}}",
            ),
        )
        for grants in WRONG_GRANTS
    },
    **{
        f"personal data: {value!r}": (
            {"allow_personal_data": value},
            (
                "variable 'allow_personal_data'",
                "a list of what marts may hold: email, name, comment",
            ),
        )
        for value in ("email", ["emails"], {"email": True}, True)
    },
    **{
        f"a segment that names a person: {column}": (
            {"segment_columns": ["plan", column], "allow_personal_data": allowed},
            (
                "variable 'segment_columns'",
                f"a list without {column}, as marts show segments to whoever reads them",
                f"allow_personal_data: [{kind}]",
            ),
        )
        for column, kind, allowed in [
            ("email", "email", []),
            ("work_email_address", "email", ["name"]),
            ("E_Mail", "email", []),
            ("name", "name", ["email", "comment"]),
            ("last_name", "name", []),
            ("sales_comment", "comment", []),
        ]
    },
    **{
        f"{name} that is a text": (
            {name: "no"},
            (f"variable '{name}' is no. It must be true or false",),
        )
        for name in ("engagement_semantic_layer", "engagement_time_spine")
    },
    "grain": (
        {"scoring_grain": "quarter"},
        ("variable 'scoring_grain' is quarter. It must be one of day, week, month",),
    ),
    "week_start": (
        {"week_start": "sun"},
        ("variable 'week_start' is sun. It must be one of monday, tuesday,", "saturday, sunday"),
    ),
    "a date of another form": (
        {"scoring_start": "30.06.2025"},
        ("variable 'scoring_start' is 30.06.2025. It must be a date such as 2025-06-30",),
    ),
    "a month that is none": (
        {"scoring_end": "2025-13-01"},
        ("variable 'scoring_end' is 2025-13-01. It must be a date",),
    ),
    "a day that is none": (
        {"scoring_end": "2025-02-29"},
        ("variable 'scoring_end' is 2025-02-29. It must be a date",),
    ),
    "start after end": (
        {"scoring_start": "2025-06-30", "scoring_end": "2025-06-01"},
        (
            "variable 'scoring_start' is 2025-06-30",
            "a date that is not after scoring_end (2025-06-01)",
        ),
    ),
    "no detail": (
        {"detail_periods": 0},
        ("variable 'detail_periods' is 0. It must be a whole number of at least 1",),
    ),
    "no gap": (
        {"horizon_gap_days": 0},
        ("variable 'horizon_gap_days' is 0. It must be a whole number of at least 1",),
    ),
    "no action is gaming": (
        {"gaming_daily_interactions": 0},
        ("variable 'gaming_daily_interactions' is 0. It must be a whole number of at least 2",),
    ),
    "nothing is a drop": (
        {"alert_drop_points": 0},
        ("variable 'alert_drop_points' is 0. It must be a number above 0",),
    ),
    "a global shift that is a text": (
        {"alert_global_points": "five"},
        ("variable 'alert_global_points' is five. It must be a number above 0",),
    ),
    "a good score that is a text": (
        {"good_score": "high"},
        ("variable 'good_score' is high. It must be a number from 0 to 100",),
    ),
    "engaged beyond any score": (
        {"engaged_score": 101},
        ("variable 'engaged_score' is 101. It must be a number from 0 to 100",),
    ),
    "no budget": (
        {"alert_budget": 0},
        ("variable 'alert_budget' is 0. It must be a whole number of at least 1",),
    ),
    "an owner that is no segment": (
        {"segment_columns": ["plan"], "owner_column": "manager"},
        ("variable 'owner_column' is manager. It must be one of segment_columns (plan)",),
    ),
    **{
        f"{name}: {value!r}": (
            {name: value},
            (f"variable '{name}' is {value}. It must be a whole number of at least {least}",),
        )
        for name, least in [
            ("detail_periods", 1),
            ("min_exposure_days", 0),
            ("onboarding_days", 0),
            ("min_segment_size", 1),
        ]
        for value in NOT_WHOLE
    },
    "strict flag that is a text": (
        {"strict_activity_types": "yes"},
        ("variable 'strict_activity_types' is yes. It must be true or false",),
    ),
    "restating that is a text": (
        {"restate_published": "engagement 1"},
        ("variable 'restate_published' is engagement 1. It must be true or false",),
    ),
    "timezone with a blank": (
        {"reporting_timezone": "Europe Berlin"},
        (
            "variable 'reporting_timezone' is Europe Berlin",
            "a zone of the IANA database such as Europe/Berlin",
        ),
    ),
    "segments that are a text": (
        {"segment_columns": "plan"},
        ("variable 'segment_columns' is plan. It must be a list of column names",),
    ),
    "segments that are a mapping": (
        {"segment_columns": {"plan": "free"}},
        ("variable 'segment_columns'", "It must be a list of column names"),
    ),
    "a segment that is taken": (
        {"segment_columns": ["plan", "customer_id"]},
        ("variable 'segment_columns'", "other than customer_id, account_id, signed_up_at"),
    ),
    "a segment that is no name": (
        {"segment_columns": ["plan of the customer"]},
        ("variable 'segment_columns'", "column names, of letters, digits and _"),
    ),
    "a segment twice": (
        {"segment_columns": ["plan", "region", "Plan"]},
        ("variable 'segment_columns'", "a list that names each of them once"),
    ),
    "groups too small to compare": (
        {"min_driver_customers": 1},
        ("variable 'min_driver_customers' is 1. It must be a whole number of at least 2",),
    ),
    "no first days": (
        {"first_action_days": 0},
        ("variable 'first_action_days' is 0. It must be a whole number of at least 1",),
    ),
    "first days longer than the score waits": (
        {"first_action_days": 57},
        ("variable 'first_action_days' is 57. It must be at most 56",),
    ),
    **{
        f"journey stages: {value!r}": (
            {"journey_stages": value},
            ("variable 'journey_stages'", "a list of stages, first to last"),
        )
        for value in ["awareness", {"awareness": 1}, [], [1, 2], ["entered"], ["a", "b", "a"]]
    },
    "a segment that we derive": (
        {"segment_columns": ["plan", "band"]},
        ("variable 'segment_columns'", "other than customer_id", "lifecycle_stage, band"),
    ),
    **{
        f"pairs: {pairs!r}": (
            {"segment_columns": ["plan"], "segment_pairs": pairs},
            (
                "variable 'segment_pairs'",
                "a list of pairs of different columns, each of plan, purchase_segment",
            ),
        )
        for pairs in ("plan", 5, ["plan"], [["plan"]], [["plan", "region"]], [["plan", "plan"]])
    },
    **{
        f"experiment outcomes: {value!r}": (
            {"experiment_outcomes": value},
            (
                "variable 'experiment_outcomes'",
                "a list, each once, of activity:<activity type>, score, interaction_frequency",
            ),
        )
        for value in ["score", {"score": 1}, [5], ["scores"], ["activity:"], ["score", "score"]]
    },
    **{
        f"experiment control: {value!r}": (
            {"experiment_control": value},
            ("variable 'experiment_control'", "must be the name of a variant"),
        )
        for value in ["", 0, ["control"]]
    },
    **{
        f"experiment shares: {value!r}": (
            {"experiment_shares": value},
            ("variable 'experiment_shares'", "variants with their planned shares"),
        )
        for value in ["equal", {"a": 0}, {"a": True}, {"a": "1"}, {"e": {"a": -1}}]
    },
    "a pair twice": (
        {"segment_columns": ["plan"], "segment_pairs": [["plan", "band"], ["band", "plan"]]},
        ("variable 'segment_pairs'", "a list that names each pair once"),
    ),
}

RIGHT: dict[str, dict[str, Any]] = {
    "several entries, named": interactions(
        {"ref": "stg_engagement__customers", "name": "web"},
        {"ref": "customer_engagement.stg_engagement__customers", "name": "app"},
        {
            "relation": "read_parquet('events.2025.parquet')",
            "preset": "segment_tracks",
            "columns": {"channel": "'app'"},
            "where": "true",
        },
    ),
    "the same entry of two inputs": {
        "engagement_inputs": {
            "interactions": [{"relation": "events"}],
            "identities": [{"relation": "events"}],
        }
    },
    "an input without an entry": {
        "engagement_inputs": {"interactions": [{"relation": "events"}], "customers": []}
    },
    "every variable": {
        **interactions({"relation": "events"}),
        "scoring_grain": "month",
        "week_start": "sunday",
        "scoring_start": "2024-02-29",
        "scoring_end": "2024-02-29",
        "detail_periods": 1,
        "min_exposure_days": 0,
        "strict_activity_types": True,
        "restate_published": True,
        "reporting_timezone": "America/Argentina/Buenos_Aires",
        "segment_columns": [],
        "min_driver_customers": 2,
        "first_action_days": 56,
        "journey_stages": ["See", "see", "lovers' lane"],
        "segment_pairs": [["band", "lifecycle_stage"]],
        "onboarding_days": 0,
        "good_score": 0,
        "engaged_score": 99.5,
        "min_segment_size": 1,
        "experiment_outcomes": ["score", "recency_days", "activity:web visit"],
        "experiment_control": "0",
        "experiment_shares": {"control": 2, "pricing": {"0": 0.8, "1": 0.2}},
        "engagement_semantic_layer": False,
        "engagement_time_spine": False,
        "marts_grants": {"dev": {}, "prod": {"select": ["reporter"], "all": ["etl", "ops"]}},
    },
    "what only looks like personal data": {
        **interactions({"relation": "events"}),
        "segment_columns": ["has_email", "email_opt_in", "plan_name", "comments_last_month"],
    },
    "personal data that are meant": {
        **interactions({"relation": "events"}),
        "segment_columns": ["email", "last_name", "comment"],
        "allow_personal_data": ["name", "comment", "email"],
    },
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What reads the inputs, with the hook that checks them."""
    project = copy_project(tmp_path_factory.mktemp("settings") / "project", [], with_hooks=True)
    (project.folder / "models").mkdir(exist_ok=True)
    for model in ["stg_engagement__interactions", "stg_engagement__customers"]:
        shutil.copy(ROOT / f"models/staging/{model}.sql", project.folder / "models")
    return project


def assert_stops_the_parse(
    project: Project, variables: Mapping[str, Any], says: tuple[str, ...], remedy: str
) -> None:
    run = project.dbt("parse", variables=variables)
    assert not run.success
    for part in (*says, remedy):
        assert part in run.error


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_a_wrong_input_stops_the_parse(project: Project, name: str) -> None:
    variables, says = WRONG_INPUTS[name]
    assert_stops_the_parse(project, variables, says, "To fix it: ")


@pytest.mark.parametrize("name", WRONG_VARIABLES)
def test_a_wrong_variable_stops_the_parse(project: Project, name: str) -> None:
    variables, says = WRONG_VARIABLES[name]
    right = interactions({"relation": "events"})
    assert_stops_the_parse(
        project, {**right, **variables}, says, "set it under vars in dbt_project.yml"
    )


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The whole project, whose hook checks no variable: dbt parses it after all models."""
    project = whole_project(tmp_path_factory.mktemp("unchecked") / "project")
    file = project.folder / "macros/settings/checked_variables.sql"
    opening = "{% macro checked_variables() -%}"
    text = file.read_text()
    assert opening in text
    nothing = f"{opening}{{% endmacro %}}{opening.replace('checked', 'all')}"
    file.write_text(text.replace(opening, nothing))
    return project


@pytest.mark.parametrize(
    "name",
    [
        "grain",
        "week_start",
        "min_segment_size: None",
        "segments that are a text",
        "journey stages: [1, 2]",
        "pairs: 5",
        "experiment outcomes: [5]",
    ],
)
def test_what_models_compute_with_at_the_parse_is_checked_where_it_is_read(
    unchecked: Project, name: str
) -> None:
    """The hook that checks all variables comes too late for these."""
    variables, says = WRONG_VARIABLES[name]
    assert_stops_the_parse(unchecked, variables, says, "set it under vars in dbt_project.yml")


@pytest.mark.parametrize("name", RIGHT)
def test_right_settings_pass(project: Project, name: str) -> None:
    run = project.dbt("parse", variables=RIGHT[name])
    assert run.success, run.error


def test_a_ref_or_source_that_is_not_in_the_project_is_named(project: Project) -> None:
    for entry, named in [
        ({"ref": "evnts"}, "a node named 'evnts' which was not found"),
        (TRACKS, "a source named 'segment.tracks' which was not found"),
    ]:
        run = project.dbt("parse", variables=interactions(entry))
        assert not run.success
        assert named in run.error


def test_a_project_that_installs_the_package_is_told_to_set_the_inputs(
    tmp_path: Path, project: Project
) -> None:
    shutil.copytree(project.folder, tmp_path / "package")
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


def preset_names() -> set[str]:
    return set(PRESETS.split(", "))


def source_pages() -> dict[str, str]:
    """The page of each preset, by its name."""
    return {page.stem: page.read_text() for page in (ROOT / "docs/sources").glob("*.md")}


def five_lines(page: str) -> str:
    """The lines that connect a source: the page's one YAML block."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, flags=FENCED)
    return block


def alternatives(page: str) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """All else on a page that is pasted into the settings, each as inputs of their own."""
    preset = yaml.safe_load(five_lines(page))["vars"]["engagement_inputs"]["interactions"][0]
    unfenced = re.sub(r"^```.*?^```$", "", page, flags=FENCED)
    for block in re.findall(r"(?:^    .*\n)+", unfenced, flags=re.MULTILINE):
        pasted = yaml.safe_load(block)
        if isinstance(pasted, list):
            yield {"interactions": pasted}
        elif "columns" in pasted:
            yield {"interactions": [{**preset, **pasted}]}
        else:
            yield pasted
    for code in re.findall(r"`(\{.*?\})`", page):
        yield {"interactions": [{**preset, "columns": yaml.safe_load(code)}]}
    for code in re.findall(r"`((?:columns|where): [^`]*)`", page.replace("\n", " ")):
        yield {"interactions": [{**preset, **yaml.safe_load(code)}]}


def test_every_preset_has_a_page_and_a_test() -> None:
    """And the index lists each; that the list is complete, the unknown preset above checks."""
    assert source_pages().keys() == preset_names()
    index = (ROOT / "docs/sources.md").read_text()
    for name in preset_names():
        assert f"[`{name}`](sources/{name}.md)" in index
    tested = {path.stem for path in (ROOT / "tests/python/support/preset_rows").glob("*.yml")}
    assert tested == preset_names()


def test_what_the_pages_of_sources_say_passes_the_parse(tmp_path: Path, project: Project) -> None:
    """Five lines that name their preset, and every alternative to them, in one parse."""
    inputs: dict[str, list[dict[str, Any]]] = {}
    for name, page in source_pages().items():
        lines = five_lines(page)
        assert len(lines.splitlines()) == 5, name
        (entry,) = yaml.safe_load(lines)["vars"]["engagement_inputs"]["interactions"]
        assert entry["preset"] == name
        for pasted in [{"interactions": [entry]}, *alternatives(page)]:
            for key, entries in pasted.items():
                listed = inputs.setdefault(key, [])
                listed += [{**each, "name": f"{name} {len(listed)}"} for each in entries]

    sources: dict[str, set[str]] = {}
    for entry in chain(*inputs.values()):
        if "source" in entry:
            source, table = entry["source"].split(".")
            sources.setdefault(source, set()).add(table)
    declared = [
        {"name": source, "tables": [{"name": table} for table in sorted(tables)]}
        for source, tables in sources.items()
    ]
    connected = project.copy(tmp_path / "connected")
    (connected.folder / "models/sources.yml").write_text(yaml.safe_dump({"sources": declared}))
    shutil.copy(ROOT / "models/staging/stg_engagement__identities.sql", connected.folder / "models")

    run = connected.dbt("parse", variables={"engagement_inputs": inputs})
    assert run.success, run.error

    for entry in chain(*inputs.values()):
        for expression in [*entry.get("columns", {}).values(), entry.get("where", "true")]:
            assert is_sql(f"select {expression}"), (entry, expression)
        assert is_sql(f"select * from {entry.get('relation', 'there')} as entry"), entry


def is_sql(statement: str) -> bool:
    """Whether DuckDB can read the statement; nothing that it names need be there."""
    (tree,) = duckdb.execute("select json_serialize_sql(?)", [statement]).fetchone() or ("",)
    return json.loads(tree)["error"] is False


def test_the_rows_that_the_pages_give_for_activity_types_fit_the_seed() -> None:
    """A row of a type that is shipped is the shipped one; others have values that it has too."""
    with (ROOT / "seeds/config/activity_types.csv").open(newline="") as file:
        header, *shipped_rows = csv.reader(file)
    shipped = {row[0]: row for row in shipped_rows}
    accepted = [{row[column] for row in shipped_rows} for column in range(1, len(header))]
    for name, page in source_pages().items():
        (block,) = re.findall(r"^```csv\n(.*?)^```$", page, flags=FENCED)
        for row in csv.reader(block.splitlines()):
            assert len(row) == len(header), (name, row)
            assert row == shipped.get(row[0], row), name
            for value, values in zip(row[1:], accepted, strict=True):
                assert value in values, (name, row)
