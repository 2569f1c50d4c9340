{# Rows of a query as texts for a seed; none stays none. #}
{% macro seed_texts(rows) -%}
    {%- set texts = [] -%}
    {%- for row in rows -%}
        {%- set fields = [] -%}
        {%- for value in row -%}
            {%- do fields.append(none if value is none else customer_engagement.seed_text(value)) -%}
        {%- endfor -%}
        {%- do texts.append(fields) -%}
    {%- endfor -%}
    {{ return(texts) }}
{%- endmacro %}

{# A value as a person writes it into a seed: of numbers no more than is needed, 30 and not 30.0. #}
{% macro seed_text(value) -%}
    {%- set text = value | string -%}
    {%- if value is number and value is not boolean -%}
        {%- set text = modules.re.sub('^(-?[0-9]+)[.]0+$', '\\1', text) -%}
        {%- set text = modules.re.sub('^(-?[0-9]+[.][0-9]*[1-9])0+$', '\\1', text) -%}
    {%- endif -%}
    {{ return(text) }}
{%- endmacro %}

{# Rows as lines of a CSV file; a field with a line break has its quotation marks, as CSV wants it. #}
{% macro csv_lines(rows) -%}
    {%- set lines = [] -%}
    {%- for row in customer_engagement.seed_texts(rows) -%}
        {%- set fields = [] -%}
        {%- for text in row | map('default', '', true) -%}
            {%- set is_plain = modules.re.search('[,"\r\n]', text) is none -%}
            {%- do fields.append(text if is_plain else '"' ~ text.replace('"', '""') ~ '"') -%}
        {%- endfor -%}
        {%- do lines.append(fields | join(',')) -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}

{# The same for a column in SQL. #}
{% macro csv_field(column) -%}
    case
        when
            {{ column }} like '%,%'
            or {{ column }} like '%"%'
            or {{ column }} like ({{ dbt.concat(["'%'", "chr(10)", "'%'"]) }})
            or {{ column }} like ({{ dbt.concat(["'%'", "chr(13)", "'%'"]) }})
            then {{ dbt.concat(["'\"'", "replace(" ~ column ~ ", '\"', '\"\"')", "'\"'"]) }}
        else {{ column }}
    end
{%- endmacro %}
