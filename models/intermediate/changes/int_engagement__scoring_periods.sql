{{ config(post_hook="{{ customer_engagement.raise_nothing_to_score() }}") }}
{%- set scoring_start = var('scoring_start', none) -%}
{%- set scoring_end = var('scoring_end', none) -%}
{%- set scored_from = "cast('" ~ scoring_start ~ "' as date)" if scoring_start else 'first_day' -%}
{%- set scored_to = (
    "cast('" ~ scoring_end ~ "' as date)" if scoring_end
    else 'coalesce(last_complete_period_end, last_period_end)'
) -%}
with data_horizon as (

    select
        *,
        {% if scoring_start -%}
        least(first_day, cast('{{ scoring_start }}' as date))
        {%- else -%}
        first_day
        {%- endif %} as calendar_start,
        {% if scoring_end -%}
        greatest(last_day, cast('{{ scoring_end }}' as date))
        {%- else -%}
        last_day
        {%- endif %} as calendar_end
    from {{ ref('int_engagement__data_horizon') }}

),

days as (

    {{ date_series('calendar_start', 'calendar_end', 'data_horizon') }}

),

periods as (

    select distinct
        {{ period_start('day') }} as period_start,
        {{ period_end('day') }} as period_end
    from days

),

judged as (

    select
        periods.period_start,
        periods.period_end,
        data_horizon.first_day,
        data_horizon.last_day,
        -- A period is complete once an event falls after it.
        periods.period_end >= data_horizon.last_day as is_partial,
        max(
            case
                when
                    periods.period_end >= data_horizon.first_day
                    and periods.period_end < data_horizon.last_day
                    then periods.period_end
            end
        ) over () as last_complete_period_end,
        max(periods.period_end) over () as last_period_end
    from periods
    cross join data_horizon

),

bounded as (

    select
        period_start,
        period_end,
        first_day,
        is_partial,
        {% if is_suggesting() -%}
        row_number() over (order by period_end desc)
        in ({{ suggestion_periods() | join(', ') }})
        {%- else -%}
        period_end >= {{ scored_from }}
        {%- endif %} as is_scored
    from judged
    where period_end <= {{ scored_to }}

),

final as (

    select
        cast(row_number() over (order by period_end) as integer) as period_index,
        period_start,
        period_end,
        first_day as data_first_day,
        is_partial,
        is_scored,
        row_number() over (order by period_end desc) = 1 as is_latest,
        is_scored and row_number() over (order by period_end desc) <= {{ var('detail_periods', 4) }}
            as is_detailed,
        -- `make suggest` explains no change, and scores periods far apart.
        {% if is_suggesting() -%}
        cast(null as date)
        {%- else -%}
        case
            when
                lag(is_scored) over (order by period_end)
                and row_number() over (order by period_end desc)
                <= {{ var('detail_periods', 4) }}
                then lag(period_end) over (order by period_end)
        end
        {%- endif %} as previous_period_end
    from bounded

)

select * from final
