{#
    The canonical columns of an entry as SQL expressions: mapped ones as they are mapped, others
    where the entry has a column of that name, and NULL for the optional rest. A required column
    that is neither stops the run with the columns that the entry does have.
#}
{% macro entry_columns(input, entry) -%}
    {%- set canonical = customer_engagement.canonical_inputs()[input] -%}
    {%- set own_columns = customer_engagement.columns_of_entry(entry) -%}
    {%- set resolved = {} -%}
    {%- for column in canonical.required.keys() | list + canonical.optional.keys() | list -%}
        {%- if column in entry.columns -%}
            {%- set expression = entry.columns[column] -%}
            {%- if own_columns is not none
                and modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', expression)
                and expression | lower not in ['null', 'true', 'false', 'current_date']
                and expression | lower not in own_columns -%}
                {%- do customer_engagement.raise_input_error(
                    entry.where_set,
                    "column '" ~ column ~ "' is mapped to '" ~ expression ~ "', which the entry does not have",
                    'map it to one of the columns there: ' ~ own_columns | join(', ')
                ) -%}
            {%- endif -%}
            {%- do resolved.update({column: expression}) -%}
        {%- elif own_columns is none or column in own_columns -%}
            {%- do resolved.update({column: adapter.quote(column)}) -%}
        {%- elif column in canonical.required -%}
            {%- do customer_engagement.raise_input_error(
                entry.where_set,
                "the required column '" ~ column ~ "' is not mapped, and the entry has no column of that name",
                "add `columns: {" ~ column ~ ": <SQL expression>}`; columns there: " ~ own_columns | join(', ')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(resolved) }}
{%- endmacro %}

{# The names of an entry's own columns, in lower case; none where they cannot be known (parsing). #}
{% macro columns_of_entry(entry) -%}
    {%- set relation = customer_engagement.entry_relation(entry) -%}
    {%- if not execute -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set names = [] -%}
    {%- for name in get_columns_in_query('select * from ' ~ relation ~ ' as entry') -%}
        {%- do names.append(name | lower) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
