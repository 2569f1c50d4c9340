{{ built_by_period() }}
{%- set horizon = alert_horizon() -%}
with conditions as (

    select * from {{ ref('int_engagement__conditions') }}

),

periods as (

    select * from {{ ref('int_engagement__alert_periods') }}

),

shifts as (

    select * from {{ ref('int_engagement__score_shifts') }}
    where is_global

),

outages as (

    select * from {{ ref('int_engagement__source_outages') }}
    where is_felt

),

recent_silences as (

    select * from {{ ref('int_engagement__recent_silences') }}

),

trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

-- Customers whose scores miss the interactions of a source that stopped.
outage_customers as (

    select distinct
        interactions.customer_id,
        outages.period_index
    from interactions
    inner join outages
        on
            interactions.input_entry = outages.input_entry
            and interactions.occurred_on <= outages.stopped_on
            and {{ days_between('interactions.occurred_on', 'outages.stopped_on') }}
            < outages.window_days

),

-- One alert per incident: the condition that explains the others raises it.
conditions_with_others as (

    select
        *,
        max(case when kind = 'drop' then 1 else 0 end) over lately as has_drop,
        max(case when kind = 'rise' then 1 else 0 end) over lately as has_rise,
        max(case when kind = 'not_followed_up' then 1 else 0 end) over this_period
            as has_waited
    from conditions
    window
        lately as (
            partition by subject_type, subject order by period_index
            range between {{ horizon }} preceding and current row
        ),
        this_period as (
            partition by subject_type, subject order by period_index
            range between current row and current row
        )

),

shifted_periods as (

    select distinct periods.period_index
    from periods
    inner join shifts
        on periods.period_index between shifts.period_index and shifts.period_index + {{ horizon }}

),

outage_periods as (

    select distinct period_index
    from outages

),

final as (

    select
        -- ids
        conditions.kind,
        conditions.subject_type,
        conditions.subject,
        conditions.customer_id,
        conditions.score_model,
        conditions.version,
        conditions.period_end,

        -- the alert that covers it
        case
            when
                conditions.kind in (
                    'drop', 'rise', 'band_down', 'band_up', 'silence', 'recovery'
                )
                and outage_customers.customer_id is not null
                then 'stale_source'
            when
                conditions.kind = 'global_shift' and outage_periods.period_index is not null
                then 'stale_source'
            when conditions.kind in ('drop', 'band_down') and conditions.is_silent then 'silence'
            when
                conditions.kind in ('rise', 'band_up') and recent_silences.customer_id is not null
                then 'recovery'
            when
                conditions.kind in ('band_down', 'band_up')
                and shifted_periods.period_index is not null
                then 'global_shift'
            when conditions.kind = 'band_down' and conditions.has_drop = 1 then 'drop'
            when conditions.kind = 'band_up' and conditions.has_rise = 1 then 'rise'
            when
                conditions.kind = 'engaged_unhappy' and conditions.has_waited = 1
                then 'not_followed_up'
        end as explained_by,

        -- what its sentence needs
        cast(conditions.score as double) as score,
        cast(case when conditions.is_comparable then trends_before.score end as double)
            as previous_score,
        conditions.band,
        coalesce(conditions.previous_band, trends_before.band) as previous_band,
        cast(conditions.shift as double) as shift,
        cast(conditions.size as double) as size,
        cast(conditions.measured as double) as measured,
        cast(conditions.usual as double) as usual,
        conditions.detail,
        conditions.happened_on
    from conditions_with_others as conditions
    left join outage_customers
        on
            conditions.customer_id = outage_customers.customer_id
            and conditions.period_index = outage_customers.period_index
    left join shifted_periods
        on conditions.period_index = shifted_periods.period_index
    left join outage_periods
        on conditions.period_index = outage_periods.period_index
    left join recent_silences
        on
            conditions.customer_id = recent_silences.customer_id
            and conditions.period_index = recent_silences.period_index
    left join trends as trends_before
        on
            conditions.customer_id = trends_before.customer_id
            and conditions.score_model = trends_before.score_model
            and conditions.version = trends_before.version
            and conditions.month_before_end = trends_before.period_end
    where conditions.is_rescored

)

select * from final
