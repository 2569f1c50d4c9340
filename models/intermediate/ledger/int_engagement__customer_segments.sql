with customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

segments as (

    {% for column in segment_columns() -%}
    select
        customer_id,
        '{{ column }}' as segment_column,
        {{ adapter.quote(column) }} as segment,
        valid_from,
        valid_until
    from customer_attributes
    where {{ adapter.quote(column) }} is not null
    {% if not loop.last %}
    union all

    {% endif -%}
    {% else -%}
    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as segment_column,
        cast(null as {{ dbt.type_string() }}) as segment,
        valid_from,
        valid_until
    from customer_attributes
    where false
    {% endfor %}

)

select * from segments
