{#
    Fails for each row whose value lies below min_value or above max_value; NULL passes.

    `column_name` may be an expression, a window function too: an identity between columns, or
    between the rows of a key, is then the range of a difference or of a sum.
#}
{% test in_range(model, column_name, min_value=none, max_value=none) %}
    {%- set outside = [] -%}
    {%- if min_value is not none -%}
        {%- do outside.append('tested_value < ' ~ min_value) -%}
    {%- endif -%}
    {%- if max_value is not none -%}
        {%- do outside.append('tested_value > ' ~ max_value) -%}
    {%- endif -%}
    {%- if not outside -%}
        {%- do exceptions.raise_compiler_error(
            'in_range on ' ~ column_name ~ ' needs min_value, max_value or both'
        ) -%}
    {%- endif -%}
select *
from (
    select
        *,
        {{ column_name }} as tested_value
    from {{ model }}
) as tested
where {{ outside | join(' or ') }}
{% endtest %}
