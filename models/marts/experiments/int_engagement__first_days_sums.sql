{%- set judged_after = first_days_judged_after() -%}
with score_models as (

    select * from {{ ref('int_engagement__latest_score_models') }}

),

scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion and score is not null

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

activity_starts as (

    select * from {{ ref('int_engagement__customer_activity_starts') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where is_engaged

),

data_starts as (

    select distinct data_first_day from score_models

),

-- A customer first seen when the data begin may have come before that, unless they signed up then.
entries as (

    select
        customer_scope.customer_id,
        customer_scope.in_scope_from,
        {{ period_end(add_days('customer_scope.in_scope_from', judged_after)) }} as period_end
    from customer_scope
    cross join data_starts
    where
        customer_scope.in_scope_from >= data_starts.data_first_day
        and (
            customer_scope.signed_up_on = customer_scope.in_scope_from
            or {{ days_between('data_starts.data_first_day', 'customer_scope.in_scope_from') }}
            >= {{ judged_after }}
        )

),

-- Scores of the version in force now alone: other versions measure otherwise.
newcomers as (

    select
        entries.customer_id,
        entries.in_scope_from,
        scores.score_model,
        scores.period_end,
        scores.score
    from entries
    inner join scores
        on
            entries.customer_id = scores.customer_id
            and entries.period_end = scores.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version

),

newcomer_segments as (

    select
        {{- known_segments('customer_attributes') }}
        newcomers.customer_id
    from newcomers
    left join customer_attributes
        on
            newcomers.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'newcomers.period_end') }}

),

customers_in_segments as (

    {{ in_segments('newcomer_segments', attribute_cuts(), ['customer_id']) | indent(4) }}

),

newcomers_in_segments as (

    select
        customers_in_segments.segment_column,
        customers_in_segments.segment,
        newcomers.customer_id,
        newcomers.score_model,
        newcomers.score
    from customers_in_segments
    inner join newcomers
        on customers_in_segments.customer_id = newcomers.customer_id

),

first_actions as (

    select
        newcomers.customer_id,
        activity_starts.activity_type
    from newcomers
    inner join activity_starts
        on
            newcomers.customer_id = activity_starts.customer_id
            and {{ days_between('newcomers.in_scope_from', 'activity_starts.first_on') }}
            < {{ var('first_action_days', 14) }}
    inner join activity_types
        on activity_starts.activity_type = activity_types.activity_type

),

newcomer_sums as (

    select
        segment_column,
        segment,
        score_model,
        count(*) as customers,
        sum(cast(score as decimal(38, 16))) as total,
        {{ exact_square_sum('score') }} as squares
    from newcomers_in_segments
    group by
        segment_column,
        segment,
        score_model

),

action_sums as (

    select
        newcomers_in_segments.segment_column,
        newcomers_in_segments.segment,
        newcomers_in_segments.score_model,
        first_actions.activity_type,
        count(*) as customers,
        sum(cast(newcomers_in_segments.score as decimal(38, 16))) as total,
        {{ exact_square_sum('newcomers_in_segments.score') }} as squares
    from newcomers_in_segments
    inner join first_actions
        on newcomers_in_segments.customer_id = first_actions.customer_id
    group by
        newcomers_in_segments.segment_column,
        newcomers_in_segments.segment,
        newcomers_in_segments.score_model,
        first_actions.activity_type

),

actions as (

    select distinct activity_type
    from first_actions

),

-- Newcomers who did not do it are all but those who did.
first_days_sums as (

    select
        newcomer_sums.segment_column,
        newcomer_sums.segment,
        newcomer_sums.score_model,
        actions.activity_type,
        newcomer_sums.customers as group_customers,
        coalesce(action_sums.customers, 0) as customers,
        newcomer_sums.customers - coalesce(action_sums.customers, 0) as other_customers,
        cast(coalesce(action_sums.total, 0) as double) as total,
        cast(newcomer_sums.total - coalesce(action_sums.total, 0) as double) as other_total,
        cast(coalesce(action_sums.squares, 0) as double) as squares,
        cast(newcomer_sums.squares - coalesce(action_sums.squares, 0) as double) as other_squares
    from newcomer_sums
    cross join actions
    left join action_sums
        on
            newcomer_sums.segment_column = action_sums.segment_column
            and newcomer_sums.segment = action_sums.segment
            and newcomer_sums.score_model = action_sums.score_model
            and actions.activity_type = action_sums.activity_type

),

final as (

    select
        -- ids
        score_model,
        segment_column,
        segment,
        activity_type,

        -- newcomers who did it, and those who did not
        group_customers,
        customers,
        other_customers,
        total / nullif(customers, 0) as mean_value,
        other_total / nullif(other_customers, 0) as other_mean_value,
        {{ variance_of_sums('customers', 'total', 'squares') }} as value_variance,
        {{ variance_of_sums('other_customers', 'other_total', 'other_squares') }}
            as other_value_variance
    from first_days_sums

)

select * from final
