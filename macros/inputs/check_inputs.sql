{#
    Runs before anything is built (on-run-start): every entry of `engagement_inputs` is there, has
    the columns that it must have, and its expressions can be read. What is wrong stops the run.

    An entry that is a model not built yet is checked when staging reads it.
#}
{% macro check_inputs() -%}
    {%- set settings = customer_engagement.checked_engagement_inputs() -%}
    {%- do customer_engagement.checked_variables() -%}
    {%- if execute and settings is not none -%}
        {%- for input, entries in settings.items() -%}
            {%- for entry in entries -%}
                {%- if customer_engagement.entry_exists(entry) -%}
                    {%- do customer_engagement.check_entry(input, entry) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro entry_exists(entry) -%}
    {%- if entry.relation -%}
        {%- do customer_engagement.check_files(entry, entry.relation) -%}
        {{ return(true) }}
    {%- endif -%}
    {#- A hook may not ref() models: it looks them up in the graph, by name. -#}
    {%- set found = [] -%}
    {%- if entry.source -%}
        {%- for node in graph.sources.values()
            if node.source_name == entry.source[0] and node.name == entry.source[1] -%}
            {%- do found.append(node) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for node in graph.nodes.values()
            if node.resource_type in ['model', 'seed', 'snapshot'] and node.name == entry.ref[-1]
            and (entry.ref | length == 1 or node.package_name == entry.ref[0]) -%}
            {%- do found.append(node) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not found -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set node = found[0] -%}
    {%- if node.relation_name and '(' in node.relation_name -%}
        {#- dbt-duckdb renders a source with an external location as the files themselves. -#}
        {%- do customer_engagement.check_files(entry, node.relation_name) -%}
        {%- do entry.update({'relation': node.relation_name}) -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias or node.name) -%}
    {%- if relation is none -%}
        {%- if entry.source -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                'the source table ' ~ node.relation_name ~ ' does not exist',
                'load it first, or correct the source in the project'
            ) -%}
        {%- endif -%}
        {{ return(false) }}
    {%- endif -%}
    {%- do entry.update({'relation': relation | string}) -%}
    {{ return(true) }}
{%- endmacro %}

{# Binds every expression of an entry without reading a row. #}
{% macro check_entry(input, entry) -%}
    {%- set as_relation = {
        'label': entry.label,
        'where_set': entry.where_set,
        'relation': entry.relation,
        'columns': entry.columns,
        'where': entry.where,
    } -%}
    {%- do run_query(
        'select * from (' ~ customer_engagement.entry_select(input, as_relation) ~ ') as entry limit 0'
    ) -%}
{%- endmacro %}

{# A file that is not there: said before the engine says it, with the entry that names it. #}
{% macro check_files(entry, relation) -%}
    {{ return(adapter.dispatch('check_files', 'customer_engagement')(entry, relation)) }}
{%- endmacro %}

{% macro default__check_files(entry, relation) -%}
{%- endmacro %}

{% macro duckdb__check_files(entry, relation) -%}
    {%- set readers = "(?:read_parquet|read_csv|read_csv_auto|read_json|read_json_auto|read_ndjson)" -%}
    {%- set pattern = readers ~ "\\s*\\(\\s*'([^']+)'" -%}
    {%- for path in modules.re.findall(pattern, relation) if '://' not in path -%}
        {%- set files = run_query("select count(*) from glob('" ~ path ~ "')") -%}
        {%- if files.columns[0].values()[0] == 0 -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                "there is no file at '" ~ path ~ "'",
                'correct the path (a relative one starts at the folder in which dbt is called)'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
