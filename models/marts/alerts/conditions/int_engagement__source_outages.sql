{%- set felt_after_days = (alert_horizon() + 1) * most_period_days() -%}
with interaction_cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}
    where reject_reason is null

),

periods as (

    select * from {{ ref('int_engagement__alert_periods') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored

),

longest_window as (

    select max(window_periods) * {{ most_period_days() }} as window_days
    from score_models

),

source_days as (

    select distinct
        input_entry,
        occurred_on
    from interaction_cells

),

source_days_with_rhythm as (

    select
        input_entry,
        occurred_on as stopped_on,
        lead(occurred_on) over so_far as resumed_on,
        count(*) over so_far as event_days,
        cast(
            {{ days_between('min(occurred_on) over so_far', 'occurred_on') }}
            as double
        ) / nullif(count(*) over so_far - 1, 0) as usual_gap_days
    from source_days
    window so_far as (partition by input_entry order by occurred_on)

),

-- Six times longer than usual, and at least a week.
possible_outages as (

    select
        *,
        greatest(7, 6 * usual_gap_days) as stale_from_days
    from source_days_with_rhythm
    where event_days >= 10

),

outages as (

    select possible_outages.*
    from possible_outages
    where
        exists (
            select 1
            from periods
            where
                possible_outages.stopped_on < periods.period_end
                and (
                    possible_outages.resumed_on is null
                    or possible_outages.resumed_on > periods.period_end
                )
                and {{ days_between('possible_outages.stopped_on', 'periods.period_end') }}
                >= possible_outages.stale_from_days
        )

),

outage_periods as (

    select
        outages.input_entry,
        outages.stopped_on,
        outages.usual_gap_days,
        longest_window.window_days,
        periods.period_index,
        periods.period_end,
        periods.first_data_index,
        periods.is_rescored,
        {{ days_between('outages.stopped_on', 'periods.period_end') }}
            as silent_days,
        (outages.resumed_on is null or outages.resumed_on > periods.period_end)
        and {{ days_between('outages.stopped_on', 'periods.period_end') }}
        >= outages.stale_from_days as is_stale,
        coalesce(
            {{ days_between('outages.stopped_on', 'periods.period_end') }}
            <= longest_window.window_days
            and (
                outages.resumed_on is null
                or {{ days_between('outages.resumed_on', 'periods.period_end') }}
                <= {{ felt_after_days }}
            ),
            false
        ) as is_felt
    from outages
    inner join periods
        on outages.stopped_on < periods.period_end
    cross join longest_window

),

final as (

    select * from outage_periods
    where is_stale or is_felt

)

select * from final
