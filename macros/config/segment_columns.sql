{# The attributes of customers that are segments: the variable, or those of the demo company. #}
{% macro segment_columns() -%}
    {%- set demo_columns = ['plan', 'region'] if var('engagement_inputs', none) is none else [] -%}
    {{ return(var('segment_columns', demo_columns)) }}
{%- endmacro %}
