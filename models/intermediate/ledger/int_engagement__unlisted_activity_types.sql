with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

counts as (

    select
        interactions.input_entry,
        interactions.activity_type,
        count(*) as interactions
    from interactions
    left join activity_types
        on interactions.activity_type = activity_types.activity_type
    where activity_types.activity_type is null
    group by
        interactions.input_entry,
        interactions.activity_type

)

select
    input_entry,
    activity_type,
    interactions,
    -- The row to paste into the seed, to be corrected by whoever knows the activity.
    {{ dbt.concat([csv_field('activity_type'), "',web,engagement,,,count'"]) }} as seed_row
from counts
