with final as (

    {% for kpi, facts in kpis().items() -%}
    select
        '{{ kpi }}' as catalog_kpi,
        '{{ facts.unit }}' as unit,
        '{{ facts.direction }}' as direction,
        '{{ facts.basis }}' as basis,
        {{ facts.by_grain }} as is_by_grain,
        cast({{ facts.scale if facts.scale is not none else 'null' }} as double)
            as multiplier,
        cast({{ facts.point }} as double) as point,  -- noqa: RF04
        cast({{ facts.near if facts.near is not none else 'null' }} as double)
            as near_points,
        cast({{ facts.near_share if facts.near_share is not none else 'null' }} as double)
            as near_share
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
)

select * from final
