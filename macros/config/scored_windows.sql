{#
    What the SQL of the metrics must know of the configuration when it is compiled: how many periods
    a window frame spans, and which half-lives there are. Read from the checked config_* tables,
    which stand before every model that asks; before they are built (parsing, linting a fresh
    checkout), the defaults of the shipped seeds stand in. Unit tests override these macros.
#}

{# The distinct window lengths, in periods, of the models that are scored. #}
{% macro score_windows() -%}
    {%- set rows = customer_engagement.config_rows(
        'config_score_models',
        'select distinct window_periods from {} where is_scored order by window_periods'
    ) -%}
    {%- if rows is none -%}
        {{ return([{'day': 91, 'week': 13, 'month': 3}[var('scoring_grain', 'week')]]) }}
    {%- endif -%}
    {%- set windows = [] -%}
    {%- for row in rows -%}
        {%- do windows.append(row[0] | int) -%}
    {%- endfor -%}
    {{ return(windows) }}
{%- endmacro %}

{# The score models that weigh points: [{score_model, version, window_periods, half_lives}]. #}
{% macro point_models() -%}
    {%- set rows = customer_engagement.config_rows(
        'config_activity_weights',
        'select distinct weights.score_model, weights.version, models.window_periods,'
        ~ ' weights.half_life_days from {} as weights inner join '
        ~ ref('config_score_models') ~ ' as models on weights.score_model = models.score_model'
        ~ ' and weights.version = models.version where models.is_scored'
        ~ ' order by 1, 2, 3, 4 nulls first'
    ) -%}
    {%- if rows is none -%}
        {%- set rows = [('engagement', '1', customer_engagement.score_windows()[0], none)] -%}
    {%- endif -%}
    {%- set found = {} -%}
    {%- for row in rows -%}
        {%- set key = (row[0], row[1]) -%}
        {%- if key not in found -%}
            {%- do found.update({key: {
                'score_model': row[0],
                'version': row[1],
                'window_periods': row[2] | int,
                'half_lives': [],
            }}) -%}
        {%- endif -%}
        {%- do found[key].half_lives.append(row[3] | float if row[3] is not none else none) -%}
    {%- endfor -%}
    {{ return(found.values() | list) }}
{%- endmacro %}

{# The rows of a query over a config_* table; none while the table is not there. #}
{% macro config_rows(model, query) -%}
    {%- set relation = ref(model) -%}
    {%- if not execute
        or adapter.get_relation(relation.database, relation.schema, relation.identifier) is none -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query(query.replace('{}', relation | string)).rows) }}
{%- endmacro %}
