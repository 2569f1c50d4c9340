{#
    The sum of a double as a double that repeats to the last digit: added as decimals, since an
    engine may add doubles in any order. As many decimals as a weight of a few hundredths needs,
    so that a ratio of two such sums keeps its bounds.
#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 16))) as double)
{%- endmacro %}

{#
    The exact sum of a double's squares, as a decimal. NULL where a value is a billion or more, as the
    score of a points formula over large amounts can be: no exact type holds such squares.
#}
{% macro exact_square_sum(expression) -%}
    case
        when coalesce(max(abs({{ expression }})), 0) < 1e9
            then sum(
                cast(
                    case when abs({{ expression }}) < 1e9 then {{ expression }} * {{ expression }} end
                    as decimal(38, 10)
                )
            )
    end
{%- endmacro %}
