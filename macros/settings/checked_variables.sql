{#
    Checks all variables but `engagement_inputs` at the parse, and stops it at the first mistake. dbt
    parses models before the hook that calls this: what models compute with at the parse is checked
    where it is read, here and in segment_columns, journey_stages and experiment_outcomes.
#}
{% macro checked_variables() -%}
    {%- do customer_engagement.check_unknown_variables() -%}
    {%- do customer_engagement.scoring_grain() -%}
    {%- do customer_engagement.week_start() -%}
    {%- do customer_engagement.journey_stages() -%}
    {%- for name in customer_engagement.variable_names('whole') -%}
        {%- do customer_engagement.whole_number(name) -%}
    {%- endfor -%}
    {%- for name in customer_engagement.variable_names('number') -%}
        {%- do customer_engagement.number_above_0(name) -%}
    {%- endfor -%}
    {%- for name in customer_engagement.variable_names('score') -%}
        {%- do customer_engagement.score_number(name) -%}
    {%- endfor -%}
    {%- for name in customer_engagement.variable_names('flag') if var(name, false) is not boolean -%}
        {%- do customer_engagement.raise_variable_error(name, 'true or false') -%}
    {%- endfor -%}
    {%- for name in customer_engagement.variable_names('date') if var(name, none) is not none -%}
        {%- if not customer_engagement.is_date(var(name) | string) -%}
            {%- do customer_engagement.raise_variable_error(name, 'a date such as 2025-06-30') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for first, last in [('scoring_start', 'scoring_end'), ('rebuild_from', 'rebuild_to')]
        if var(first, none) and var(last, none) and var(first) | string > var(last) | string -%}
        {%- do customer_engagement.raise_variable_error(
            first, 'a date that is not after ' ~ last ~ ' (' ~ var(last) ~ ')'
        ) -%}
    {%- endfor -%}
    {%- set judged_after = customer_engagement.first_days_judged_after() -%}
    {%- if var('first_action_days', 14) > judged_after -%}
        {%- do customer_engagement.raise_variable_error(
            'first_action_days',
            'at most ' ~ judged_after ~ ', as the score is looked at ' ~ judged_after ~ ' days after a customer came'
        ) -%}
    {%- endif -%}
    {%- if var('reporting_timezone', 'UTC') is not string
        or not modules.re.match('^[A-Za-z0-9_+/-]+$', var('reporting_timezone', 'UTC'))
        or (execute and not customer_engagement.is_timezone(var('reporting_timezone', 'UTC'))) -%}
        {%- do customer_engagement.raise_variable_error(
            'reporting_timezone', 'a zone of the IANA database such as Europe/Berlin'
        ) -%}
    {%- endif -%}
    {%- set segment_columns = customer_engagement.segment_columns() -%}
    {%- set taken = ['customer_id', 'account_id', 'signed_up_at', 'is_internal', 'is_erased', 'valid_from', 'all']
        + customer_engagement.derived_segment_columns() -%}
    {%- for column in segment_columns if column | lower in taken -%}
        {%- do customer_engagement.raise_variable_error(
            'segment_columns', "names of letters, digits and _ other than " ~ taken | join(', ')
        ) -%}
    {%- endfor -%}
    {%- set names = segment_columns | map('lower') | list -%}
    {%- if names | unique | list | length < names | length -%}
        {%- do customer_engagement.raise_variable_error(
            'segment_columns', 'a list that names each of them once'
        ) -%}
    {%- endif -%}
    {%- set pairs = [] -%}
    {%- for pair in customer_engagement.segment_pairs() -%}
        {%- do pairs.append(pair | sort | join(' x ')) -%}
    {%- endfor -%}
    {%- if pairs | unique | list | length < pairs | length -%}
        {%- do customer_engagement.raise_variable_error(
            'segment_pairs', 'a list that names each pair once'
        ) -%}
    {%- endif -%}
    {%- do customer_engagement.max_lost_rows() -%}
    {%- do customer_engagement.check_custom_metric_words() -%}
    {%- do customer_engagement.check_experiment_variables() -%}
    {%- do customer_engagement.check_personal_data_variables() -%}
    {%- do customer_engagement.marts_grants() -%}
    {%- set customer = var('rebuild_customer', none) -%}
    {%- if customer is not none
        and (customer is boolean or not (customer is string or customer is integer) or not customer | string | trim) -%}
        {%- do customer_engagement.raise_variable_error('rebuild_customer', 'the id of a customer') -%}
    {%- endif -%}
    {%- set hash = var('rebuild_customer_hash', none) -%}
    {%- if hash is not none and not modules.re.match('^[0-9a-f]{32}$', hash | string) -%}
        {%- do customer_engagement.raise_variable_error(
            'rebuild_customer_hash', 'the MD5 of a customer id in hexadecimal, as make rebuild passes it'
        ) -%}
    {%- endif -%}
    {%- do customer_engagement.check_time_spine() -%}
    {%- if var('owner_column', none) is not none and var('owner_column') not in segment_columns -%}
        {%- do customer_engagement.raise_variable_error(
            'owner_column', 'one of segment_columns (' ~ segment_columns | join(', ') ~ ')'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{% macro scoring_grain() -%}
    {{ return(customer_engagement.one_of('scoring_grain', ['day', 'week', 'month'], 'week')) }}
{%- endmacro %}

{% macro week_start() -%}
    {{ return(customer_engagement.one_of('week_start', customer_engagement.week_days(), 'monday')) }}
{%- endmacro %}

{% macro min_segment_size() -%}
    {{ return(customer_engagement.whole_number('min_segment_size', 5)) }}
{%- endmacro %}

{% macro one_of(name, values, default) -%}
    {%- if var(name, default) not in values -%}
        {%- do customer_engagement.raise_variable_error(name, 'one of ' ~ values | join(', ')) -%}
    {%- endif -%}
    {{ return(var(name, default)) }}
{%- endmacro %}

{# A variable that is a whole number, within the limits of known_variables. #}
{% macro whole_number(name, default=none) -%}
    {%- set facts = customer_engagement.known_variables()[name] -%}
    {%- set value = var(name, facts.least if default is none else default) -%}
    {%- if value is boolean or value is not integer or value < facts.least or value > facts.most -%}
        {%- do customer_engagement.raise_variable_error(
            name, 'a whole number of at least ' ~ facts.least ~ ' and at most ' ~ facts.most
        ) -%}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}

{# `not (a < b)`, since a comparison with NaN is false. #}
{% macro number_above_0(name) -%}
    {%- set most = customer_engagement.known_variables()[name].most -%}
    {%- set value = var(name, 1) -%}
    {%- if value is boolean or value is not number or not (value > 0 and value <= most) -%}
        {%- do customer_engagement.raise_variable_error(name, 'a number above 0 and at most ' ~ most) -%}
    {%- endif -%}
{%- endmacro %}

{% macro score_number(name) -%}
    {%- set value = var(name, 0) -%}
    {%- if value is boolean or value is not number or not (value >= 0 and value <= 100) -%}
        {%- do customer_engagement.raise_variable_error(name, 'a number from 0 to 100') -%}
    {%- endif -%}
{%- endmacro %}

{% macro raise_variable_error(name, accepted) -%}
    {%- do exceptions.raise_compiler_error(
        "variable '" ~ name ~ "' is " ~ var(name) ~ '. It must be ' ~ accepted
        ~ '; set it under vars in dbt_project.yml.'
    ) -%}
{%- endmacro %}

{# Whether a text is a day of the calendar, written as YYYY-MM-DD. #}
{% macro is_date(text) -%}
    {%- if not modules.re.match('^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', text) -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set first = modules.datetime.date(text[:4] | int, text[5:7] | int, 1) -%}
    {%- set day = first + modules.datetime.timedelta(days=text[8:] | int - 1) -%}
    {{ return(day.month == first.month) }}
{%- endmacro %}

{% macro is_timezone(name) -%}
    {{ return(adapter.dispatch('is_timezone', 'customer_engagement')(name)) }}
{%- endmacro %}

{% macro default__is_timezone(name) -%}
    {{ return(true) }}
{%- endmacro %}

{% macro duckdb__is_timezone(name) -%}
    {%- set found = run_query("select count(*) from pg_timezone_names() where name = '" ~ name ~ "'") -%}
    {{ return(found.columns[0].values()[0] > 0) }}
{%- endmacro %}
