{# Every entry of every input: a list of (input, entry), in the order of canonical_inputs. #}
{% macro all_entries() -%}
    {%- set found = [] -%}
    {%- for input in customer_engagement.canonical_inputs() -%}
        {%- for entry in customer_engagement.input_entries(input) -%}
            {%- do found.append((input, entry)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
