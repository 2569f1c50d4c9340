{# How many days after a customer's entry the score is looked at that the first days are held against. #}
{% macro first_days_judged_after() -%}
    {{ return(56) }}
{%- endmacro %}

{#
    The sample variance of n values from their sum and the sum of their squares, both exact_sum. What
    16 decimals leave of values that are all the same is no spread: under 1e-15, or 1e-14 of the mean
    square, it is 0. NULL for fewer than two values.
#}
{% macro variance_of_sums(n, total, squares) -%}
    case
        when {{ n }} < 2 then null
        when
            {{ squares }} / {{ n }} - power({{ total }} / {{ n }}, 2)
            <= 1e-15 + 1e-14 * {{ squares }} / {{ n }}
            then 0e0
        else ({{ squares }} - {{ total }} * {{ total }} / {{ n }}) / ({{ n }} - 1)
    end
{%- endmacro %}

{# The stages of the customer journey, first to last. #}
{% macro journey_stages() -%}
    {{ return(var('journey_stages', [
        'awareness', 'consideration', 'activation', 'adoption', 'purchase', 'retention', 'advocacy',
    ])) }}
{%- endmacro %}
