with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

latest_period as (

    select * from periods
    where is_latest

),

-- Tables of every period are read where they are narrowed: an engine that keeps what two parts ask
-- for would keep all of it.
latest_scores as (

    select scores.*
    from {{ ref('engagement_scores') }} as scores
    inner join latest_period
        on scores.period_end = latest_period.period_end
    where scores.is_champion

),

previous_scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.score,
        case when scores.score is not null then rank() over (order by scores.score desc) end
            as score_rank
    from {{ ref('engagement_scores') }} as scores
    inner join periods
        on scores.period_end = periods.period_end
    inner join latest_period
        on periods.period_index = latest_period.period_index - 1
    where scores.is_champion

),

score_ranks as (

    select
        customer_id,
        rank() over (order by score desc) as score_rank,
        percent_rank() over (order by score) as percentile_rank
    from latest_scores
    where score is not null

),

latest_trends as (

    select score_trends.*
    from {{ ref('int_engagement__score_trends') }} as score_trends
    inner join latest_period
        on score_trends.period_end = latest_period.period_end

),

-- Counted from the last period without activity, or from before the first period.
activity_streaks as (

    select
        customer_states.customer_id,
        max(latest_period.period_index) - coalesce(
            max(case when not customer_states.is_active_in_period then periods.period_index end),
            min(periods.period_index) - 1
        ) as activity_streak
    from {{ ref('int_engagement__customer_states') }} as customer_states
    inner join periods
        on customer_states.period_end = periods.period_end
    cross join latest_period
    group by customer_states.customer_id

),

final as (

    select
        -- ids
        latest_scores.customer_id,
        latest_scores.score_model,
        latest_scores.version,
        latest_scores.period_end,

        -- score
        latest_scores.score,
        latest_scores.raw_score,
        latest_scores.is_overridden,
        latest_scores.band,
        latest_scores.settled_band,
        latest_scores.is_just_below_bound,
        latest_scores.status,
        latest_scores.coverage,

        -- beside the others, and one period before
        previous_scores.score as previous_score,
        cast(score_ranks.score_rank as {{ dbt.type_int() }}) as score_rank,
        score_ranks.percentile_rank,
        cast(previous_scores.score_rank as {{ dbt.type_int() }}) as previous_score_rank,
        cast(previous_scores.score_rank - score_ranks.score_rank as {{ dbt.type_int() }})
            as rank_change,

        -- trend
        latest_trends.change_4,
        latest_trends.change_13,
        latest_trends.slope,
        latest_trends.noise,
        latest_trends.trend,
        latest_trends.score_streak,
        cast(activity_streaks.activity_streak as {{ dbt.type_int() }}) as activity_streak
    from latest_scores
    left join previous_scores
        on
            latest_scores.customer_id = previous_scores.customer_id
            and latest_scores.score_model = previous_scores.score_model
    left join score_ranks
        on latest_scores.customer_id = score_ranks.customer_id
    left join latest_trends
        on latest_scores.customer_id = latest_trends.customer_id
    left join activity_streaks
        on latest_scores.customer_id = activity_streaks.customer_id

)

select * from final
