{# The attributes of customers that are segments: the variable, or those of the demo company. #}
{% macro segment_columns() -%}
    {%- set demo_columns = ['plan', 'region'] if var('engagement_inputs', none) is none else [] -%}
    {{ return(var('segment_columns', demo_columns)) }}
{%- endmacro %}

{# The same, quoted as SQL wants them. #}
{% macro quoted_segment_columns() -%}
    {%- set quoted = [] -%}
    {%- for column in customer_engagement.segment_columns() -%}
        {%- do quoted.append(adapter.quote(column)) -%}
    {%- endfor -%}
    {{ return(quoted) }}
{%- endmacro %}
