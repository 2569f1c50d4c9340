{# Whether an interaction is activity of the customer: one of a type not in the seed is. #}
{% macro is_engaged(activity_types) -%}
    coalesce({{ activity_types }}.is_engaged, true)
{%- endmacro %}

{#
    The roles of what the company does and not the customer: their points count nothing, so that a
    row of activity_weights may stay where a role is corrected after `make suggest`.
#}
{% macro roles_without_points() -%}
    {{ return(['exposure', 'follow_up']) }}
{%- endmacro %}

{# Whether the points of an activity count: those of a type not in the seed do. #}
{% macro has_points(activity_types) -%}
    coalesce({{ activity_types }}.role, '') not in (
                '{{ customer_engagement.roles_without_points() | join("', '") }}'
            )
{%- endmacro %}
