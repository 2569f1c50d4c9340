{#
    The named column maps: how a vendor's table, under the column names that the vendor (or the
    loader that lands it) publishes, reads as a canonical input.

    preset -> {input, columns: {canonical column: SQL expression}, where: SQL filter, optional}.
    An entry's own `columns` replace the preset's one by one; its `where` narrows further.
    docs/sources/ says the same, a page each, to the people who connect one.
#}
{% macro engagement_presets() -%}
    {{ return({
        'segment_tracks': customer_engagement.preset_segment_tracks(),
        'segment_pages': customer_engagement.preset_segment_pages(),
        'rudderstack_tracks': customer_engagement.preset_rudderstack_tracks(),
        'snowplow_events': customer_engagement.preset_snowplow_events(),
        'ga4_events': customer_engagement.preset_ga4_events(),
        'mixpanel_events': customer_engagement.preset_mixpanel_events(),
        'amplitude_events': customer_engagement.preset_amplitude_events(),
        'posthog_events': customer_engagement.preset_posthog_events(),
        'shopify_orders': customer_engagement.preset_shopify_orders(),
        'stripe_charges': customer_engagement.preset_stripe_charges(),
        'hubspot_email_events': customer_engagement.preset_hubspot_email_events(),
        'klaviyo_events': customer_engagement.preset_klaviyo_events(),
    }) }}
{%- endmacro %}

{#
    Segment, table <source>.tracks of a warehouse destination.
    https://segment.com/docs/connections/storage/warehouses/schema/ (columns)
    https://www.twilio.com/docs/segment/connections/spec/ecommerce/v2 (names of order events)

    A row is one track() call: one event. The customer is the user_id, before sign-in the
    anonymous_id; `identities` joins the two. `event` is the slug of the name that the company
    gave, so it stays as it is, but for the two order events that Segment itself names.

    It cannot tell what an event was worth, which order or which session it belongs to: properties
    stand in the event's own table (<source>.order_completed), and which context_ columns there
    are differs by source.
#}
{% macro preset_segment_tracks() -%}
    {%- set event = customer_engagement.named_order_events('event') -%}
    {{ return(customer_engagement.preset_of_call(event)) }}
{%- endmacro %}

{#
    Segment, table <source>.pages of a warehouse destination.
    https://segment.com/docs/connections/storage/warehouses/schema/ (columns)
    https://www.twilio.com/docs/segment/connections/spec/page (what page() sends)

    A row is one page() call: one page seen, `page_view` as GA4 names it. Which page it was stands
    in `name`, `path` and `url`, which a company may send or not, and of which it has too many to
    be activity types. There is no session and no time spent.
#}
{% macro preset_segment_pages() -%}
    {{ return(customer_engagement.preset_of_call("'page_view'")) }}
{%- endmacro %}

{#
    RudderStack, table <source>.tracks of a warehouse destination.
    https://www.rudderstack.com/docs/destinations/warehouse-destinations/warehouse-schema/ (columns)
    https://www.rudderstack.com/docs/event-spec/ecommerce-events-spec/ordering/ (order events)

    The layout, the meaning of each column and the names of order events are those of Segment's
    tracks, and so is what it cannot tell. A warehouse that only appends, as is the default, holds
    the copies that a library sent twice: `id`, the message's own, removes them.
#}
{% macro preset_rudderstack_tracks() -%}
    {%- set event = customer_engagement.named_order_events('event') -%}
    {{ return(customer_engagement.preset_of_call(event)) }}
{%- endmacro %}

{#
    The columns that the tables of one kind of call (track, page) have in common.

    `timestamp` is when it happened, corrected for a wrong device clock, as sent_at is not;
    received_at is the vendor's own clock, the nearest to a load time that every warehouse has.
#}
{% macro preset_of_call(activity_type) -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "coalesce(" ~ customer_engagement.as_text('user_id') ~ ", anonymous_id)",
            'activity_type': activity_type,
            'occurred_at': "timestamp",
            'loaded_at': "received_at",
        },
    }) }}
{%- endmacro %}

{# An event's name; the order events of the e-commerce specification are ours under another name. #}
{% macro named_order_events(event) -%}
    {{ return(
        "case lower(" ~ event ~ ") when 'order_completed' then 'purchase'"
        ~ " when 'order_refunded' then 'refund' else lower(" ~ event ~ ") end"
    ) }}
{%- endmacro %}

{#
    Snowplow, the events table (atomic.events) of its own loaders.
    https://docs.snowplow.io/docs/fundamentals/canonical-event/ (columns)
    https://docs.snowplow.io/docs/events/timestamps/ (derived_tstamp, load_tstamp)
    https://docs.snowplow.io/docs/modeling-your-data/modeling-your-data-with-dbt/package-mechanics/deduplication/

    A row is one event, under its event_id, which Snowplow's own models remove copies by. The
    customer is the user_id that the company sets, else domain_userid, a first-party cookie: mobile
    apps have none, so that their events without user_id are rejected.

    event_name names self-describing events and page views; of structured events the action does.
    derived_tstamp corrects the device's clock. page_ping is a page that stays open, sent every few
    seconds by the tracker and not by the customer, and transaction_item a line of an order: both
    are filtered out. Legacy transactions are purchases, in the base currency where the currency
    enrichment gives it. The e-commerce plugin's stand in an entity: they keep its event's name.
#}
{% macro preset_snowplow_events() -%}
    {%- set user_id = customer_engagement.as_text('user_id') -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "event_id",
            'customer_id': "coalesce(" ~ user_id ~ ", domain_userid)",
            'activity_type': "case event when 'struct' then lower(se_action)"
                ~ " when 'transaction' then 'purchase' else lower(event_name) end",
            'occurred_at': "derived_tstamp",
            'order_id': "tr_orderid",
            'session_id': "domain_sessionid",
            'channel': "lower(platform)",
            'amount': "coalesce(tr_total_base, tr_total)",
            'loaded_at': "load_tstamp",
        },
        'where': "coalesce(event, '') not in ('page_ping', 'transaction_item')",
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
    Mixpanel, the events of a JSON pipeline (mp_master_event in BigQuery).
    https://docs.mixpanel.com/docs/data-pipelines/json-pipelines (columns)
    https://docs.mixpanel.com/reference/raw-data-export-api (copies in exports)
    https://docs.mixpanel.com/docs/pricing (which events Mixpanel itself does not count)

    A row is one event. The customer is the distinct_id as it was sent; the pipeline's identity
    mappings say whose it became, and belong in `identities`.

    Exports hold every copy that was sent. Mixpanel takes events for one when name, distinct_id,
    time and insert_id agree, and so do we: insert_id alone is not unique, since some set it to the
    user's id. Without an insert_id nothing is removed.

    What Mixpanel writes for itself (identifying, merging, session replay) is filtered out. There is
    no load time, no session and no money but in `properties`.
#}
{% macro preset_mixpanel_events() -%}
    {%- set key = [] -%}
    {%- for column in ['insert_id', 'distinct_id', 'event_name', 'time'] -%}
        {%- do key.append(customer_engagement.as_text(column)) -%}
    {%- endfor -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': key | join(" || '|' || "),
            'customer_id': "distinct_id",
            'activity_type': "case event_name when '$mp_web_page_view' then 'page_view'"
                ~ " else lower(event_name) end",
            'occurred_at': "time",
        },
        'where': "coalesce(event_name, '') not in"
            ~ " ('$identify', '$create_alias', '$merge', '$opt_in', '$mp_session_record')",
    }) }}
{%- endmacro %}

{#
    Amplitude, the events of its warehouse exports and of its Export API.
    https://amplitude.com/docs/data/destination-catalog/google-bigquery (columns, copies)
    https://amplitude.com/docs/apis/analytics/export (columns, event_time)
    https://github.com/amplitude/Amplitude-TypeScript (names of identify calls)

    A row is one event; uuid is the row's own id, and repeats where a day was exported twice. The
    customer is the user_id, else the amplitude_id: Amplitude's own person, known before sign-in
    and on every device. `identities` joins the two.

    session_id is the session's start, unique within a user only, so the amplitude_id goes before
    it; -1 means none. event_time is corrected for device clocks that are a minute wrong or more:
    one that is less ahead leaves events seconds after their upload. Of those the load time is left
    out, since `after_load` would reject them.

    $identify and $groupidentify carry properties and are nobody's act. Revenue is in
    event_properties, under names that differ by library.
#}
{% macro preset_amplitude_events() -%}
    {%- set amplitude_id = customer_engagement.as_text('amplitude_id') -%}
    {%- set session_id = customer_engagement.as_text('session_id') -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "uuid",
            'customer_id': "coalesce(" ~ customer_engagement.as_text('user_id') ~ ", "
                ~ amplitude_id ~ ")",
            'activity_type': "lower(event_type)",
            'occurred_at': "event_time",
            'session_id': amplitude_id ~ " || '.' || nullif(" ~ session_id ~ ", '-1')",
            'channel': "lower(platform)",
            'loaded_at': "case when server_upload_time >= event_time then server_upload_time end",
        },
        'where': "coalesce(event_type, '') not in ('$identify', '$groupidentify')",
    }) }}
{%- endmacro %}

{#
    PostHog, the events of a batch export, as Parquet files in object storage.
    https://posthog.com/docs/cdp/batch-exports/s3 (columns; the warehouses' differ in loaded_at)
    https://posthog.com/docs/data/events (names of PostHog's own events)
    https://posthog.com/docs/data/sessions ($session_id)
    https://posthog.com/docs/data/bot-filtering ($browser_type)

    A row is one event, under its uuid. The customer is the distinct_id: after identify() the
    company's own id, before it an anonymous one. The persons export says whose each became, and
    belongs in `identities`; person_id in the events is never updated.

    What the library reports about itself, pages left, errors and measurements are filtered out;
    pages and screens seen are named as in GA4. Its JavaScript library does not send what known bots
    do, or marks it, as the company chooses. There is no money but in `properties`.
#}
{% macro preset_posthog_events() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "uuid",
            'customer_id': "distinct_id",
            'activity_type': "case event when '$pageview' then 'page_view'"
                ~ " when '$screen' then 'screen_view' else lower(event) end",
            'occurred_at': "timestamp",
            'session_id': customer_engagement.json_text('properties', '$session_id'),
            'is_automated': customer_engagement.json_text('properties', '$browser_type')
                ~ " = 'bot'",
            'loaded_at': "created_at",
        },
        'where': "coalesce(event, '') not in ('$identify', '$create_alias', '$merge_dangerously',"
            ~ " '$groupidentify', '$set', '$opt_in', '$feature_flag_called', '$pageleave',"
            ~ " '$$heatmap', '$web_vitals', '$exception', '$csp_violation')",
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
    Stripe, the Charge as Fivetran lands it: CHARGE.
    https://docs.stripe.com/api/charges/object (meaning)
    https://docs.stripe.com/currencies (minor units, special cases)
    https://fivetran.com/docs/connectors/applications/stripe/connector-schema (columns)

    A row is one attempt to take money. Only those that succeeded and were captured are purchases: a
    failed or pending charge is none, nor is an authorisation. Charges of test mode are left out.
    The customer is Stripe's customer id; a guest's charge has none, and is rejected.

    Amounts are in the currency's smallest unit: yen are whole, dinars have thousandths. ISK and UGX
    have no fractions either, but Stripe still writes them as hundredths. They are in the currency
    of the charge, as charged: refunds are a table of their own.

    An order is what the customer meant to pay, the PaymentIntent; old charges have none, and stand
    for themselves. It cannot tell a first payment from a renewal: the invoice does.
#}
{% macro preset_stripe_charges() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "customer_id",
            'activity_type': "'purchase'",
            'occurred_at': "created",
            'order_id': "coalesce(" ~ customer_engagement.as_text('payment_intent_id') ~ ", id)",
            'amount': customer_engagement.stripe_amount('amount', 'currency'),
            'loaded_at': "_fivetran_synced",
        },
        'where': "status = 'succeeded' and coalesce(captured, true) and coalesce(livemode, true)",
    }) }}
{%- endmacro %}

{# An amount in a currency's smallest unit, as Stripe counts it, in units. #}
{% macro stripe_amount(amount, currency) -%}
    cast({{ amount }} as decimal(18, 4)) / case
        when lower({{ currency }}) in (
            'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv',
            'xaf', 'xof', 'xpf'
        ) then 1
        when lower({{ currency }}) in ('bhd', 'jod', 'kwd', 'omr', 'tnd') then 1000
        else 100
    end
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

{#
    Klaviyo, its events as Fivetran lands them: EVENT.
    https://help.klaviyo.com/hc/en-us/articles/360036974872 (names of e-mail metrics)
    https://help.klaviyo.com/hc/en-us/articles/115005080447 (names of shop metrics)
    https://fivetran.com/docs/connectors/applications/klaviyo/connector-schema (columns)

    A row is one event of one profile; `type` is the metric's name. The customer is the profile.

    Klaviyo keeps what was done to a customer beside what a customer did, under names that each
    integration chooses: what is not known to be an act would count as one. So the preset takes the
    messages, the visits and the orders that Klaviyo itself names, and leaves all else out: bounces,
    unsubscribing, shipping, Ordered Product (the lines of an order that is there already).

    Received Email is our email_sent, the chance to answer. An open is an image that was loaded, by
    a mail program that fetches in advance too. property_value is the value of an order.
#}
{% macro preset_klaviyo_events() -%}
    {{ return({
        'input': 'interactions',
        'columns': {
            'interaction_id': "id",
            'customer_id': "person_id",
            'activity_type': "case type when 'Received Email' then 'email_sent'"
                ~ " when 'Opened Email' then 'email_open' when 'Clicked Email' then 'email_click'"
                ~ " when 'Active on Site' then 'website_visit'"
                ~ " when 'Viewed Product' then 'product_page_view'"
                ~ " when 'Placed Order' then 'purchase' when 'Refunded Order' then 'refund' end",
            'occurred_at': "timestamp",
            'channel': "case when type in ('Received Email', 'Opened Email', 'Clicked Email')"
                ~ " then 'email' end",
            'amount': "case when type in ('Placed Order', 'Refunded Order')"
                ~ " then property_value end",
            'loaded_at': "_fivetran_synced",
        },
        'where': "type in ('Received Email', 'Opened Email', 'Clicked Email', 'Active on Site',"
            ~ " 'Viewed Product', 'Placed Order', 'Refunded Order')",
    }) }}
{%- endmacro %}
