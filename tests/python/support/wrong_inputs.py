"""Wrong values of `engagement_inputs`, each with what the message must say."""

from __future__ import annotations

from typing import Any

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
