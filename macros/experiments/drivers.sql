{# How many days after a customer's entry the score is read that the first days are compared with. #}
{% macro first_days_judged_after() -%}
    {{ return(56) }}
{%- endmacro %}

{#
    The sample variance of n values from their sum and the sum of their squares, both exact_sum. The
    rounding of equal values to 16 decimals is no spread: under 1e-15, or 1e-14 of the mean square, it
    is 0. NULL for fewer than two values.
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
    {%- set journey_stages = var('journey_stages', [
        'awareness', 'consideration', 'activation', 'adoption', 'purchase', 'retention', 'advocacy',
    ]) -%}
    {%- if journey_stages is string or journey_stages is mapping or journey_stages is not iterable
        or not journey_stages or journey_stages | reject('string') | list
        or journey_stages | map('trim') | select('in', ['', 'entered']) | list
        or journey_stages | unique(case_sensitive=true) | list | length < journey_stages | length -%}
        {%- do customer_engagement.raise_variable_error(
            'journey_stages', 'a list of stages, first to last, that names each of them once; not entered, where everybody is'
        ) -%}
    {%- endif -%}
    {{ return(journey_stages) }}
{%- endmacro %}
