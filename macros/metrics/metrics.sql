{# A sum over the window as a rate per 30 exposed days. #}
{% macro per_30_days(amount) -%}
    cast({{ amount }} as double) * 30 / windows.exposed_days
{%- endmacro %}

{# A ratio; NULL without a denominator. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
