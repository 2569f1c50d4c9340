{# The first and the last local day of the scoring period in which a day falls. #}

{% macro period_start(day) -%}
    {%- set grain = customer_engagement.scoring_grain() -%}
    {%- if grain == 'day' -%}
        {{ day }}
    {%- elif grain == 'month' -%}
        cast({{ dbt.date_trunc('month', day) }} as date)
    {%- else -%}
        {{ customer_engagement.add_days(
            dbt.date_trunc('week', customer_engagement.add_days(day, -customer_engagement.week_offset())),
            customer_engagement.week_offset()
        ) }}
    {%- endif -%}
{%- endmacro %}

{% macro period_end(day) -%}
    {%- set grain = customer_engagement.scoring_grain() -%}
    {%- if grain == 'day' -%}
        {{ day }}
    {%- elif grain == 'month' -%}
        cast({{ dbt.last_day(day, 'month') }} as date)
    {%- else -%}
        {{ customer_engagement.add_days(
            dbt.date_trunc('week', customer_engagement.add_days(day, -customer_engagement.week_offset())),
            customer_engagement.week_offset() + 6
        ) }}
    {%- endif -%}
{%- endmacro %}

{# The first local day of the window of so many periods that ends with the period of this end. #}
{% macro window_start(period_end, window_periods) -%}
    {%- set grain = customer_engagement.scoring_grain() -%}
    {%- if grain == 'month' -%}
        cast({{ dbt.dateadd('month', 1 - window_periods, dbt.date_trunc('month', period_end)) }} as date)
    {%- else -%}
        {{ customer_engagement.add_days(period_end, 1 - window_periods * (7 if grain == 'week' else 1)) }}
    {%- endif -%}
{%- endmacro %}

{# Days by which the variable `week_start` comes after Monday, on which engines cut weeks. #}
{% macro week_offset() -%}
    {{ return(customer_engagement.week_days().index(customer_engagement.week_start() | lower)) }}
{%- endmacro %}

{% macro week_days() -%}
    {{ return(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']) }}
{%- endmacro %}

{% macro add_days(day, days) -%}
    {%- if days == 0 -%}
        cast({{ day }} as date)
    {%- else -%}
        cast({{ dbt.dateadd('day', days, day) }} as date)
    {%- endif -%}
{%- endmacro %}

{# How many days `later` is after `earlier`, both dates. #}
{% macro days_between(earlier, later) -%}
    {{ dbt.datediff(earlier, later, 'day') }}
{%- endmacro %}
