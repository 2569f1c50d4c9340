-- depends_on: {{ ref('config_engagement__problems') }}
{#- The demo company's targets hold while its interactions are read and there are no others. -#}
{%- set is_demo = var('engagement_inputs', none) is none %}
with

kpi_targets as (

    select * from {{ ref('config_engagement__kpi_targets_rows') }}

),

{% if is_demo -%}
demo_kpi_targets as (

    {{ customer_engagement.config_seed_rows('kpi_targets', ref('demo_kpi_targets')) }}

),

{% endif -%}
targets as (

    select * from kpi_targets
    {%- if is_demo %}
    union all
    select * from demo_kpi_targets
    where not exists (select 1 from kpi_targets)
    {%- endif %}

),

final as (

    select
        kpi,
        segment_column,
        segment_value,
        period_grain,
        valid_from,
        lead(valid_from) over (
            partition by kpi, segment_column, segment_value, period_grain order by valid_from
        ) as valid_until,
        target
    from targets

)

select * from final
