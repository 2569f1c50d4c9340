{#
    The table of a model of this package as the last run left it; none where there is none. It is
    looked up by name, for models that must see it before it is built anew: a ref() would be a cycle.
#}
{% macro stored_relation(model_name) -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.package_name == 'customer_engagement'
            and node.name == model_name -%}
            {{ return(adapter.get_relation(node.database, node.schema, node.alias)) }}
        {%- endfor -%}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{# The same, none also when a full refresh is about to replace it. #}
{% macro kept_relation(model_name) -%}
    {{ return(none if flags.FULL_REFRESH else customer_engagement.stored_relation(model_name)) }}
{%- endmacro %}

{#
    Whether a table that is built by increments is not there (yet), or is about to be replaced:
    then everything is computed.
#}
{% macro has_lost_a_table() -%}
    {%- set is_lost = [false] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.package_name == 'customer_engagement'
            and node.config.materialized == 'incremental'
            and customer_engagement.kept_relation(node.name) is none -%}
            {%- do is_lost.append(true) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(is_lost | last) }}
{%- endmacro %}
