{#
    Unhappy means a detractor by NPS, or low on a scale of satisfaction. One answer is low in the
    lowest quarter of its scale: it asks for a call. A customer's mean over a window is low below the
    middle: a mean as low as the lowest quarter would take bad answers only.
#}

{# Whether an NPS of 0 to 10 is that of a detractor. #}
{% macro is_detractor(nps) -%} {{ nps }} <= 6 {%- endmacro %}

{# Whether one answer is unhappy; `responses` has metric, rating, scale_min and scale_max. #}
{% macro is_unhappy_answer(responses) -%}
(
        (
            {{ responses }}.metric = 'nps'
            and {{ customer_engagement.is_detractor(responses ~ '.rating') }}
        )
        or (
            {{ responses }}.metric in ('csat', 'support_quality')
            and {{ responses }}.rating
            <= {{ responses }}.scale_min
            + 0.25 * ({{ responses }}.scale_max - {{ responses }}.scale_min)
        )
    )
{%- endmacro %}

{# Whether a customer is unhappy over a window: `satisfaction` is a mean from 0 to 1. #}
{% macro is_unhappy_on_average(satisfaction, nps) -%}
{{ satisfaction }} < 0.5 or coalesce({{ customer_engagement.is_detractor(nps) }}, false)
{%- endmacro %}
