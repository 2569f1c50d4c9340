{#
    What a gate adds to its message when this run did not build what the gate looks at: a sentence,
    else nothing. `dbt retry` begins at the model that failed, with what earlier models counted before
    the input was corrected; so does a `--select` without them.

    Under retry dbt selects by another way, and selected_resources is empty.
#}
{% macro not_read_again(names) -%}
    {%- set missing = [] -%}
    {%- for node in graph.nodes.values()
        if node.name in names and node.resource_type in ['model', 'seed']
        and node.unique_id not in selected_resources -%}
        {%- do missing.append(node.name) -%}
    {%- endfor -%}
    {{ return(
        '\nThis run did not build ' ~ missing | unique | sort | join(', ') ~ ' again (it is a dbt retry, or a '
        ~ '--select without it), so the above is about an earlier run. If you have corrected the input or '
        ~ 'the setting since, run: dbt build'
        if missing else ''
    ) }}
{%- endmacro %}
