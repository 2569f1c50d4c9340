{%- set cuts = dict(kpi_cuts(), band=['band']) -%}
{%- set columns = quoted_segment_columns() -%}
with kpi_periods as (

    select * from {{ ref('int_engagement__rescored_kpi_periods') }}

),

scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

exposures as (

    select distinct exposed_by as activity_type
    from activity_types
    where exposed_by is not null

),

customer_days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        max(case when {{ is_engaged('activity_types') }} then 1 else 0 end) as is_active,
        sum(
            case
                when activity_types.role = 'refund' then -activity_days.absolute_amount
                when activity_types.role in ('purchase', 'renewal') then activity_days.amount
                else 0
            end
        ) as net_amount,
        sum(case when activity_types.exposed_by is null then 0 else activity_days.interactions end)
            as answers,
        sum(case when exposures.activity_type is null then 0 else activity_days.interactions end)
            as exposures
    from activity_days
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    left join exposures
        on activity_days.activity_type = exposures.activity_type
    where
        activity_days.occurred_on between (select min(kpi_periods.looks_from) from kpi_periods)
        and (select max(kpi_periods.looks_until) from kpi_periods)
    group by
        activity_days.customer_id,
        activity_days.occurred_on

),

customer_activity as (

    {% for each in kpi_grains() -%}
    select
        '{{ each }}' as period_grain,
        {{ grain_end(each, 'occurred_on') }} as period_end,
        customer_id,
        max(is_active) as is_active,
        sum(net_amount) as net_amount,
        sum(answers) as answers,
        sum(exposures) as exposures
    from customer_days
    group by
        {{ grain_end(each, 'occurred_on') }},
        customer_id
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- The band with which a customer entered the period: what follows cannot be its cause.
flow_customers as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        coalesce(scores.band, '(unknown)') as band,
        {%- for column in columns %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        coalesce(activity_before.is_active, 0) as was_active,
        coalesce(activity_before.is_active * activity.is_active, 0) as came_back,
        coalesce(activity.net_amount, 0) as net_amount,
        coalesce(activity.answers, 0) as answers,
        coalesce(activity.exposures, 0) as exposures
    from kpi_periods
    inner join customer_scope
        on kpi_periods.days_until >= customer_scope.in_scope_from
    left join customer_activity as activity
        on
            kpi_periods.period_grain = activity.period_grain
            and kpi_periods.period_end = activity.period_end
            and customer_scope.customer_id = activity.customer_id
    left join customer_activity as activity_before
        on
            kpi_periods.period_grain = activity_before.period_grain
            and kpi_periods.previous_period_end = activity_before.period_end
            and customer_scope.customer_id = activity_before.customer_id
    left join scores
        on
            kpi_periods.entry_period_end = scores.period_end
            and customer_scope.customer_id = scores.customer_id
    left join customer_attributes
        on
            customer_scope.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'kpi_periods.days_until') }}

),

flow_cells as (

    select
        period_grain,
        period_end,
        band,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        count(*) as customers,
        sum(was_active) as were_active,
        sum(came_back) as came_back,
        sum(net_amount) as net_amount,
        sum(answers) as answers,
        sum(exposures) as exposures,
        sum(case when exposures > 0 then 1 else 0 end) as exposed_customers
    from flow_customers
    group by
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        period_grain,
        period_end,
        band

),

segmented_flows as (

    {% for segment_column, cut in cuts.items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('flow_cells', cut) }} as segment,
        flow_cells.*
    from flow_cells
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

flow_sums as (

    select
        period_grain,
        segment_column,
        segment,
        period_end,
        sum(customers) as customers,
        sum(were_active) as were_active,
        sum(came_back) as came_back,
        sum(net_amount) as net_amount,
        sum(answers) as answers,
        sum(exposures) as exposures,
        sum(exposed_customers) as exposed_customers
    from segmented_flows
    group by
        period_grain,
        segment_column,
        segment,
        period_end

),

final as (

    {% for kpi, facts in kpis_of_sums('flows').items() -%}
    select
        '{{ kpi }}' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        {{ facts.numerator }} as numerator,
        {{ facts.denominator }} as denominator,
        {{ facts.customers }} as customers
    from flow_sums
    where
        {{ facts.denominator }} > 0
        {%- if not facts.by_band %}
        and segment_column != 'band'
        {%- endif %}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

)

select * from final
