{#
    Runs before anything is built (on-run-start): every entry of `engagement_inputs` is there, has
    the columns that it must have, and its expressions can be read. Anything wrong stops the run.

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

{# Binds the relation, then every expression of an entry, without reading a row. #}
{% macro check_entry(input, entry) -%}
    {%- set problem = customer_engagement.bind_problem('select * from ' ~ entry.relation ~ ' as entry') -%}
    {%- if problem is not none -%}
        {%- do customer_engagement.raise_input_error(
            entry.where_set, 'it cannot be read: ' ~ problem,
            customer_engagement.remedy_for_unreadable(problem)
        ) -%}
    {%- endif -%}
    {%- do customer_engagement.check_header(entry) -%}
    {%- set as_relation = {
        'label': entry.label,
        'where_set': entry.where_set,
        'relation': entry.relation,
        'preset': entry.preset,
        'columns': entry.columns,
        'where': entry.where,
    } -%}
    {%- set problem = customer_engagement.bind_problem(
        customer_engagement.entry_select(input, as_relation)
    ) -%}
    {%- if problem is not none -%}
        {%- do customer_engagement.raise_input_error(
            entry.where_set,
            customer_engagement.faulty_expressions(input, as_relation) or ('the entry cannot be read: ' ~ problem),
            'correct the expression, or the type that the relation gives its columns'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#
    A CSV file whose lines do not agree is read as one wide column, or without its header. Its column
    names may then be a row of data, so the message does not show them.
#}
{% macro check_header(entry) -%}
    {%- if modules.re.search('(?i)read_csv', entry.relation) -%}
        {%- set names = [] -%}
        {%- for name in get_columns_in_query('select * from ' ~ entry.relation ~ ' as entry') -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
        {%- set is_one_column = names | length == 1 and modules.re.search('[,;|\t]', names[0]) -%}
        {%- if is_one_column or modules.re.match('^column0+$', names[0]) or '\x00' in names[0] -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                'its columns cannot be identified: ' ~ (
                    'its lines do not all have the same number of them' if is_one_column
                    else 'it has no header line, or is not UTF-8 text'
                ),
                'write the file again as UTF-8, with a header line, every line whole and every '
                ~ "quotation mark closed, or say how it is written: read_csv('...', delim = ',', "
                ~ "quote = '\"', header = true, encoding = 'utf-16')"
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Which expressions of an entry do not bind, each with the engine's words; empty where each does. #}
{% macro faulty_expressions(input, entry) -%}
    {%- set found = [] -%}
    {%- set expressions = customer_engagement.entry_columns(input, entry) -%}
    {%- if entry.where -%}
        {%- do expressions.update({'where': entry.where}) -%}
    {%- endif -%}
    {%- for column, expression in expressions.items() -%}
        {%- set problem = customer_engagement.bind_problem(
            'select (' ~ expression ~ ') as bound_value from ' ~ entry.relation ~ ' as entry'
        ) -%}
        {%- if problem is not none -%}
            {%- do found.append(
                "'" ~ column ~ ': ' ~ expression ~ "'"
                ~ (' of the preset ' ~ entry.preset if entry.preset else '')
                ~ ' does not fit the columns: ' ~ problem
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | join('; ')) }}
{%- endmacro %}

{# What to do about a relation that the engine cannot read, by what it says. #}
{% macro remedy_for_unreadable(problem) -%}
    {%- set words = problem | lower -%}
    {%- if 'parquet' in words or 'magic bytes' in words or 'thrift' in words -%}
        {{ return('write the Parquet file again: it is cut off, or is not a Parquet file') }}
    {%- elif 'utf-8' in words or 'unicode' in words or 'encod' in words -%}
        {{ return("save the file as UTF-8, or name its encoding: read_csv('...', encoding = 'utf-16'), or 'latin-1'") }}
    {%- elif 'csv' in words or 'columns' in words or 'quote' in words -%}
        {{ return('write the file again, every line whole and every quotation mark closed, or say how it is written (docs/inputs.md, Files)') }}
    {%- elif 'json' in words -%}
        {{ return('write the file again: it is not complete JSON') }}
    {%- endif -%}
    {{ return('correct the relation: it must be something that the engine can select from') }}
{%- endmacro %}

{# Reports a missing file before the engine does, with the entry that names it. #}
{% macro check_files(entry, relation) -%}
    {{ return(adapter.dispatch('check_files', 'customer_engagement')(entry, relation)) }}
{%- endmacro %}

{% macro default__check_files(entry, relation) -%}
{%- endmacro %}

{# Paths are in quotation marks as in SQL, alone or in a list; '' is one apostrophe. #}
{% macro duckdb__check_files(entry, relation) -%}
    {%- set readers = '(?:read_parquet|parquet_scan|read_csv|read_csv_auto|read_json|read_json_auto|read_ndjson|read_ndjson_auto)' -%}
    {%- set text = "'(?:[^']|'')*'" -%}
    {%- set first_argument = modules.re.findall(
        '(?i)' ~ readers ~ '\\s*\\(\\s*(' ~ text ~ '|\\[[^\\]]*\\])', relation
    ) -%}
    {%- for argument in first_argument -%}
        {%- for path in modules.re.findall(text, argument) if '://' not in path -%}
            {%- set files = run_query('select count(*) from glob(' ~ path ~ ')') -%}
            {%- if files.columns[0].values()[0] == 0 -%}
                {%- do customer_engagement.raise_input_error(
                    entry.where_set,
                    "there is no file at '" ~ path[1:-1].replace("''", "'") ~ "'",
                    'correct the path (a relative one starts at the folder in which dbt is called)'
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
