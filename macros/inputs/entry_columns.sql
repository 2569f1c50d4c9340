{#
    The canonical columns of an entry as SQL expressions: mapped ones as they are mapped, others
    where the entry has a column of that name, and NULL for the optional rest. A mapping that is just
    the name of a column is that column, also where SQL would want quotation marks around it (`Paid at`,
    `when`) or read something else (`user`). A required column
    that is neither stops the run with the columns that the entry does have.
#}
{% macro entry_columns(input, entry) -%}
    {%- set canonical = customer_engagement.canonical_inputs()[input] -%}
    {%- set own_columns = customer_engagement.columns_of_entry(entry) -%}
    {%- set resolved = {} -%}
    {%- for column in canonical.required.keys() | list + canonical.optional.keys() | list -%}
        {%- if column in entry.columns -%}
            {%- set expression = entry.columns[column] -%}
            {%- if own_columns is not none and expression | trim | lower in own_columns -%}
                {%- set expression = adapter.quote(expression | trim) -%}
            {%- endif -%}
            {%- do customer_engagement.check_expression(entry, column, expression, own_columns) -%}
            {%- do resolved.update({column: expression}) -%}
        {%- elif own_columns is none or column in own_columns -%}
            {%- do resolved.update({column: adapter.quote(column)}) -%}
        {%- elif column in canonical.required -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                "the required column '" ~ column ~ "' is not mapped, and the entry has no column of that name",
                "add `columns: {" ~ column ~ ": <SQL expression>}`; its columns: " ~ own_columns | join(', ')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if entry.where -%}
        {%- do customer_engagement.check_expression(entry, 'where', entry.where, own_columns) -%}
    {%- endif -%}
    {{ return(resolved) }}
{%- endmacro %}

{# A mapping that is not SQL, or that reads a column which the entry does not have, stops the run. #}
{% macro check_expression(entry, column, expression, own_columns) -%}
    {%- if own_columns is not none -%}
        {%- for name in customer_engagement.columns_read_by(entry, column, expression)
            if name | lower not in own_columns -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                "the entry has no column '" ~ name ~ "', which "
                ~ customer_engagement.shown_expression(column, expression) ~ " reads",
                'use the columns that it has: ' ~ own_columns | join(', ')
                ~ customer_engagement.how_to_quote(own_columns)
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# A hint for names that SQL does not take as they are; empty where each of them is plain. #}
{% macro how_to_quote(own_columns) -%}
    {%- for name in own_columns if not modules.re.match('^[a-z_][a-z0-9_]*$', name) -%}
        {%- if loop.first -%}
            {{ return("; within an expression put such a name in double quotes: '\"" ~ name ~ "\"'") }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{#
    The columns that an expression reads, as far as they can be found without running it; the rest
    is left to the engine's own message.
#}
{% macro columns_read_by(entry, column, expression) -%}
    {{ return(adapter.dispatch('columns_read_by', 'customer_engagement')(entry, column, expression)) }}
{%- endmacro %}

{% macro default__columns_read_by(entry, column, expression) -%}
    {{ return([expression] if modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', expression) else []) }}
{%- endmacro %}

{# DuckDB parses the expression for us. Lambdas and subqueries have names of their own: left alone. #}
{% macro duckdb__columns_read_by(entry, column, expression) -%}
    {%- set tree = run_query(
        'select json_serialize_sql(' ~ customer_engagement.text_literal('select ' ~ expression) ~ ')'
    ).columns[0].values()[0] -%}
    {%- if '"error":true' in tree -%}
        {%- do customer_engagement.raise_input_error(
            entry.where_set,
            "'" ~ column ~ ': ' ~ expression ~ "' is not SQL: " ~ fromjson(tree).get('error_message'),
            'write an SQL expression over the entry\'s columns; within one, a name with blanks or a '
            ~ 'reserved word goes in double quotes, as in \'coalesce("Paid at", "when")\''
        ) -%}
    {%- endif -%}
    {%- set names = [] -%}
    {%- if '"LAMBDA"' not in tree and '"SUBQUERY"' not in tree -%}
        {#- A name may be qualified by the entry, or followed by a field: its first part decides. -#}
        {%- for path in modules.re.findall('"column_names":\s*(\[[^\]]*\])', tree) -%}
            {%- set parts = fromjson(path) -%}
            {%- set name = parts[1] if parts[0] == 'entry' and parts | length > 1 else parts[0] -%}
            {%- if name | lower not in ['current_date', 'current_time', 'current_timestamp'] -%}
                {%- do names.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names) }}
{%- endmacro %}

{#
    The names of an entry's own columns, in lower case; none where they cannot be known: while
    parsing, and while compiling before the model or seed that it reads is built.
#}
{% macro columns_of_entry(entry) -%}
    {%- set relation = customer_engagement.entry_relation(entry) -%}
    {%- if not execute -%}
        {{ return(none) }}
    {%- endif -%}
    {%- if entry.ref and adapter.get_relation(
        relation.database, relation.schema, relation.identifier
    ) is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set names = [] -%}
    {%- for name in get_columns_in_query('select * from ' ~ relation ~ ' as entry') -%}
        {%- do names.append(name | lower) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
