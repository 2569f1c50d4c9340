{# The median of an expression over a partition's rows up to this one; NULLs are passed over. #}
{% macro running_median(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch('running_median', 'customer_engagement')(
        expression, partition_by, order_by
    )) }}
{%- endmacro %}

{% macro default__running_median(expression, partition_by, order_by) -%}
    percentile({{ expression }}, 0.5) over (
        partition by {{ partition_by }} order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{% macro duckdb__running_median(expression, partition_by, order_by) -%}
    median({{ expression }}) over (
        partition by {{ partition_by }} order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}
