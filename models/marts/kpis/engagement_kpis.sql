{{ config(grants=marts_grants()) }}
with kpi_values as (

    select * from {{ ref('int_engagement__kpi_values') }}

),

kpi_events as (

    select * from {{ ref('int_engagement__kpi_events') }}

),

kpi_periods as (

    select * from {{ ref('int_engagement__kpi_periods') }}

),

targets as (

    select * from {{ ref('config_engagement__kpi_targets') }}

),

comparable_values as (

    select
        *,
        case when not is_suppressed and not is_incomparable then value end as whole_value
    from kpi_values

),

value_changes as (

    select
        *,
        whole_value - max(whole_value) over (
            partition by kpi, period_grain, segment_column, segment, measured_by
            order by period_number
            range between 1 preceding and 1 preceding
        ) as value_change
    from comparable_values

),

-- Decimals: sums must repeat to the last digit.
value_change_sums as (

    select
        *,
        count(value_change) over lately as changes,
        cast(
            sum(
                cast(value_change as decimal(38, 9))
                * case direction when 'up' then 1 when 'down' then -1 end
            ) over lately as double
        ) as good_change_sum,
        cast(sum(abs(cast(value_change as decimal(38, 9)))) over lately as double) as move_sum
    from value_changes
    window lately as (
        partition by kpi, period_grain, segment_column, segment, measured_by
        order by period_number
        range between {{ trend_periods() - 1 }} preceding and current row
    )

),

values_with_noise as (

    select
        *,
        {{ noise_of_sums('changes', 'move_sum') }} as noise
    from value_change_sums

),

-- A target for the grain goes before one for all grains.
targets_in_force as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        targets.kpi,
        targets.segment_column,
        targets.segment_value,
        targets.target,
        row_number() over (
            partition by
                kpi_periods.period_grain,
                kpi_periods.period_end,
                targets.kpi,
                targets.segment_column,
                targets.segment_value
            order by case when targets.period_grain = 'any' then 2 else 1 end
        ) as choice
    from kpi_periods
    inner join targets
        on
            targets.period_grain in (kpi_periods.period_grain, 'any')
            and {{ is_in_force('targets', 'kpi_periods.period_end') }}

),

values_with_target as (

    select
        kpi_values.*,
        targets_in_force.target,
        case kpi_values.direction
            when 'up' then targets_in_force.target - kpi_values.whole_value
            when 'down' then kpi_values.whole_value - targets_in_force.target
        end as shortfall,
        coalesce(kpi_values.near_points, kpi_values.near_share * abs(targets_in_force.target))
            as margin,
        -- Half or more of the answers wait.
        kpi_values.kpi = 'follow_up_days'
        and kpi_values.value is null
        and not kpi_values.is_suppressed as is_open
    from values_with_noise as kpi_values
    left join targets_in_force
        on
            kpi_values.kpi = targets_in_force.kpi
            and kpi_values.segment_column = targets_in_force.segment_column
            and kpi_values.segment = targets_in_force.segment_value
            and kpi_values.period_grain = targets_in_force.period_grain
            and kpi_values.period_end = targets_in_force.period_end
            and targets_in_force.choice = 1

),

final as (

    select
        -- ids
        kpi_values.kpi,
        kpi_values.period_grain,
        kpi_values.segment_column,
        kpi_values.segment,
        kpi_values.period_end,

        -- value
        case when not kpi_values.is_suppressed then kpi_values.value end as value,
        kpi_values.unit,
        case when not kpi_values.is_suppressed then kpi_values.numerator end as numerator,
        case
            when not kpi_values.is_suppressed
                then cast(kpi_values.denominator as {{ dbt.type_bigint() }})
        end as denominator,

        -- target
        kpi_values.target,
        case
            when kpi_values.target is null then 'no_target'
            when kpi_values.is_open then 'off_target'
            when kpi_values.shortfall <= 0 then 'on_target'
            when kpi_values.shortfall <= kpi_values.margin then 'near'
            when kpi_values.shortfall > kpi_values.margin then 'off_target'
        end as status,
        kpi_values.direction as good_direction,

        -- change
        kpi_values.value_change,
        case
            when kpi_values.whole_value is not null and kpi_values.direction is not null
                then {{ trend_of_changes(
                    'kpi_values.changes', 'kpi_values.good_change_sum', 'kpi_values.noise',
                    'kpi_values.point'
                ) | indent(16) }}
        end as trend,
        kpi_events.external_events,

        -- how to read it
        kpi_values.scored_period_end,
        kpi_values.is_partial,
        kpi_values.is_suppressed
    from values_with_target as kpi_values
    left join kpi_events
        on
            kpi_values.period_grain = kpi_events.period_grain
            and kpi_values.period_end = kpi_events.period_end

)

select * from final
