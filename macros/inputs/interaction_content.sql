{# The columns that distinguish two interactions without an id, in the order that ranks copies. #}
{% macro interaction_content() -%}
    {{ return([
        'source_customer_id', 'activity_type', 'occurred_at', 'order_id', 'session_id', 'channel',
        'duration_seconds', 'amount', 'quantity',
    ]) }}
{%- endmacro %}
