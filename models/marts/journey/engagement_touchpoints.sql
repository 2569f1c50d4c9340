{{ config(grants=marts_grants()) }}
{{ built_by_period(has_end=false) }}
{%- set cell_columns = quoted_segment_columns() + derived_segment_columns() -%}
{%- set least_customers = min_segment_size() -%}
with scores as (

    select * from {{ ref('int_engagement__score_trends') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end', has_end=false) }}
    {%- endif %}

),

period_segments as (

    select * from {{ ref('int_engagement__period_segments') }}

),

activity_sums as (

    select * from {{ ref('int_engagement__activity_sums') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights') }}

),

customers_with_segments as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.is_partial_period,
        scores.score,
        scores.change_1,
        {%- for column in quoted_segment_columns() %}
        period_segments.{{ column }},
        {%- endfor %}
        coalesce(scores.band, '(unknown)') as band,
        period_segments.purchase_segment,
        period_segments.lifecycle_stage,
        period_segments.satisfaction_quadrant
    from scores
    inner join period_segments
        on
            scores.customer_id = period_segments.customer_id
            and scores.period_end = period_segments.period_end

),

activity_by_customer as (

    select
        activity_sums.activity_type,
        activity_sums.points_each,
        activity_sums.daily_cap,
        activity_weights.points as own_points_each,
        activity_weights.daily_cap as own_daily_cap,
        activity_sums.interactions,
        activity_sums.points,
        coalesce(activity_types.touchpoint, '(unlisted)') as touchpoint,
        customers.period_end,
        customers.is_partial_period,
        customers.{{ cell_columns | join(',\n        customers.') }},
        customers.score,
        customers.change_1
    from activity_sums
    inner join customers_with_segments as customers
        on
            activity_sums.customer_id = customers.customer_id
            and activity_sums.period_end = customers.period_end
    left join activity_types
        on activity_sums.activity_type = activity_types.activity_type
    left join activity_weights
        on
            customers.score_model = activity_weights.score_model
            and customers.version = activity_weights.version
            and activity_sums.activity_type = activity_weights.activity_type

),

-- Customers are added up once, into the cells of all columns; segments are sums of few cells.
cells as (

    select
        touchpoint,
        activity_type,
        period_end,
        is_partial_period,
        {{ cell_columns | join(',\n        ') }},
        count(*) as customers,
        count(score) as scored_customers,
        count(change_1) as changed_customers,
        sum(interactions) as interactions,
        sum(points) as points,
        sum(cast(score as decimal(38, 16))) as score_sum,
        sum(cast(change_1 as decimal(38, 16))) as change_sum
    from activity_by_customer
    -- Weighted as in the score model that counts for the customer.
    where
        points_each is not distinct from own_points_each
        and daily_cap is not distinct from own_daily_cap
    group by
        touchpoint,
        activity_type,
        period_end,
        is_partial_period,
        {{ cell_columns | join(',\n        ') }}

),

cells_in_segments as (

    {{ in_segments('cells', segment_cuts()) | indent(4) }}

),

segment_sums as (

    select
        touchpoint,
        activity_type,
        segment_column,
        segment,
        period_end,
        is_partial_period,
        sum(customers) as customers,
        sum(scored_customers) as scored_customers,
        sum(changed_customers) as changed_customers,
        sum(interactions) as interactions,
        sum(points) as points,
        sum(score_sum) as score_sum,
        sum(change_sum) as change_sum
    from cells_in_segments
    group by
        touchpoint,
        activity_type,
        segment_column,
        segment,
        period_end,
        is_partial_period

),

segment_sums_with_size as (

    select
        *,
        segment_column != 'all'
        and scored_customers between 1 and {{ least_customers - 1 }} as is_suppressed,
        segment_column != 'all'
        and changed_customers between 1 and {{ least_customers - 1 }} as is_change_suppressed
    from segment_sums

),

final as (

    select
        -- ids
        touchpoint,
        activity_type,
        segment_column,
        segment,
        period_end,

        -- use
        cast(customers as {{ dbt.type_bigint() }}) as customers,
        cast(interactions as {{ dbt.type_bigint() }}) as interactions,
        cast(points as double) as points,

        -- score of the customers who used it
        cast(scored_customers as {{ dbt.type_bigint() }}) as scored_customers,
        is_suppressed,
        case
            when not is_suppressed
                then cast(score_sum as double) / nullif(cast(scored_customers as double), 0)
        end as mean_score,
        case
            when not is_suppressed and not is_change_suppressed
                then cast(change_sum as double) / nullif(cast(changed_customers as double), 0)
        end as mean_score_change,

        -- how to read it
        is_partial_period
    from segment_sums_with_size

)

select * from final
