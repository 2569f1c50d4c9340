{#
    The named column maps: how a vendor's table, under the column names that the vendor (or the
    loader that lands it) publishes, reads as a canonical input.

    preset -> {input, columns: {canonical column: SQL expression}, where: SQL filter, optional}.
    An entry's own `columns` replace the preset's one by one; its `where` narrows further.
    docs/sources.md says the same to the people who connect one.
#}
{% macro engagement_presets() -%}
    {{ return({
        'segment_tracks': customer_engagement.preset_segment_tracks(),
        'ga4_events': customer_engagement.preset_ga4_events(),
        'shopify_orders': customer_engagement.preset_shopify_orders(),
        'hubspot_email_events': customer_engagement.preset_hubspot_email_events(),
    }) }}
{%- endmacro %}

{#
    Segment, table <source>.tracks of a warehouse destination.
    https://segment.com/docs/connections/storage/warehouses/schema/ (columns)
    https://www.twilio.com/docs/segment/connections/spec/ecommerce/v2 (names of order events)

    A row is one track() call: one event. The customer is the user_id, before sign-in the
    anonymous_id; `identities` joins the two. `event` is the slug of the name that the company
    gave, so it stays as it is, but for the two order events that Segment itself names.

    `timestamp` is when it happened, corrected for a wrong device clock, as sent_at is not;
    received_at is Segment's own clock, the nearest to a load time that every warehouse has.

    It cannot tell what an event was worth, which order or which session it belongs to: properties
    stand in the event's own table (<source>.order_completed), and which context_ columns there
    are differs by source.
#}
{% macro preset_segment_tracks() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "coalesce(" ~ customer_engagement.as_text('user_id') ~ ", anonymous_id)",
            'activity_type': "case lower(event) when 'order_completed' then 'purchase'"
                ~ " when 'order_refunded' then 'refund' else lower(event) end",
            'occurred_at': "timestamp",
            'loaded_at': "received_at",
        },
    }) }}
{%- endmacro %}

{#
    Google Analytics 4, the BigQuery export, tables events_YYYYMMDD.
    https://support.google.com/analytics/answer/7029846 (columns)
    https://support.google.com/analytics/answer/12313109 (one purchase per transaction id)

    A row is one event. The customer is the user_id that the company sets, else user_pseudo_id: a
    browser or an installed app, not a person. Without consent both may be missing, and the row
    is rejected. Event names stay as they are; `purchase` and `refund` are ours as well.

    The export has no id of an event. Purchases have the transaction's, and Google counts a
    transaction once, however often its page is loaded; so do we. An empty id, which Google warns
    of, or its placeholder for none is no id: it would make one purchase out of many.

    ga_session_id is unique within user_pseudo_id only. Amounts are those in US dollars, the one
    column that is in one currency whatever a shop sells in.
#}
{% macro preset_ga4_events() -%}
    {%- set transaction_id = "nullif("
        ~ customer_engagement.as_text('ecommerce.transaction_id') ~ ", '(not set)')" -%}
    {%- set user_id = customer_engagement.as_text('user_id') -%}
    {%- set session = customer_engagement.ga4_event_param('ga_session_id', 'int_value') -%}
    {%- set engaged_ms =
        customer_engagement.ga4_event_param('engagement_time_msec', 'int_value') -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "case when event_name = 'purchase' then " ~ transaction_id ~ " end",
            'customer_id': "coalesce(" ~ user_id ~ ", user_pseudo_id)",
            'activity_type': "lower(event_name)",
            'occurred_at': customer_engagement.epoch_micros_to_timestamp('event_timestamp'),
            'order_id': transaction_id,
            'session_id': "user_pseudo_id || '.' || " ~ customer_engagement.as_text(session),
            'channel': "lower(platform)",
            'duration_seconds': "cast(" ~ engaged_ms ~ " as decimal(18, 4)) / 1000",
            'amount': "case event_name when 'refund' then ecommerce.refund_value_in_usd"
                ~ " else ecommerce.purchase_revenue_in_usd end",
            'quantity': "ecommerce.total_item_quantity",
        },
    }) }}
{%- endmacro %}

{#
    Shopify, the Order of its Admin REST API, landed as one flat row per order.
    https://shopify.dev/docs/api/admin-rest/latest/resources/order (columns, except customer_id)
    https://fivetran.com/docs/connectors/applications/shopify/connector-schema (customer_id)

    A row is one order as it stands now. The customer is Shopify's customer id, which loaders
    flatten out of the nested `customer`; an order without one (a sale at the till) is rejected.
    The e-mail address is no substitute: it would give one person two ids.

    processed_at is the date that Shopify's own reports use: of an imported order created_at is
    only the day of the import. total_price is the order as placed, in the shop's currency, taxes,
    shipping and discounts included; current_total_price would change the past at every return.

    Test orders and cancelled ones are no purchases. It cannot tell refunds, whose dates stand in
    a table of their own, nor how many items were bought: those are lines of the order.
    Only columns that every loader's layout has are filtered on, so that overriding is enough.
#}
{% macro preset_shopify_orders() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "customer_id",
            'activity_type': "'purchase'",
            'occurred_at': "processed_at",
            'order_id': "id",
            'channel': "source_name",
            'amount': "total_price",
        },
        'where': "not coalesce(test, false) and cancelled_at is null",
    }) }}
{%- endmacro %}

{#
    HubSpot, marketing e-mail events (Email Events API v1), as Fivetran lands them: EMAIL_EVENT.
    https://developers.hubspot.com/docs/api-reference/legacy/email-analytics-v1/guide (meaning)
    https://fivetran.com/docs/connectors/applications/hubspot/connector-schema (columns)

    A row is one event in the life of one message to one recipient. The customer is the recipient:
    an e-mail address, in lower case; `identities` turns it into the company's own id.

    DELIVERED is our email_sent: it stands for the chance to answer, which a message that bounced
    never gave, and HubSpot divides its own open and click rates by it. SENT would count twice;
    it and what else befalls a message (DEFERRED, BOUNCE, ...) are filtered out, as are events
    that a later one has made obsolete.

    filtered_event marks what the account's own reports leave out (bots, the company's own
    addresses): rejected as automated. An open is an image that was loaded, by a mail program that
    fetches in advance too, so an open says less than a click.
#}
{% macro preset_hubspot_email_events() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "lower(recipient)",
            'activity_type': "case type when 'DELIVERED' then 'email_sent'"
                ~ " when 'OPEN' then 'email_open' when 'CLICK' then 'email_click' end",
            'occurred_at': "created",
            'channel': "'email'",
            'is_automated': "coalesce(filtered_event, false)",
            'loaded_at': "_fivetran_synced",
        },
        'where': "type in ('DELIVERED', 'OPEN', 'CLICK') and obsoleted_by_id is null",
    }) }}
{%- endmacro %}
