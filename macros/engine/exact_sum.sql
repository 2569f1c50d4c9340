{#
    The sum of a double as a double that repeats to the last digit: added as decimals, since an
    engine may add doubles in any order. As many decimals as a weight of a few hundredths needs,
    so that a ratio of two such sums keeps its bounds.
#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 16))) as double)
{%- endmacro %}
