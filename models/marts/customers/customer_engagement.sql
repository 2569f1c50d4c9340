{{ config(grants=marts_grants()) }}
with latest_scores as (

    select * from {{ ref('int_engagement__latest_scores') }}

),

score_reasons as (

    select * from {{ ref('int_engagement__score_reasons') }}

),

customer_badges as (

    select * from {{ ref('int_engagement__customer_badges') }}

),

recent_gaming as (

    select * from {{ ref('int_engagement__recent_gaming') }}

),

customer_states as (

    select * from {{ ref('int_engagement__customer_states') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

score_overrides as (

    select * from {{ ref('int_engagement__score_overrides') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

final as (

    select
        -- ids
        latest_scores.customer_id,
        customer_attributes.account_id,
        latest_scores.score_model,
        latest_scores.version,
        latest_scores.period_end,

        -- score
        latest_scores.score,
        latest_scores.raw_score,
        latest_scores.band,
        latest_scores.settled_band,
        case
            when latest_scores.is_just_below_bound
                then
                    {{ dbt.concat([
                        "'shows as '",
                        "cast(round(latest_scores.score, 1) as " ~ dbt.type_string() ~ ")",
                        "' and is under it: stays '",
                        "latest_scores.band",
                    ]) }}
        end as band_note,
        latest_scores.status,
        latest_scores.coverage,
        latest_scores.previous_score,
        latest_scores.score - latest_scores.previous_score as score_change,
        latest_scores.score_rank,
        latest_scores.percentile_rank,
        latest_scores.previous_score_rank,
        latest_scores.rank_change,

        -- trend
        latest_scores.change_4,
        latest_scores.change_13,
        latest_scores.slope,
        latest_scores.noise,
        latest_scores.trend,
        latest_scores.score_streak,
        period_events.external_events,

        -- rewards
        latest_scores.activity_streak,
        customer_badges.badges,
        recent_gaming.customer_id is not null as is_possible_gaming,
        recent_gaming.gaming_reason,

        -- why
        score_reasons.behavioural_score,
        score_reasons.attitudinal_score,
        score_reasons.transactional_score,
        score_reasons.advocacy_score,
        score_reasons.top_driver_up,
        score_reasons.top_driver_down,

        -- set by hand
        latest_scores.is_overridden,
        score_overrides.reason as override_reason,
        score_overrides.author as override_author,
        score_overrides.valid_to as override_valid_to,

        -- segments
        customer_states.purchase_segment,
        customer_states.lifecycle_stage,
        customer_states.satisfaction,
        customer_states.satisfaction_quadrant,
        case
            when customer_attributes.customer_id is not null
                then {{ segments_as_json('customer_attributes') }}
        end as segments
    from latest_scores
    left join score_reasons
        on latest_scores.customer_id = score_reasons.customer_id
    left join customer_badges
        on latest_scores.customer_id = customer_badges.customer_id
    left join recent_gaming
        on latest_scores.customer_id = recent_gaming.customer_id
    left join customer_states
        on
            latest_scores.customer_id = customer_states.customer_id
            and latest_scores.period_end = customer_states.period_end
    left join period_events
        on latest_scores.period_end = period_events.period_end
    left join score_overrides
        on
            latest_scores.customer_id = score_overrides.customer_id
            and latest_scores.score_model = score_overrides.score_model
            and latest_scores.period_end = score_overrides.period_end
    -- Without valid_from, today's attributes.
    left join customer_attributes
        on
            latest_scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'latest_scores.period_end') }}

)

select * from final
