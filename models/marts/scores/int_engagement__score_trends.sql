{{ built_by_customer_and_period('rescored', has_end=false) }}
with scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

-- All periods of customers who are computed again, since trends look back.
scores_with_period as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        periods.period_index,
        scores.is_partial_period,
        scores.status,
        scores.score,
        scores.band,
        scores.settled_band,
        rescored_customers.rescored_from <= scores.period_end as is_rescored
    from scores
    inner join periods
        on scores.period_end = periods.period_end
    inner join rescored_customers
        on scores.customer_id = rescored_customers.customer_id

),

-- A score is compared with scores of its own version only: another version measures differently.
scores_with_changes as (

    select
        *,
        score - max(score) over one_before as change_1,
        score - max(score) over four_before as change_4,
        score - max(score) over thirteen_before as change_13,
        score - max(score) over month_before as change_month,
        max(settled_band) over one_before as previous_settled_band
    from scores_with_period
    window
        one_before as (
            partition by customer_id, score_model, version order by period_index
            range between 1 preceding and 1 preceding
        ),
        four_before as (
            partition by customer_id, score_model, version order by period_index
            range between 4 preceding and 4 preceding
        ),
        thirteen_before as (
            partition by customer_id, score_model, version order by period_index
            range between 13 preceding and 13 preceding
        ),
        month_before as (
            partition by customer_id, score_model, version order by period_index
            range between {{ alert_horizon() }} preceding and {{ alert_horizon() }} preceding
        )

),

-- Decimals, so that sums repeat to the last digit.
scores_with_direction as (

    select
        *,
        cast(sign(change_1) as {{ dbt.type_int() }}) as direction,
        -- Narrow, as all periods are added up: from a billion on, a score or change has no trend.
        cast(case when abs(score) < 1e9 then score end as decimal(18, 9)) as exact_score,
        cast(case when abs(change_1) < 1e9 then change_1 end as decimal(18, 9)) as exact_change,
        cast(case when abs(change_1) < 1e9 then abs(change_1) end as decimal(18, 9)) as exact_move
    from scores_with_changes

),

scores_with_turns as (

    select
        *,
        case
            when
                coalesce(direction, 0)
                != coalesce(
                    lag(direction) over (
                        partition by customer_id, score_model, version order by period_index
                    ),
                    2
                )
                then period_index
        end as turned_index
    from scores_with_direction

),

scores_with_sums as (

    select
        *,
        max(turned_index) over so_far as streak_from_index,
        count(exact_score) over lately as scores,
        cast(sum(exact_score) over lately as double) as score_sum,
        cast(sum(exact_score * period_index) over lately as double) as product_sum,
        cast(sum(case when score is not null then period_index end) over lately as double)
            as index_sum,
        cast(
            sum(case when score is not null then period_index * period_index end) over lately
            as double
        ) as index_square_sum,
        count(exact_change) over lately_changed as changes,
        cast(sum(exact_change) over lately_changed as double) as change_sum,
        cast(sum(exact_move) over lately_changed as double) as move_sum
    from scores_with_turns
    window
        so_far as (
            partition by customer_id, score_model, version order by period_index
            rows between unbounded preceding and current row
        ),
        lately as (
            partition by customer_id, score_model, version order by period_index
            range between {{ trend_periods() }} preceding and current row
        ),
        lately_changed as (
            partition by customer_id, score_model, version order by period_index
            range between {{ trend_periods() - 1 }} preceding and current row
        )

),

scores_with_noise as (

    select
        *,
        {{ slope_of_sums('scores', 'index_sum', 'score_sum', 'index_square_sum', 'product_sum') }}
            as slope,
        {{ noise_of_sums('changes', 'move_sum') }} as noise
    from scores_with_sums
    where is_rescored

),

final as (

    select
        -- ids
        customer_id,
        score_model,
        version,
        period_end,

        -- score
        is_partial_period,
        status,
        score,
        band,
        settled_band,
        previous_settled_band,

        -- change
        change_1,
        change_4,
        change_13,
        change_month,
        case when direction is not null then direction * (period_index - streak_from_index + 1) end
            as score_streak,

        -- trend
        slope,
        noise,
        cast(changes as {{ dbt.type_int() }}) as changes,
        {{ trend_of_changes('changes', 'change_sum', 'noise') }} as trend
    from scores_with_noise

)

select * from final
