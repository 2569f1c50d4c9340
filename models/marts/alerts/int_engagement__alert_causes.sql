with candidates as (

    select * from {{ ref('int_engagement__alert_candidates') }}
    where customer_id is not null

),

alert_kinds as (

    select * from {{ ref('int_engagement__alert_kinds') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_detailed

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

period_pairs as (

    select
        periods.period_end,
        earlier.period_end as earlier_period_end,
        row_number() over (
            partition by periods.period_index order by earlier.period_index
        ) as earlier_number
    from periods
    inner join periods as earlier
        on
            periods.period_index > earlier.period_index
            and periods.period_index <= earlier.period_index + {{ alert_horizon() }}

),

candidates_with_earlier_period as (

    select
        candidates.customer_id,
        candidates.score_model,
        candidates.version,
        candidates.kind,
        candidates.period_end,
        period_pairs.earlier_period_end,
        alert_kinds.direction
    from candidates
    inner join alert_kinds
        on candidates.kind = alert_kinds.kind
    inner join period_pairs
        on
            candidates.period_end = period_pairs.period_end
            and period_pairs.earlier_number = 1

),

components as (

    select
        candidates.customer_id,
        candidates.kind,
        candidates.period_end,
        now_lines.component,
        then_lines.value as earlier_value,
        now_lines.value,
        candidates.direction,
        now_lines.contribution - then_lines.contribution as points
    from candidates_with_earlier_period as candidates
    inner join contributions as now_lines
        on
            candidates.customer_id = now_lines.customer_id
            and candidates.score_model = now_lines.score_model
            and candidates.version = now_lines.version
            and candidates.period_end = now_lines.period_end
    inner join contributions as then_lines
        on
            now_lines.customer_id = then_lines.customer_id
            and now_lines.score_model = then_lines.score_model
            and now_lines.version = then_lines.version
            and now_lines.component = then_lines.component
            and candidates.earlier_period_end = then_lines.period_end

),

numbered_components as (

    select
        *,
        row_number() over (
            partition by customer_id, kind, period_end order by direction * points desc, component
        ) as component_number
    from components
    where direction * points > 0

),

-- An override has points and no value.
main_components as (

    select
        customer_id,
        kind,
        period_end,
        component,
        points,
        case when points > 0 then '+' else '' end as plus_sign,
        case
            when earlier_value is null and value is null then ''
            else
                {{ dbt.concat([
                    "coalesce(" ~ short_in_words('earlier_value') ~ ", 'none')", "' to '",
                    "coalesce(" ~ short_in_words('value') ~ ", 'none')", "' '",
                ]) }}
        end as values_in_words
    from numbered_components
    where component_number = 1

),

final as (

    select
        customer_id,
        kind,
        period_end,
        {{ dbt.concat([
            "component", "' '", "values_in_words", "'('", "plus_sign", in_words('points'), "')'",
        ]) }} as component
    from main_components

)

select * from final
