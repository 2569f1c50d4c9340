{# Whether an interaction is engaged activity of the customer; a type that the seed does not list is. #}
{% macro is_engaged(activity_types) -%}
    coalesce({{ activity_types }}.is_engaged, true)
{%- endmacro %}

{#
    Whether a score means engaged: its band is above the lowest one, or, in a score model without bands,
    it is engaged_score or more. `bands` is config_engagement__score_bands, joined by the score's band.
#}
{% macro is_engaged_score(bands, score) -%}
    coalesce({{ bands }}.is_engaged, {{ score }} >= {{ customer_engagement.engaged_score() }})
{%- endmacro %}

{#
    The roles of what the company does and the customer does not: their points do not count, so a
    row of activity_weights may stay when a role is corrected after `make suggest`.
#}
{% macro roles_without_points() -%}
    {{ return(['exposure', 'follow_up']) }}
{%- endmacro %}

{# Whether the points of an activity count; those of a type that the seed does not list do. #}
{% macro has_points(activity_types) -%}
    coalesce({{ activity_types }}.role, '') not in (
                '{{ customer_engagement.roles_without_points() | join("', '") }}'
            )
{%- endmacro %}
