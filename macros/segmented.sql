{#
    The rows of a CTE once for each segment column, with segment_column and segment: `all`, and of
    each column the value in force on the row's own period_end, (unknown) where there is none. A
    select over the CTE customer_segments; a customer has one row of each period_end in the CTE.
#}
{% macro in_every_segment(relation) -%}
select
    'all' as segment_column,
    'all' as segment,
    {{ relation }}.*
from {{ relation }}
{%- for column in segment_columns() %}

union all

-- What is in force is found by an inner join first: an outer one with this condition compares every
-- customer with every other.
select
    '{{ column }}' as segment_column,
    coalesce(in_force.segment, '(unknown)') as segment,
    {{ relation }}.*
from {{ relation }}
left join (
    select
        {{ relation }}.customer_id,
        {{ relation }}.period_end,
        customer_segments.segment
    from {{ relation }}
    inner join customer_segments
        on
            {{ relation }}.customer_id = customer_segments.customer_id
            and customer_segments.segment_column = '{{ column }}'
            and {{ customer_engagement.is_in_force('customer_segments', relation ~ '.period_end') }}
) as in_force
    on
        {{ relation }}.customer_id = in_force.customer_id
        and {{ relation }}.period_end = in_force.period_end
{%- endfor %}
{%- endmacro %}
