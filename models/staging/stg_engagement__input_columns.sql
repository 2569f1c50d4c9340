{%- set entries = all_entries() -%}
{% for input, entry in entries -%}
select
    '{{ input }}' as input,
    cast({{ text_literal(entry.label) }} as {{ dbt.type_string() }}) as input_entry,
    column_name
from (
    {%- for column in entry_columns(input, entry) %}
    {{ 'union all ' if not loop.first }}select '{{ column }}' as column_name
    {%- endfor %}
) as columns_of_entry
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
