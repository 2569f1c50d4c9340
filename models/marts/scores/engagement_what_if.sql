{{ config(materialized='view', grants=marts_grants()) }}
with latest_period as (

    select period_end
    from {{ ref('int_engagement__scoring_periods') }}
    where is_latest

),

scores as (

    select scores.*
    from {{ ref('engagement_scores') }} as scores
    inner join latest_period
        on scores.period_end = latest_period.period_end

),

contributions as (

    select contributions.*
    from {{ ref('engagement_contributions') }} as contributions
    inner join latest_period
        on contributions.period_end = latest_period.period_end

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

scores_with_band as (

    select
        scores.*,
        score_models.status as model_status,
        score_bands.band_rank
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    left join score_bands
        on
            scores.score_model = score_bands.score_model
            and scores.version = score_bands.version
            and scores.band = score_bands.band

),

pairs as (

    select
        challengers.customer_id,
        challengers.period_end,
        champions.score_model,
        champions.version,
        challengers.score_model as challenger_model,
        challengers.version as challenger_version,
        champions.score,
        challengers.score as challenger_score,
        challengers.score - champions.score as score_difference,
        champions.band,
        challengers.band as challenger_band,
        champions.status,
        challengers.status as challenger_status,
        case
            when challengers.band_rank < champions.band_rank then 'up'
            when challengers.band_rank > champions.band_rank then 'down'
            when challengers.band_rank = champions.band_rank then 'same'
        end as band_move
    from scores_with_band as challengers
    inner join scores_with_band as champions
        on
            challengers.customer_id = champions.customer_id
            and champions.is_champion
    where challengers.model_status = 'challenger'

),

-- A component that only one of the two has is compared with nothing.
lines_of_both as (

    select
        pairs.customer_id,
        pairs.challenger_model,
        pairs.challenger_version,
        contributions.component,
        -contributions.contribution as contribution
    from pairs
    inner join contributions
        on
            pairs.customer_id = contributions.customer_id
            and pairs.score_model = contributions.score_model
            and pairs.version = contributions.version

    union all

    select
        pairs.customer_id,
        pairs.challenger_model,
        pairs.challenger_version,
        contributions.component,
        contributions.contribution
    from pairs
    inner join contributions
        on
            pairs.customer_id = contributions.customer_id
            and pairs.challenger_model = contributions.score_model
            and pairs.challenger_version = contributions.version

),

differences as (

    select
        customer_id,
        challenger_model,
        challenger_version,
        component,
        {{ exact_sum('contribution') }} as difference
    from lines_of_both
    group by
        customer_id,
        challenger_model,
        challenger_version,
        component

),

-- Numbered from the component that moved the score most in the direction of its change.
numbered_differences as (

    select
        differences.*,
        row_number() over (
            partition by
                differences.customer_id,
                differences.challenger_model,
                differences.challenger_version
            order by
                case
                    when pairs.score_difference < 0 then differences.difference
                    else -differences.difference
                end asc,
                differences.component asc
        ) as mover_number
    from differences
    inner join pairs
        on
            differences.customer_id = pairs.customer_id
            and differences.challenger_model = pairs.challenger_model
            and differences.challenger_version = pairs.challenger_version
    where pairs.score_difference * differences.difference > 0

),

final as (

    select
        -- ids
        pairs.customer_id,
        pairs.challenger_model,
        pairs.challenger_version,
        pairs.period_end,
        pairs.score_model as champion_model,
        pairs.version as champion_version,

        -- the two scores
        pairs.score as champion_score,
        pairs.challenger_score,
        pairs.score_difference,
        cast(
            case
                when pairs.score_difference is not null
                    then
                        rank() over (
                            partition by
                                pairs.challenger_model,
                                pairs.challenger_version,
                                pairs.score_difference is null
                            order by abs(pairs.score_difference) desc
                        )
            end as {{ dbt.type_int() }}
        ) as mover_rank,

        -- bands
        pairs.band as champion_band,
        pairs.challenger_band,
        pairs.band_move,
        pairs.status as champion_status,
        pairs.challenger_status,

        -- why
        numbered_differences.component as moved_by,
        numbered_differences.difference as moved_by_points
    from pairs
    left join numbered_differences
        on
            pairs.customer_id = numbered_differences.customer_id
            and pairs.challenger_model = numbered_differences.challenger_model
            and pairs.challenger_version = numbered_differences.challenger_version
            and numbered_differences.mover_number = 1

)

select * from final
