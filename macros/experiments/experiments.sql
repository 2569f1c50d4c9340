{#
    The outcomes that experiments are judged by: the variable experiment_outcomes, each `score`, a
    metric, or `activity:` and an activity type (how often since the assignment). The demo company
    tests the use of its product.
#}
{% macro experiment_outcomes() -%}
    {%- set demo_outcomes = ['activity:product_session'] if var('engagement_inputs', none) is none else [] -%}
    {%- set outcomes = var('experiment_outcomes', ['score', 'interaction_frequency'] + demo_outcomes) -%}
    {%- set metrics = ['score'] + customer_engagement.metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
    {%- set accepted = 'a list, each once, of activity:<activity type>, ' ~ metrics | join(', ') -%}
    {%- if outcomes is string or outcomes is mapping or outcomes is not iterable -%}
        {%- do customer_engagement.raise_variable_error('experiment_outcomes', accepted) -%}
    {%- endif -%}
    {%- for outcome in outcomes
        if outcome is not string or (outcome not in metrics and not modules.re.match('^activity:[^\']+$', outcome)) -%}
        {%- do customer_engagement.raise_variable_error('experiment_outcomes', accepted) -%}
    {%- endfor -%}
    {%- if outcomes | unique | list | length < outcomes | length -%}
        {%- do customer_engagement.raise_variable_error('experiment_outcomes', accepted) -%}
    {%- endif -%}
    {{ return(outcomes) }}
{%- endmacro %}

{# The metrics among them; below, the activity types. #}
{% macro experiment_metrics() -%}
    {%- set metrics = [] -%}
    {%- for outcome in customer_engagement.experiment_outcomes()
        if outcome != 'score' and not outcome.startswith('activity:') -%}
        {%- do metrics.append(outcome) -%}
    {%- endfor -%}
    {{ return(metrics) }}
{%- endmacro %}

{% macro experiment_activities() -%}
    {%- set activities = [] -%}
    {%- for outcome in customer_engagement.experiment_outcomes() if outcome.startswith('activity:') -%}
        {%- do activities.append(outcome[9:]) -%}
    {%- endfor -%}
    {{ return(activities) }}
{%- endmacro %}

{# Checks the variables of experiments when dbt parses the project. #}
{% macro check_experiment_variables() -%}
    {%- do customer_engagement.experiment_outcomes() -%}
    {%- set control = var('experiment_control', 'control') -%}
    {%- if control is not string or not control | trim -%}
        {%- do customer_engagement.raise_variable_error('experiment_control', 'the name of a variant') -%}
    {%- endif -%}
    {%- set shares = var('experiment_shares', {}) -%}
    {%- set wants_shares = 'variants with their planned shares, numbers from 0.000001 to 1000000000, such as {control: 0.8, treatment: 0.2}, or such by experiment' -%}
    {%- if shares is not mapping -%}
        {%- do customer_engagement.raise_variable_error('experiment_shares', wants_shares) -%}
    {%- endif -%}
    {%- set planned = [] -%}
    {%- set names = [] -%}
    {%- for name, share in shares.items() -%}
        {%- do planned.extend(share.values() if share is mapping else [share]) -%}
        {%- do names.extend(share.keys() if share is mapping else []) -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {%- for share in planned if share is boolean or share is not number
        or not (share >= 0.000001 and share <= 1000000000) -%}
        {%- do customer_engagement.raise_variable_error('experiment_shares', wants_shares) -%}
    {%- endfor -%}
    {%- for name in names if name is none or not name | string | trim -%}
        {%- do customer_engagement.raise_variable_error('experiment_shares', wants_shares) -%}
    {%- endfor -%}
{%- endmacro %}
