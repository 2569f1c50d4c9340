{# What a day of an activity counts: its value on the basis that the seed names, up to the cap. #}
{% macro counted_value(activity_days, activity_types, activity_weights) -%}
    least(
        {{ activity_value(activity_days, activity_types) }},
        coalesce(
            {{ activity_weights }}.daily_cap, {{ activity_value(activity_days, activity_types) }}
        )
    )
{%- endmacro %}

{# The points say that a refund takes away; sources differ in the sign of its amount. #}
{% macro activity_value(activity_days, activity_types) -%}
    cast(
        case {{ activity_types }}.value_basis
            when 'duration_seconds' then coalesce({{ activity_days }}.duration_seconds, 0)
            when 'amount'
                then coalesce(
                    case
                        when {{ activity_types }}.role = 'refund' then abs({{ activity_days }}.amount)
                        else {{ activity_days }}.amount
                    end,
                    0
                )
            when 'quantity' then coalesce({{ activity_days }}.quantity, 0)
            else {{ activity_days }}.interactions
        end as decimal(28, 4)
    )
{%- endmacro %}

{#
    Points times value, halved with every half-life of age (no half-life: no decay). The result is
    a decimal, so that sums repeat to the last digit whatever the order in which they are made.
#}
{% macro decayed_points(points, value, age_days, half_life_days) -%}
    cast(
        cast({{ points }} as double) * cast({{ value }} as double)
        * coalesce(power(2e0, -({{ age_days }}) / {{ half_life_days }}), 1) as decimal(28, 12)
    )
{%- endmacro %}

{# Positive points less the negative ones, which take away at most .8 of the positive ones. #}
{% macro points_standing(positive_points, negative_points) -%}
    {{ positive_points }} - least({{ negative_points }}, 0.8 * {{ positive_points }})
{%- endmacro %}

{#
    The decayed sum of a column over the window that ends with this row's period, of a dense spine
    with the named windows by_period and in_window. A half-life of none: the plain sum.

    A sum of lags, each with its constant share, and not a frame over growing exponents: those
    overflow for short half-lives, and the engine may add doubles in any order.
#}
{% macro decayed_window_sum(column, window_periods, half_life_days) -%}
    {%- if half_life_days is none -%}
    coalesce(cast(sum({{ column }}) over in_window as double), 0)
    {%- else -%}
    coalesce(cast({{ column }} as double), 0)
    {%- for lag in range(1, window_periods) %}
        + coalesce(
            cast(lag({{ column }}, {{ lag }}) over by_period as double)
            * {{ customer_engagement.share_left(lag, half_life_days) }},
            0
        )
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# What is left of points as many periods old as `lag` says. #}
{% macro share_left(lag, half_life_days) -%}
    {%- set grain = var('scoring_grain', 'week') -%}
    {%- if grain == 'month' -%}
        power(
            2e0,
            -{{ customer_engagement.days_between(
                'lag(period_end, ' ~ lag ~ ') over by_period', 'period_end'
            ) }} / cast({{ half_life_days }} as double)
        )
    {%- else -%}
        cast({{ 2 ** (-lag * (7 if grain == 'week' else 1) / half_life_days) }} as double)
    {%- endif -%}
{%- endmacro %}
