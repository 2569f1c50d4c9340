{%- set least_customers = min_segment_size() -%}
with segment_sums as (

    select * from {{ ref('int_engagement__segment_sums') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

sums as (

    select
        segment_sums.*,
        periods.period_index
    from segment_sums
    inner join periods
        on segment_sums.period_end = periods.period_end

),

-- Changes are from the period before under the same version.
totals as (

    select
        score_model,
        version,
        period_end,
        period_index,
        is_partial_period,
        scored_customers,
        cast(score_sum as double) / nullif(scored_customers, 0) as mean_score,
        max(scored_customers) over one_before as previous_scored_customers,
        max(cast(score_sum as double) / nullif(scored_customers, 0)) over one_before
            as previous_mean_score
    from sums
    where segment_column = 'all'
    window one_before as (
        partition by score_model, version order by period_index
        range between 1 preceding and 1 preceding
    )

),

-- A segment that has lost its last customer keeps a row in the first period without them: the parts
-- of the change would not add up otherwise.
empty_segments as (

    select
        sums.segment_column,
        sums.segment,
        totals.score_model,
        totals.version,
        totals.period_end,
        totals.period_index,
        totals.is_partial_period
    from sums
    inner join totals
        on
            sums.score_model = totals.score_model
            and sums.version = totals.version
            and sums.period_index + 1 = totals.period_index
    left join sums as later
        on
            sums.segment_column = later.segment_column
            and sums.segment = later.segment
            and totals.score_model = later.score_model
            and totals.version = later.version
            and totals.period_index = later.period_index
    where later.segment is null

),

segment_periods as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        period_index,
        is_partial_period,
        customers,
        scored_customers,
        -- `all` is no segment: its mean is that of the scores themselves.
        segment_column != 'all'
        and (
            customers < {{ least_customers }}
            or scored_customers between 1 and {{ least_customers - 1 }}
        ) as is_suppressed
    from sums

    union all

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        period_index,
        is_partial_period,
        0 as customers,
        0 as scored_customers,
        false as is_suppressed
    from empty_segments

),

-- A suppressed segment brings none of its sums along.
segment_means as (

    select
        segment_periods.*,
        cast(sums.score_sum as double) / nullif(sums.scored_customers, 0) as mean_score,
        {{ half_width_of_sums(
            'sums.scored_customers',
            'cast(sums.score_sum as double)',
            'cast(sums.score_square_sum as double)'
        ) }} as half_width,
        sums.median_score,
        cast(sums.top_band_customers as double) / nullif(sums.scored_customers, 0)
            as top_band_share,
        cast(sums.bottom_band_customers as double) / nullif(sums.scored_customers, 0)
            as bottom_band_share,
        sums.band_shares,
        cast(sums.engaged_interactions as double) / sums.customers as activities_per_customer,
        sums.answered_customers,
        case
            when sums.answered_customers >= {{ least_customers }} or sums.segment_column = 'all'
                then cast(sums.satisfaction_sum as double) / nullif(sums.answered_customers, 0)
        end as mean_satisfaction
    from segment_periods
    left join sums
        on
            segment_periods.segment_column = sums.segment_column
            and segment_periods.segment = sums.segment
            and segment_periods.score_model = sums.score_model
            and segment_periods.version = sums.version
            and segment_periods.period_end = sums.period_end
            and not segment_periods.is_suppressed

),

segment_means_with_total as (

    select
        means.*,
        totals.mean_score as total_mean,
        totals.mean_score - totals.previous_mean_score as total_change,
        (totals.mean_score + totals.previous_mean_score) / 2 as middle_total,
        cast(means.scored_customers as double) / nullif(totals.scored_customers, 0) as weight,
        cast(coalesce(max(means.scored_customers) over one_before, 0) as double)
        / nullif(totals.previous_scored_customers, 0) as previous_weight,
        max(means.mean_score) over one_before as previous_mean,
        coalesce(bool_or(means.is_suppressed) over one_before, false) as was_suppressed
    from segment_means as means
    inner join totals
        on
            means.score_model = totals.score_model
            and means.version = totals.version
            and means.period_end = totals.period_end
    window one_before as (
        partition by means.segment_column, means.segment, means.score_model, means.version
        order by means.period_index
        range between 1 preceding and 1 preceding
    )

),

-- Weighted by the middle of both periods, so that nothing is left over. A segment that is new or
-- gone has no change of its mean: all of it is mix.
segment_changes as (

    select
        *,
        mean_score - half_width as mean_score_lower,
        mean_score + half_width as mean_score_upper,
        mean_score - previous_mean as mean_score_change,
        case
            when total_change is null or is_suppressed or was_suppressed then null
            when mean_score is null or previous_mean is null then 0
            else (previous_weight + weight) / 2 * (mean_score - previous_mean)
        end as within_change,
        case
            when total_change is null or is_suppressed or was_suppressed then null
            when mean_score is null and previous_mean is null then 0
            else
                (weight - previous_weight)
                * (
                    (
                        coalesce(mean_score, previous_mean) + coalesce(previous_mean, mean_score)
                    ) / 2
                    - middle_total
                )
        end as mix_change,
        case
            when segment_column = 'all' then null
            when mean_score > total_mean then 1
            when mean_score is not null then 0
        end as above_total
    from segment_means_with_total

),

final as (

    select
        *,
        (within_change + mix_change) / nullif(total_change, 0) as share_of_change
    from segment_changes

)

select * from final
