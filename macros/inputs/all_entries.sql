{# Every entry of every input: a list of (input, entry), in the order of canonical_inputs. #}
{% macro all_entries() -%}
    {%- set found = [] -%}
    {%- set settings = customer_engagement.checked_engagement_inputs() -%}
    {%- for input in customer_engagement.canonical_inputs() -%}
        {%- for entry in customer_engagement.entries_of(settings, input) -%}
            {%- do found.append((input, entry)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
