{# How many days of a score model's window count as one scoring period: 30 for a calendar month. #}
{% macro config_period_days() %}
    {{ return({'day': 1, 'week': 7, 'month': 30}[customer_engagement.scoring_grain()]) }}
{% endmacro %}
