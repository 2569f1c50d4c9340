{#
    What the engine has to say against a query before it runs it: unknown columns, types that do not
    go together, a file that cannot be read. None where it says nothing. Lines of the message that
    quote the contents of a file are left out: they hold people's data, and logs are read by many.
#}
{% macro bind_problem(query) -%}
    {{ return(adapter.dispatch('bind_problem', 'customer_engagement')(query)) }}
{%- endmacro %}

{# Elsewhere the engine's own error stops the run. #}
{% macro default__bind_problem(query) -%}
    {%- do run_query('select * from (' ~ query ~ ') as bound limit 0') -%}
    {{ return(none) }}
{%- endmacro %}

{# DuckDB returns the error of a plan as a value; a plan that it cannot write down has bound. #}
{% macro duckdb__bind_problem(query) -%}
    {%- set plan = fromjson(run_query(
        'select json_serialize_plan(' ~ customer_engagement.text_literal('select * from (' ~ query ~ ') as bound') ~ ')'
    ).columns[0].values()[0]) -%}
    {%- if not plan.get('error') or plan.get('error_type') == 'not implemented' -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(customer_engagement.without_rows(plan.get('error_message', ''))) }}
{%- endmacro %}

{% macro without_rows(message) -%}
    {%- set lines = [] -%}
    {%- for line in message.split('\n\n')[0].split('\n')
        if line | trim and not modules.re.match('^\\s*(Original Line|LINE [0-9]+|Possible|file ?=|\\^)', line) -%}
        {%- do lines.append(modules.re.sub('(?i)could not (convert|parse|cast)( string)? ["\'].*', 'could not \\1 a value', line | trim)) -%}
    {%- endfor -%}
    {{ return(lines | join(' ') | trim) }}
{%- endmacro %}
