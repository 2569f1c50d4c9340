{#
    The ready column maps: how a vendor's table, under the column names that the vendor (or the
    loader that lands it) publishes, reads as a canonical input. A file here per vendor.

    `engagement_presets` lists them with the input that each reads, in the order in which messages
    name them; `engagement_preset` makes one: {columns: {canonical column: SQL expression},
    where: SQL filter, optional}. An entry's own `columns` replace the preset's one by one; its
    `where` narrows further. docs/sources/ says the same to the people who connect one.
#}
{% macro engagement_presets() -%}
    {{ return({
        'segment_tracks': 'interactions',
        'segment_pages': 'interactions',
        'rudderstack_tracks': 'interactions',
        'snowplow_events': 'interactions',
        'ga4_events': 'interactions',
        'mixpanel_events': 'interactions',
        'mixpanel_export': 'interactions',
        'amplitude_events': 'interactions',
        'posthog_events': 'interactions',
        'shopify_orders': 'interactions',
        'shopify_orders_csv': 'interactions',
        'stripe_charges': 'interactions',
        'hubspot_email_events': 'interactions',
        'klaviyo_events': 'interactions',
    }) }}
{%- endmacro %}

{# One by one, as making all of them for every entry is what a parse would spend its time on. #}
{% macro engagement_preset(name) -%}
    {%- if name == 'segment_tracks' -%}
        {{ return(customer_engagement.preset_segment_tracks()) }}
    {%- elif name == 'segment_pages' -%}
        {{ return(customer_engagement.preset_segment_pages()) }}
    {%- elif name == 'rudderstack_tracks' -%}
        {{ return(customer_engagement.preset_rudderstack_tracks()) }}
    {%- elif name == 'snowplow_events' -%}
        {{ return(customer_engagement.preset_snowplow_events()) }}
    {%- elif name == 'ga4_events' -%}
        {{ return(customer_engagement.preset_ga4_events()) }}
    {%- elif name == 'mixpanel_events' -%}
        {{ return(customer_engagement.preset_mixpanel_events()) }}
    {%- elif name == 'mixpanel_export' -%}
        {{ return(customer_engagement.preset_mixpanel_export()) }}
    {%- elif name == 'amplitude_events' -%}
        {{ return(customer_engagement.preset_amplitude_events()) }}
    {%- elif name == 'posthog_events' -%}
        {{ return(customer_engagement.preset_posthog_events()) }}
    {%- elif name == 'shopify_orders' -%}
        {{ return(customer_engagement.preset_shopify_orders()) }}
    {%- elif name == 'shopify_orders_csv' -%}
        {{ return(customer_engagement.preset_shopify_orders_csv()) }}
    {%- elif name == 'stripe_charges' -%}
        {{ return(customer_engagement.preset_stripe_charges()) }}
    {%- elif name == 'hubspot_email_events' -%}
        {{ return(customer_engagement.preset_hubspot_email_events()) }}
    {%- elif name == 'klaviyo_events' -%}
        {{ return(customer_engagement.preset_klaviyo_events()) }}
    {%- endif -%}
{%- endmacro %}

{#
    A preset for one entry: before every column that it reads, a comment says for which entry, preset
    and canonical column. An engine quotes about sixty characters before what it cannot read, which
    is why the entry goes by its place and not by its name. Nothing in the comment is a user's text.
#}
{% macro labelled_preset(name, where_set) -%}
    {%- set preset = customer_engagement.engagement_preset(name) -%}
    {%- set entry = where_set | replace('engagement_inputs.', '') -%}
    {%- set columns = {} -%}
    {%- for column, expression in preset.columns.items() -%}
        {%- do columns.update({
            column: customer_engagement.labelled_expression(entry, name, column, expression)
        }) -%}
    {%- endfor -%}
    {%- set where = none -%}
    {%- if preset.get('where') -%}
        {%- set where =
            customer_engagement.labelled_expression(entry, name, 'where', preset.where) -%}
    {%- endif -%}
    {{ return({'columns': columns, 'where': where}) }}
{%- endmacro %}

{% macro labelled_expression(entry, preset, column, expression) -%}
    {%- set mark = '/* preset */' -%}
    {%- set marked = expression if mark in expression else mark ~ ' ' ~ expression -%}
    {{ return(marked | replace(mark, '/* ' ~ entry ~ ', preset ' ~ preset ~ ': ' ~ column ~ ' */')) }}
{%- endmacro %}

{# How a message names an expression: a preset's by the preset, since nobody wrote it; else as it is. #}
{% macro shown_expression(column, expression) -%}
    {%- set label = modules.re.search('/\* \S+, preset (\w+): ', expression) -%}
    {%- if label -%}
        {{ return("the preset " ~ label.group(1) ~ " for '" ~ column ~ "'") }}
    {%- endif -%}
    {{ return("'" ~ column ~ ': ' ~ expression ~ "'") }}
{%- endmacro %}
