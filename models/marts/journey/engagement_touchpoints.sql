{{ config(grants=marts_grants()) }}
{{ built_by_period(has_end=false) }}
{%- set cuts = segment_cuts() -%}
{%- set cell_columns = quoted_segment_columns() + derived_segment_columns() -%}
{%- set least_customers = min_segment_size() -%}
with scores as (

    select * from {{ ref('int_engagement__score_trends') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end', has_end=false) }}
    {%- endif %}

),

customer_states as (

    select * from {{ ref('int_engagement__customer_states') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end', has_end=false) }}
    {%- endif %}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

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

customers as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.is_partial_period,
        scores.score,
        scores.change_1,
        {%- for column in quoted_segment_columns() %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        coalesce(scores.band, '(unknown)') as band,
        customer_states.purchase_segment,
        customer_states.lifecycle_stage,
        coalesce(customer_states.satisfaction_quadrant, '(unknown)') as satisfaction_quadrant
    from scores
    inner join customer_states
        on
            scores.customer_id = customer_states.customer_id
            and scores.period_end = customer_states.period_end
    left join customer_attributes
        on
            scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'scores.period_end') }}

),

used as (

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
    inner join customers
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
    from used
    -- Weighed as the score model that counts for the customer does.
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

segmented as (

    {% for segment_column, columns in cuts.items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('cells', columns) }} as segment,
        cells.*
    from cells
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

summed as (

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
    from segmented
    group by
        touchpoint,
        activity_type,
        segment_column,
        segment,
        period_end,
        is_partial_period

),

judged as (

    select
        *,
        segment_column != 'all'
        and scored_customers between 1 and {{ least_customers - 1 }} as is_suppressed,
        segment_column != 'all'
        and changed_customers between 1 and {{ least_customers - 1 }} as is_change_suppressed
    from summed

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

        -- score of who used it
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
    from judged

)

select * from final
