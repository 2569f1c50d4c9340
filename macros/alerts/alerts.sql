{# Numbers and texts that the models of alerts share. #}

{# Periods in about 30 days: a score is compared over this many, and an incident lasts this long. #}
{% macro alert_horizon() -%}
    {{ return({'day': 28, 'week': 4, 'month': 1}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}

{# Periods that must pass after a condition held before it raises another alert. #}
{% macro alert_cooldown() -%}
    {{ return(var('alert_cooldown_periods', customer_engagement.alert_horizon())) }}
{%- endmacro %}

{# The fewest and the most days of a period. #}
{% macro fewest_period_days() -%}
    {{ return({'day': 1, 'week': 7, 'month': 28}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}
{% macro most_period_days() -%}
    {{ return({'day': 1, 'week': 7, 'month': 31}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}

{# The fewest customers whose scores moved for which the median says something about all. #}
{% macro fewest_in_a_shift() -%}
    {{ return(10) }}
{%- endmacro %}

{# The days of inactivity from which a customer with this usual gap is silent; NULL without a rhythm. #}
{% macro silent_from_days(usual_gap_days) -%}
    case when {{ usual_gap_days }} is not null then greatest(14, floor(3 * {{ usual_gap_days }}) + 1) end
{%- endmacro %}

{# A number in words: one decimal, or as many as it needs up to two. #}
{% macro in_words(number, decimals=1) -%}
    cast(cast({{ number }} as decimal(18, {{ decimals }})) as {{ dbt.type_string() }})
{%- endmacro %}
{% macro short_in_words(number) -%}
    regexp_replace({{ customer_engagement.in_words(number, 2) }}, '[.]?0+$', '')
{%- endmacro %}

{#
    A sentence with {name} replaced by the value of that name; NULL where it names a value that is
    missing. Later values are put in last: texts that users chose belong there.
#}
{% macro filled_in(sentence, named_values) -%}
    {%- set filled = namespace(sql=sentence) -%}
    {%- for name, value in named_values.items() -%}
        {%- set placeholder = "'{" ~ name ~ "}'" -%}
        {%- set not_named = dbt.position(placeholder, sentence) ~ ' = 0' -%}
        {%- set filled.sql -%}
replace(
            {{ filled.sql }}, {{ placeholder }},
            coalesce({{ value }}, case when {{ not_named }} then '' end)
        )
        {%- endset -%}
    {%- endfor -%}
    {{ return(filled.sql) }}
{%- endmacro %}

{# The columns that int_engagement__new_alerts passes on to engagement_alerts, in its order. #}
{% macro alert_columns() -%}
    {{ return([
        'company', 'alert_id', 'load_number', 'period_end', 'kind', 'subject_type', 'subject',
        'customer_id', 'score_model', 'version', 'owner', 'severity', 'size', 'alert_rank',
        'is_below_line', 'is_late', 'score', 'previous_score', 'band', 'previous_band', 'component',
        'reason', 'recommended_action',
    ]) }}
{%- endmacro %}
