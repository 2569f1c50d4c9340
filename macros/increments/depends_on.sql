{#
    Tells dbt which models a model needs, where it cannot see that at the parse: what its hooks read, or
    a branch that only a later run takes. Unit tests, which run no hooks, need not give them.
#}
{% macro depends_on() -%}
    {%- if not execute -%}
        {%- for model_name in varargs -%}
            {%- do ref(model_name) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
