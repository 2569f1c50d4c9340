{{ config(pre_hook=before_begin("{{ fit_custom_metrics() }}")) }}
{{ built_by_customer_and_period('pending') }}
{%- set metrics = shipped_metrics().keys() | reject('equalto', 'decayed_points') | list -%}
{%- set own_metrics = custom_metrics().keys() | list -%}
with window_metrics as (

    select * from {{ ref('int_engagement__window_metrics') }}
    where has_own_period

),

{% if own_metrics -%}
own_values as (

    select * from {{ ref('int_engagement__custom_metrics') }}

),

{% endif -%}
final as (

    select
        -- ids
        window_metrics.customer_id,
        window_metrics.window_periods,
        window_metrics.period_index,
        window_metrics.period_end,

        -- scope
        window_metrics.is_known,
        window_metrics.exposed_days,
        window_metrics.is_new,
        window_metrics.engaged_interactions,

        -- metrics
        {%- for metric in own_metrics %}
        own_values.{{ metric }},
        {%- endfor %}
        {%- for metric in metrics %}
        window_metrics.{{ metric }},
        {%- endfor %}

        -- rhythm
        window_metrics.usual_gap_days
    from window_metrics
    {%- if own_metrics %}
    left join own_values
        on
            window_metrics.customer_id = own_values.customer_id
            and window_metrics.period_end = own_values.period_end
    {%- endif %}

)

select * from final
