{{ config(grants=marts_grants()) }}
with segment_changes as (

    select * from {{ ref('int_engagement__segment_changes') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

-- Whether attributes have a history: without one, today's are those of every period.
attribute_history as (

    select case when count(valid_from) > 0 then 'period_end' else 'today' end as attributes_as_of
    from customer_attributes

),

segments_with_trend as (

    select
        *,
        cast(sum(above_total) over lately as double) / nullif(count(above_total) over lately, 0)
            as above_total_share,
        count(mean_score_change) over lately_changed as changes,
        cast(sum(cast(mean_score_change as decimal(38, 12))) over lately_changed as double)
            as change_sum,
        cast(sum(cast(abs(mean_score_change) as decimal(38, 12))) over lately_changed as double)
            as move_sum
    from segment_changes
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
        segments.segment_column,
        segments.segment,
        segments.score_model,
        segments.version,
        segments.period_end,

        -- size
        segments.customers,
        segments.scored_customers,
        segments.is_suppressed,

        -- score
        segments.mean_score,
        segments.mean_score_lower,
        segments.mean_score_upper,
        segments.median_score,
        segments.top_band_share,
        segments.bottom_band_share,
        segments.band_shares,

        -- activity and satisfaction
        segments.activities_per_customer,
        segments.answered_customers,
        segments.mean_satisfaction,

        -- change
        segments.mean_score_change,
        segments.within_change,
        segments.mix_change,
        segments.share_of_change,

        -- over time
        case when segments.mean_score is not null then segments.above_total_share end
            as above_total_share,
        case
            when segments.mean_score is not null
                then {{ trend_of_changes(
                    'segments.changes', 'segments.change_sum',
                    noise_of_sums('segments.changes', 'segments.move_sum')
                ) }}
        end as trend,
        period_events.external_events,

        -- how to read it
        segments.is_partial_period,
        attribute_history.attributes_as_of
    from segments_with_trend as segments
    left join period_events
        on segments.period_end = period_events.period_end
    cross join attribute_history

)

select * from final
