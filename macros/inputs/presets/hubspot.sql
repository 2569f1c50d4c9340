{#
    HubSpot, marketing e-mail events (Email Events API v1), as Fivetran lands them: EMAIL_EVENT.
    https://developers.hubspot.com/docs/api-reference/legacy/email-analytics-v1/guide (meaning)
    https://fivetran.com/docs/connectors/applications/hubspot/connector-schema (columns)

    A row is one event in the life of one message to one recipient. The customer is the recipient:
    an e-mail address, in lower case; `identities` turns it into the company's own id.

    DELIVERED is our email_sent: the customer had the chance to answer, which a message that bounced
    never gave, and HubSpot divides its own open and click rates by it. SENT would count twice; it
    and the other types (DEFERRED, BOUNCE, ...) are filtered out, as are events that a later one has
    made obsolete.

    filtered_event marks what the account's own reports leave out (bots, the company's own
    addresses): rejected as automated. An open is an image that was loaded, and mail programs load
    images in advance too, so an open says less than a click.
#}
{% macro preset_hubspot_email_events() -%}
    {%- set type = customer_engagement.preset_text('type') -%}
    {{ return({
        'columns': {
            'interaction_id': "id",
            'customer_id': "lower(" ~ customer_engagement.preset_text('recipient') ~ ")",
            'activity_type': "case " ~ type ~ " when 'DELIVERED' then 'email_sent'"
                ~ " when 'OPEN' then 'email_open' when 'CLICK' then 'email_click' end",
            'occurred_at': "created",
            'channel': "'email'",
            'is_automated': customer_engagement.preset_flag_or_text('filtered_event'),
            'loaded_at': "_fivetran_synced",
        },
        'where': type ~ " in ('DELIVERED', 'OPEN', 'CLICK') and "
            ~ customer_engagement.preset_text('obsoleted_by_id') ~ " is null",
    }) }}
{%- endmacro %}
