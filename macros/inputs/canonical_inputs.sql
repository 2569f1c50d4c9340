{#
    The canonical inputs: for each the columns that an entry of `engagement_inputs` must give and
    those that it may give, with their kinds. A kind decides how staging reads a column:
    id and text (trimmed, blank is missing), time (UTC), number, flag.
#}
{% macro canonical_inputs() -%}
    {%- set segment_columns = {} -%}
    {%- for column in customer_engagement.segment_columns() -%}
        {%- do segment_columns.update({column: 'text'}) -%}
    {%- endfor -%}
    {%- set customer_columns = {
        'account_id': 'id',
        'signed_up_at': 'time',
        'is_erased': 'flag',
        'is_internal': 'flag',
        'valid_from': 'time',
    } -%}
    {%- do customer_columns.update(segment_columns) -%}
    {{ return({
        'interactions': {
            'required': {'customer_id': 'id', 'activity_type': 'text', 'occurred_at': 'time'},
            'optional': {
                'interaction_id': 'id',
                'order_id': 'id',
                'session_id': 'id',
                'channel': 'text',
                'duration_seconds': 'number',
                'amount': 'number',
                'quantity': 'number',
                'is_automated': 'flag',
                'loaded_at': 'time',
            },
        },
        'customers': {
            'required': {'customer_id': 'id'},
            'optional': customer_columns,
        },
        'survey_responses': {
            'required': {
                'customer_id': 'id',
                'survey_type': 'text',
                'rating': 'number',
                'responded_at': 'time',
            },
            'optional': {'response_id': 'id', 'comment': 'text'},
        },
        'experiment_assignments': {
            'required': {
                'experiment_id': 'id',
                'customer_id': 'id',
                'variant': 'text',
                'assigned_at': 'time',
            },
            'optional': {},
        },
        'identities': {
            'required': {'id': 'id', 'customer_id': 'id'},
            'optional': {'valid_from': 'time'},
        },
    }) }}
{%- endmacro %}
