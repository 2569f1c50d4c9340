{{ config(post_hook="{{ customer_engagement.raise_nothing_accepted() }}") }}
{{ depends_on('int_engagement__input_rows') }}
with cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}
    where reject_reason is null

),

days as (

    select
        occurred_on,
        sum(interactions) as interactions
    from cells
    group by occurred_on

),

running as (

    select
        occurred_on,
        lead(occurred_on) over (order by occurred_on) as next_occurred_on,
        sum(interactions) over (order by occurred_on) as interactions_so_far,
        sum(interactions) over () as all_interactions
    from days

),

-- A gap after a few stray early rows (1970 is a favourite) is not the end of the data: most rows
-- must lie before it.
ends as (

    select min(occurred_on) as horizon
    from running
    where
        next_occurred_on > {{ add_days('occurred_on', var('horizon_gap_days', 31)) }}
        and 2 * interactions_so_far >= all_interactions

),

-- And the strays themselves begin no century of periods: a year apart, a hundredth of the rows.
starts as (

    select max(next_occurred_on) as first_day
    from running
    where
        next_occurred_on > {{ add_days('occurred_on', 366) }}
        and 100 * interactions_so_far <= all_interactions

),

final as (

    select
        coalesce(max(starts.first_day), min(running.occurred_on)) as first_day,
        max(
            case
                when ends.horizon is null or running.occurred_on <= ends.horizon
                    then running.occurred_on
            end
        ) as last_day
    from running
    cross join ends
    cross join starts

)

select * from final
where first_day is not null
