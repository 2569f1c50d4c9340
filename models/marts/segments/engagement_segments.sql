{{ config(grants=marts_grants()) }}
{%- set least_customers = min_segment_size() -%}
with sums as (

    select * from {{ ref('int_engagement__segment_sums') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

-- Whether attributes have a history: without one, today's stand for every period.
attribute_history as (

    select case when count(valid_from) > 0 then 'period_end' else 'today' end as attributes_as_of
    from customer_attributes

),

placed as (

    select
        sums.*,
        periods.period_index
    from sums
    inner join periods
        on sums.period_end = periods.period_end

),

-- A change is one from the period before under the same version.
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
    from placed
    where segment_column = 'all'
    window one_before as (
        partition by score_model, version order by period_index
        range between 1 preceding and 1 preceding
    )

),

-- A segment that nobody is in any more has a row in the first period without it: else the parts of
-- the change would not add up.
gone as (

    select
        placed.segment_column,
        placed.segment,
        totals.score_model,
        totals.version,
        totals.period_end,
        totals.period_index,
        totals.is_partial_period
    from placed
    inner join totals
        on
            placed.score_model = totals.score_model
            and placed.version = totals.version
            and placed.period_index + 1 = totals.period_index
    left join placed as later
        on
            placed.segment_column = later.segment_column
            and placed.segment = later.segment
            and totals.score_model = later.score_model
            and totals.version = later.version
            and totals.period_index = later.period_index
    where later.segment is null

),

spine as (

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
    from placed

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
    from gone

),

-- Whatever a suppressed segment adds up to is not taken along.
meant as (

    select
        spine.*,
        cast(placed.score_sum as double) / nullif(placed.scored_customers, 0) as mean_score,
        {{ half_width_of_sums(
            'placed.scored_customers',
            'cast(placed.score_sum as double)',
            'cast(placed.score_square_sum as double)'
        ) }} as half_width,
        placed.median_score,
        cast(placed.top_band_customers as double) / nullif(placed.scored_customers, 0)
            as top_band_share,
        cast(placed.bottom_band_customers as double) / nullif(placed.scored_customers, 0)
            as bottom_band_share,
        placed.band_shares,
        cast(placed.engaged_interactions as double) / placed.customers as activities_per_customer,
        placed.answered_customers,
        case
            when
                placed.answered_customers >= {{ least_customers }}
                or placed.segment_column = 'all'
                then cast(placed.satisfaction_sum as double) / nullif(placed.answered_customers, 0)
        end as mean_satisfaction
    from spine
    left join placed
        on
            spine.segment_column = placed.segment_column
            and spine.segment = placed.segment
            and spine.score_model = placed.score_model
            and spine.version = placed.version
            and spine.period_end = placed.period_end
            and not spine.is_suppressed

),

compared as (

    select
        meant.*,
        totals.mean_score as total_mean,
        totals.mean_score - totals.previous_mean_score as total_change,
        (totals.mean_score + totals.previous_mean_score) / 2 as middle_total,
        cast(meant.scored_customers as double) / nullif(totals.scored_customers, 0) as weight,
        cast(coalesce(max(meant.scored_customers) over one_before, 0) as double)
        / nullif(totals.previous_scored_customers, 0) as previous_weight,
        max(meant.mean_score) over one_before as previous_mean,
        coalesce(bool_or(meant.is_suppressed) over one_before, false) as was_suppressed
    from meant
    inner join totals
        on
            meant.score_model = totals.score_model
            and meant.version = totals.version
            and meant.period_end = totals.period_end
    window one_before as (
        partition by meant.segment_column, meant.segment, meant.score_model, meant.version
        order by meant.period_index
        range between 1 preceding and 1 preceding
    )

),

-- Middles of both periods as weights, so that nothing is left over; who is new or gone has no
-- change of a mean, and is mix only.
changed as (

    select
        *,
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
    from compared

),

trended as (

    select
        *,
        cast(sum(above_total) over lately as double) / nullif(count(above_total) over lately, 0)
            as above_total_share,
        count(mean_score_change) over lately_changed as changes,
        cast(sum(cast(mean_score_change as decimal(38, 12))) over lately_changed as double)
            as change_sum,
        cast(sum(cast(abs(mean_score_change) as decimal(38, 12))) over lately_changed as double)
            as move_sum
    from changed
    window
        lately as (
            partition by segment_column, segment, score_model order by period_index
            range between {{ trend_periods() - 1 }} preceding and current row
        ),
        lately_changed as (
            partition by segment_column, segment, score_model, version order by period_index
            range between {{ trend_periods() - 1 }} preceding and current row
        )

),

final as (

    select
        -- ids
        trended.segment_column,
        trended.segment,
        trended.score_model,
        trended.version,
        trended.period_end,

        -- size
        trended.customers,
        trended.scored_customers,
        trended.is_suppressed,

        -- score
        trended.mean_score,
        trended.mean_score - trended.half_width as mean_score_lower,
        trended.mean_score + trended.half_width as mean_score_upper,
        trended.median_score,
        trended.top_band_share,
        trended.bottom_band_share,
        trended.band_shares,

        -- activity and satisfaction
        trended.activities_per_customer,
        trended.answered_customers,
        trended.mean_satisfaction,

        -- change
        trended.mean_score_change,
        trended.within_change,
        trended.mix_change,
        (trended.within_change + trended.mix_change) / nullif(trended.total_change, 0)
            as share_of_change,

        -- over time
        case when trended.mean_score is not null then trended.above_total_share end
            as above_total_share,
        case
            when trended.mean_score is not null
                then {{ trend_of_changes(
                    'trended.changes', 'trended.change_sum',
                    noise_of_sums('trended.changes', 'trended.move_sum')
                ) }}
        end as trend,
        period_events.external_events,

        -- how to read it
        trended.is_partial_period,
        attribute_history.attributes_as_of
    from trended
    left join period_events
        on trended.period_end = period_events.period_end
    cross join attribute_history

)

select * from final
