{#
    MetricFlow uses one time spine of days and does not say which of two it takes, so a project that
    has its own must leave ours out.
#}
{% macro check_time_spine() -%}
    {%- set ours = [] -%}
    {%- set others = [] -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' -%}
        {%- set spine = node.get('time_spine') -%}
        {%- if node.name == 'engagement_calendar' and node.package_name == 'customer_engagement' -%}
            {%- if spine -%}
                {%- do ours.append(node.name) -%}
            {%- endif -%}
        {%- elif node.name == 'metricflow_time_spine'
            or (spine and node.columns[spine.standard_granularity_column].granularity | string | lower
                in ['day', 'timegranularity.day']) -%}
            {%- do others.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if ours and others -%}
        {%- do exceptions.raise_compiler_error(
            others | join(', ') ~ ' and ' ~ ours[0]
            ~ ' are both time spines of days, and the semantic layer takes one. To keep yours, set engagement_time_spine: false under vars in dbt_project.yml.'
        ) -%}
    {%- endif -%}
{%- endmacro %}
