{# Whether an answer asks for a call: a detractor, or the lowest quarter of a scale of satisfaction. #}
{% macro is_unhappy(responses) -%}
(
        ({{ responses }}.metric = 'nps' and {{ responses }}.rating <= 6)
        or (
            {{ responses }}.metric in ('csat', 'support_quality')
            and {{ responses }}.rating
            <= {{ responses }}.scale_min
            + 0.25 * ({{ responses }}.scale_max - {{ responses }}.scale_min)
        )
    )
{%- endmacro %}
