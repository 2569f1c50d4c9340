{{ config(materialized='view', grants=marts_grants()) }}
with score_trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

transitions as (

    select
        score_model,
        version,
        period_end,
        is_partial_period,
        coalesce(previous_settled_band, '(none)') as from_band,
        coalesce(settled_band, '(none)') as to_band,
        count(*) as customers
    from score_trends
    group by
        score_model,
        version,
        period_end,
        is_partial_period,
        coalesce(previous_settled_band, '(none)'),
        coalesce(settled_band, '(none)')

),

final as (

    select
        -- ids
        transitions.score_model,
        transitions.version,
        transitions.period_end,
        transitions.is_partial_period,
        transitions.from_band,
        transitions.to_band,

        -- customers
        case
            when transitions.from_band = transitions.to_band then 'same'
            when transitions.from_band = '(none)' then 'entered'
            when to_bands.band_rank < from_bands.band_rank then 'up'
            else 'down'
        end as band_move,
        transitions.customers,
        transitions.customers * 1.0 / sum(transitions.customers) over (
            partition by
                transitions.score_model,
                transitions.version,
                transitions.period_end,
                transitions.from_band
        ) as share_of_from_band,

        -- beside it
        period_events.external_events
    from transitions
    left join score_bands as from_bands
        on
            transitions.score_model = from_bands.score_model
            and transitions.version = from_bands.version
            and transitions.from_band = from_bands.band
    left join score_bands as to_bands
        on
            transitions.score_model = to_bands.score_model
            and transitions.version = to_bands.version
            and transitions.to_band = to_bands.band
    left join period_events
        on transitions.period_end = period_events.period_end

)

select * from final
