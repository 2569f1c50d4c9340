{#
    Whether a customer's day of one activity type holds so many interactions that it looks like
    gaming: many cheap actions. Orders are not cheap to repeat, and one order may have fifty lines.
#}
{% macro is_gaming_day(activity_days, activity_types) -%}
    {{ activity_days }}.interactions >= {{ var('gaming_daily_interactions', 50) }}
        and {{ customer_engagement.is_engaged(activity_types) }}
        and coalesce({{ activity_types }}.role, 'engagement') not in ('purchase', 'renewal')
{%- endmacro %}
