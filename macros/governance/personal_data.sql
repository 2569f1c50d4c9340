{#
    Personal data in marts: ids, attributes and texts by the company's own people are tagged in
    the YAML of the columns (meta, personal_data). E-mail addresses, names and comments are refused
    unless the variable `allow_personal_data` names them.
#}

{% macro kinds_of_personal_data() -%}
    {{ return(['email', 'name', 'comment']) }}
{%- endmacro %}

{# The kind that a column of this name would hold, else none. #}
{% macro personal_data_of(column) -%}
    {%- set name = column | lower -%}
    {%- if modules.re.match('^(is|has)_', name) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set people = 'first|last|full|middle|given|family|sur|nick|user|person|contact|customer' -%}
    {%- for kind, pattern in {
        'email': '^(.*_)?e_?mail(_?address)?$',
        'name': '^(name|(' ~ people ~ ')_?name)$',
        'comment': '^(.*_)?(comment|remark)s?$',
    }.items() if modules.re.match(pattern, name) -%}
        {{ return(kind) }}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}

{% macro check_personal_data_variables() -%}
    {%- set kinds = customer_engagement.kinds_of_personal_data() -%}
    {%- set allowed = var('allow_personal_data', []) -%}
    {%- if allowed is string or allowed is mapping or allowed is not iterable
        or allowed | reject('in', kinds) | list -%}
        {%- do customer_engagement.raise_variable_error(
            'allow_personal_data', 'a list of what marts may hold: ' ~ kinds | join(', ')
        ) -%}
    {%- endif -%}
    {%- for column in customer_engagement.segment_columns() -%}
        {%- set kind = customer_engagement.personal_data_of(column | string) -%}
        {%- if kind is not none and kind not in allowed -%}
            {%- do customer_engagement.raise_variable_error(
                'segment_columns',
                'a list without ' ~ column ~ ', as marts show segments to whoever reads them; if that is meant, say so: allow_personal_data: [' ~ kind ~ ']'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#
    Columns of marts that could hold an e-mail address, as model -> columns. Marts with a row per
    customer and period have the ids of int_engagement__customer_scope, which holds each once; logs
    keep ids that have left it.
#}
{% macro columns_that_could_hold_an_email() -%}
    {{ return({
        'int_engagement__customer_scope': ['customer_id'],
        'customer_engagement': ['account_id', 'override_reason', 'override_author', 'segments'],
        'engagement_accounts': ['account_id'],
        'engagement_alerts': ['subject', 'owner'],
        'engagement_rejected_rows': ['record_id', 'customer_id', 'unreadable_text'],
        'engagement_restatements': ['customer_id'],
    }) }}
{%- endmacro %}

{# Whether a text is or contains an e-mail address; the @ of `2 @ 3.50` does not count. #}
{% macro has_email_address(text) -%}
    replace(replace({{ text }}, ' @', ' '), '@ ', ' ') like '%_@_%._%'
{%- endmacro %}
