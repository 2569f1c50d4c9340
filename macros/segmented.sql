{#
    The rows of a CTE once for each segment column, with segment_column and segment: `all`, and of
    each column the value in force on the row's own period_end, (unknown) where there is none.
    Stands over the CTE customer_segments.
#}
{% macro in_every_segment(relation) -%}
select
    'all' as segment_column,
    'all' as segment,
    {{ relation }}.*
from {{ relation }}
{%- for column in segment_columns() %}

union all

select
    '{{ column }}' as segment_column,
    coalesce(customer_segments.segment, '(unknown)') as segment,
    {{ relation }}.*
from {{ relation }}
left join customer_segments
    on
        {{ relation }}.customer_id = customer_segments.customer_id
        and customer_segments.segment_column = '{{ column }}'
        and {{ customer_engagement.is_in_force('customer_segments', relation ~ '.period_end') }}
{%- endfor %}
{%- endmacro %}
