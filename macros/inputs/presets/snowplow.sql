{#
    Snowplow, the events table (atomic.events) of its own loaders.
    https://docs.snowplow.io/docs/fundamentals/canonical-event/ (columns)
    https://docs.snowplow.io/docs/events/timestamps/ (derived_tstamp, load_tstamp)
    https://docs.snowplow.io/docs/modeling-your-data/modeling-your-data-with-dbt/package-mechanics/deduplication/

    A row is one event, under its event_id, by which Snowplow's own models remove copies. The
    customer is the user_id that the company sets, else domain_userid, a first-party cookie. Mobile
    apps have no such cookie, so their events without a user_id are rejected.

    event_name names self-describing events and page views; for structured events the action does.
    derived_tstamp corrects the device's clock. page_ping means that a page stays open: the tracker
    sends it every few seconds, not the customer. transaction_item is a line of an order. Both are
    filtered out. Legacy transactions are purchases, in the base currency where the currency
    enrichment gives it. Those of the e-commerce plugin are in an entity and keep its event's name.
#}
{% macro preset_snowplow_events() -%}
    {%- set event = customer_engagement.preset_text('event') -%}
    {{ return({
        'columns': {
            'interaction_id': "event_id",
            'customer_id': customer_engagement.preset_first_text(['user_id', 'domain_userid']),
            'activity_type': "case " ~ event
                ~ " when 'struct' then lower(" ~ customer_engagement.preset_text('se_action') ~ ")"
                ~ " when 'transaction' then 'purchase'"
                ~ " else lower(" ~ customer_engagement.preset_text('event_name') ~ ") end",
            'occurred_at': "derived_tstamp",
            'order_id': "tr_orderid",
            'session_id': "domain_sessionid",
            'channel': "lower(" ~ customer_engagement.preset_text('platform') ~ ")",
            'amount': customer_engagement.preset_first_text(['tr_total_base', 'tr_total']),
            'loaded_at': "load_tstamp",
        },
        'where': "coalesce(" ~ event ~ ", '') not in ('page_ping', 'transaction_item')",
    }) }}
{%- endmacro %}
