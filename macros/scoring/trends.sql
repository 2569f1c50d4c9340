{#
    How a value moves over the last 13 periods, for customers, segments and KPIs alike.
#}

{# Periods over which a trend looks back: a quarter of weeks. #}
{% macro trend_periods() -%}
    {{ return(13) }}
{%- endmacro %}

{# Fewer changes than this do not show a noise. #}
{% macro fewest_trend_changes() -%}
    {{ return(4) }}
{%- endmacro %}

{# Slope of the least-squares line, per period, from exact sums over x and y; NULL for one point. #}
{% macro slope_of_sums(n, x, y, xx, xy) -%}
case
    when {{ n }} > 1
        then ({{ n }} * {{ xy }} - {{ x }} * {{ y }}) / ({{ n }} * {{ xx }} - {{ x }} * {{ x }})
end
{%- endmacro %}

{#
    How much a value usually moves from period to period: the standard deviation of a normal
    distribution with this mean absolute change. Not the standard deviation of the changes, which a
    single leap would inflate until no trend shows.
#}
{% macro noise_of_sums(n, absolute_changes) -%}
case when {{ n }} > 0 then sqrt(pi() / 2) * {{ absolute_changes }} / {{ n }} end
{%- endmacro %}

{#
    improving or declining only beyond the value's own noise: the changes of the last periods add up
    to at least two standard deviations of a random walk with this noise, and to at least a point.
    `unit` is the size of a point for the value.
#}
{% macro trend_of_changes(changes, change_sum, noise, unit=1) -%}
case
    when {{ changes }} < {{ customer_engagement.fewest_trend_changes() }} then null
    when abs({{ change_sum }}) < {{ unit }} then 'stable'
    when {{ change_sum }} >= 2 * {{ noise }} * sqrt({{ changes }}) then 'improving'
    when -{{ change_sum }} >= 2 * {{ noise }} * sqrt({{ changes }}) then 'declining'
    else 'stable'
end
{%- endmacro %}
