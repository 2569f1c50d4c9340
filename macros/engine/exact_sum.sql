{#
    The sum of a double as a double that repeats to the last digit: added as decimals, since an
    engine may add doubles in any order.
#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(28, 12))) as double)
{%- endmacro %}
