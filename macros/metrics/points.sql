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
                        when {{ activity_types }}.role = 'refund'
                            then {{ activity_days }}.absolute_amount
                        else {{ activity_days }}.amount
                    end,
                    0
                )
            when 'quantity' then coalesce({{ activity_days }}.quantity, 0)
            else {{ activity_days }}.interactions
        end as decimal(38, 4)
    )
{%- endmacro %}

{#
    Points times value, halved with every half-life of age (no half-life: no decay). The result is
    a decimal, so that sums repeat to the last digit whatever the order in which they are made, and
    wide enough for the largest amounts at the largest points.
#}
{% macro decayed_points(points, value, age_days, half_life_days) -%}
    cast(
        cast({{ points }} as double) * cast({{ value }} as double)
        * coalesce(power(2e0, -({{ age_days }}) / {{ half_life_days }}), 1) as decimal(38, 12)
    )
{%- endmacro %}

{# Positive points less the negative ones, which take away at most .8 of the positive ones. #}
{% macro points_standing(positive_points, negative_points) -%}
    {{ positive_points }} - least({{ negative_points }}, 0.8 * {{ positive_points }})
{%- endmacro %}
