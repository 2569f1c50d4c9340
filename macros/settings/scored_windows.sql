{#
    What SQL must know of the configuration when it is compiled: how many periods a window frame
    spans, and how many bounds divide the bands. Read from the checked config_* tables, which every
    model that asks depends on; before they are built (parsing, linting a fresh checkout), the
    defaults of the shipped seeds are used. Unit tests override these macros.
#}

{# The distinct window lengths, in periods, of the models that are scored. #}
{% macro score_windows() -%}
    {%- set rows = customer_engagement.config_rows(
        'config_engagement__score_models',
        'select distinct window_periods from {} where is_scored order by window_periods'
    ) -%}
    {%- if rows is none -%}
        {{ return([{'day': 91, 'week': 13, 'month': 3}[customer_engagement.scoring_grain()]]) }}
    {%- endif -%}
    {%- set windows = [] -%}
    {%- for row in rows -%}
        {%- do windows.append(row[0] | int) -%}
    {%- endfor -%}
    {{ return(windows) }}
{%- endmacro %}

{# The most bounds that divide the bands of a version: one less than its bands. #}
{% macro band_switches() -%}
    {%- set rows = customer_engagement.config_rows(
        'config_engagement__score_bands', 'select max(band_rank) from {}'
    ) -%}
    {%- if rows is none -%}
        {{ return(2) }}
    {%- endif -%}
    {{ return([(rows[0][0] or 1) | int - 1, 0] | max) }}
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
