{#- Bounds that have proved useful stay as long as they tell this company's customers apart. -#}
{%- set defaults = [('Excellent', 80, 0.2), ('Moderate', 60, 0.5), ('Low', 0, 1)] -%}
with scores as (

    select
        scores.customer_id,
        scores.score,
        periods.is_latest
    from {{ ref('scoring_engagement__scores') }} as scores
    inner join {{ ref('int_engagement__scoring_periods') }} as periods
        on scores.period_end = periods.period_end
    where
        scores.version = 'suggested'
        and scores.step = 'now'
        and scores.score is not null

),

latest as (

    select
        customer_id,
        score
    from scores
    where is_latest

),

-- By how much a score moves from one period to the next, of those whose score moves.
previous_periods as (

    select
        period_end,
        row_number() over (order by period_end desc) as periods_ago
    from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

previous as (

    select
        scores.customer_id,
        scores.score
    from {{ ref('scoring_engagement__scores') }} as scores
    inner join previous_periods
        on
            scores.period_end = previous_periods.period_end
            and previous_periods.periods_ago = 2
    where
        scores.version = 'suggested'
        and scores.step = 'now'
        and scores.score is not null

),

moves as (

    select
        percentile_cont(0.5) within group (order by abs(latest.score - previous.score))
            as usual_move
    from latest
    inner join previous
        on
            latest.customer_id = previous.customer_id
            and latest.score != previous.score

),

shares as (

    select
        count(*) as customers,
        cast(sum(case when score >= 80 then 1 else 0 end) as double) / count(*) as excellent_share,
        cast(sum(case when score >= 60 and score < 80 then 1 else 0 end) as double)
        / count(*) as moderate_share,
        cast(sum(case when score < 60 then 1 else 0 end) as double) / count(*) as low_share,
        floor(percentile_cont(0.8) within group (order by score)) as best_fifth,
        floor(percentile_cont(0.5) within group (order by score)) as better_half
    from latest

),

judged as (

    select
        *,
        least(excellent_share, moderate_share, low_share) >= 0.1
        and greatest(excellent_share, moderate_share, low_share) <= 0.5 as is_kept
    from shares

),

bounds as (

    select
        judged.*,
        -- Apart by more than the margins, however low or alike the scores are.
        case when judged.is_kept then 80 else greatest(least(judged.best_fifth, 95), 10) end
            as excellent_bound,
        case
            when judged.is_kept then 60
            else greatest(least(judged.better_half, judged.best_fifth - 5, 90), 5)
        end as moderate_bound,
        -- Rounded up to halves, from 1 to what keeps the switches apart.
        greatest(
            1,
            least(
                ceil(2 * coalesce(moves.usual_move, 1)) / 2,
                case when judged.is_kept then 5 else 2 end
            )
        ) as settle_margin
    from judged
    cross join moves

),

bands as (

    select
        'Excellent' as band,
        1 as band_rank,
        excellent_bound as lower_bound,
        settle_margin,
        case
            when is_kept
                then {{ dbt.concat([
                    "'kept: '", "cast(round(100 * excellent_share) as integer)",
                    "'% of '", as_count('customers'), "' customers are here'",
                ]) }}
            else 'what a fifth of the customers reach, as 80 would leave too few or too many'
        end as reason
    from bounds

    union all

    select
        'Moderate' as band,
        2 as band_rank,
        moderate_bound as lower_bound,
        settle_margin,
        case
            when is_kept
                then {{ dbt.concat([
                    "'kept: '", "cast(round(100 * moderate_share) as integer)",
                    "'% of '", as_count('customers'), "' customers are here'",
                ]) }}
            else 'what half of the customers reach, as 60 would leave too few or too many'
        end as reason
    from bounds

    union all

    select
        'Low' as band,
        3 as band_rank,
        0 as lower_bound,
        settle_margin,
        {{ dbt.concat([
            "'the rest; margin: half of the scores that move do so by less in a period'",
        ]) }} as reason
    from bounds

)

select
    band,
    band_rank,
    cast(lower_bound as double) as lower_bound,
    cast(settle_margin as double) as settle_margin,
    reason
from bands
