{#
    The customer attributes that are segments: the variable, or those of the demo company. Checked
    here, since models ask for them before checked_variables runs.
#}
{% macro segment_columns() -%}
    {%- set demo_columns = ['plan', 'region'] if var('engagement_inputs', none) is none else [] -%}
    {%- set columns = var('segment_columns', demo_columns) -%}
    {%- if columns is string or columns is mapping or columns is not iterable -%}
        {%- do customer_engagement.raise_variable_error('segment_columns', 'a list of column names') -%}
    {%- endif -%}
    {%- for column in columns
        if column is not string or not modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', column) -%}
        {%- do customer_engagement.raise_variable_error(
            'segment_columns', 'a list of column names, of letters, digits and _'
        ) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{# The same, quoted as SQL identifiers. #}
{% macro quoted_segment_columns() -%}
    {%- set quoted = [] -%}
    {%- for column in customer_engagement.segment_columns() -%}
        {%- do quoted.append(adapter.quote(column)) -%}
    {%- endfor -%}
    {{ return(quoted) }}
{%- endmacro %}

{# The columns derived for each customer and period that are segments as well. #}
{% macro derived_segment_columns() -%}
    {{ return(['purchase_segment', 'lifecycle_stage', 'band', 'satisfaction_quadrant']) }}
{%- endmacro %}

{# The pairs of columns that form segments together: the variable, or that of the demo company. #}
{% macro segment_pairs() -%}
    {%- set is_demo = var('engagement_inputs', none) is none and var('segment_columns', none) is none -%}
    {%- set pairs = var('segment_pairs', [['plan', 'region']] if is_demo else []) -%}
    {%- set columns = customer_engagement.segment_columns() + customer_engagement.derived_segment_columns() -%}
    {%- set are_pairs = 'a list of pairs of different columns, each of ' ~ columns | join(', ') -%}
    {%- if pairs is string or pairs is mapping or pairs is not iterable -%}
        {%- do customer_engagement.raise_variable_error('segment_pairs', are_pairs) -%}
    {%- endif -%}
    {%- for pair in pairs -%}
        {%- if pair is string or pair is mapping or pair is not iterable or pair | length != 2
            or pair[0] not in columns or pair[1] not in columns or pair[0] == pair[1] -%}
            {%- do customer_engagement.raise_variable_error('segment_pairs', are_pairs) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(pairs) }}
{%- endmacro %}

{# The cuts by attributes alone, one at a time, and `all`: names, each with the columns of the cut. #}
{% macro attribute_cuts() -%}
    {%- set cuts = {'all': []} -%}
    {%- for column in customer_engagement.segment_columns() -%}
        {%- do cuts.update({column: [column]}) -%}
    {%- endfor -%}
    {{ return(cuts) }}
{%- endmacro %}

{#
    All ways to cut customers into segments: names, each with the columns that make the segment. A
    pair is named `a x b`, and so is its segment.
#}
{% macro segment_cuts() -%}
    {%- set cuts = customer_engagement.attribute_cuts() -%}
    {%- for column in customer_engagement.derived_segment_columns() -%}
        {%- do cuts.update({column: [column]}) -%}
    {%- endfor -%}
    {%- for pair in customer_engagement.segment_pairs() -%}
        {%- do cuts.update({pair | join(' x '): pair}) -%}
    {%- endfor -%}
    {{ return(cuts) }}
{%- endmacro %}

{#
    The segment of a row of `relation` under a cut. In a pair, ` x ` within a value is written ` \x `,
    so that no two pairs of values share a name.
#}
{% macro segment_of_cut(relation, columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- set value = relation ~ '.' ~ adapter.quote(column) -%}
        {%- if columns | length > 1 -%}
            {%- set value = "replace(replace(" ~ value ~ ", chr(92), chr(92) || chr(92)), ' x ', ' ' || chr(92) || 'x ')" -%}
        {%- endif -%}
        {%- do parts.append(value) -%}
        {%- if not loop.last -%}
            {%- do parts.append("' x '") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not parts -%}
        'all'
    {%- elif parts | length == 1 -%}
        {{ parts[0] }}
    {%- else -%}
        {{ dbt.concat(parts) }}
    {%- endif -%}
{%- endmacro %}
