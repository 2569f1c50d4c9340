{{ config(
    materialized='incremental',
    pre_hook=['{{ require_everything() }}', '{{ delete_rescored_kpis() }}'],
) }}
{{ depends_on('int_engagement__rescored_customers') }}
{%- set grain = scoring_grain() -%}
{%- set cuts = kpi_cuts() -%}
{%- set columns = quoted_segment_columns() -%}
with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

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

kpi_periods as (

    {{ kpi_periods() | indent(4) }}

),

-- The periods that this run computes.
told as (

    select kpi_periods.*
    from kpi_periods
    {%- if is_incremental() %}
    where
        {{ is_rescored_kpi('period_end') }}
        or not exists (
            select 1
            from {{ this }} as known_sums
            where
                known_sums.period_grain = kpi_periods.period_grain
                and known_sums.period_end = kpi_periods.period_end
        )
    {%- endif %}

),

-- States: what stands at the end of a scored period.
state_customers as (

    select
        told.period_end,
        scores.score_model,
        scores.version,
        scores.score,
        scores.band,
        customer_metrics.nps,
        cast(customer_metrics.csat as decimal(38, 12)) as csat,
        customer_metrics.churn,
        {%- for column in columns %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        -- A rate of orders is a count again by the days that it was made with.
        round(customer_metrics.purchase_frequency * customer_metrics.exposed_days / 30) as orders
    from told
    inner join scores
        on told.period_end = scores.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join customer_metrics
        on
            scores.customer_id = customer_metrics.customer_id
            and scores.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods
    left join customer_attributes
        on
            scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'scores.period_end') }}
    where told.period_grain = '{{ grain }}'

),

state_cells as (

    select
        period_end,
        band,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        count(band) as banded_customers,
        count(nps) as nps_customers,
        sum(case when nps >= 9 then 1 when nps <= 6 then -1 else 0 end) as nps_sum,
        count(csat) as csat_customers,
        sum(csat) as csat_sum,
        count(churn) as churn_customers,
        sum(churn) as churn_sum,
        sum(case when orders >= 1 then 1 else 0 end) as buyers,
        sum(case when orders >= 2 then 1 else 0 end) as repeat_buyers
    from state_customers
    group by
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        period_end,
        band

),

segmented_states as (

    {% for segment_column, cut in cuts.items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('state_cells', cut) }} as segment,
        state_cells.*
    from state_cells
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

state_sums as (

    select
        segment_column,
        segment,
        period_end,
        sum(banded_customers) as banded_customers,
        sum(nps_customers) as nps_customers,
        sum(nps_sum) as nps_sum,
        sum(csat_customers) as csat_customers,
        sum(csat_sum) as csat_sum,
        sum(churn_customers) as churn_customers,
        sum(churn_sum) as churn_sum,
        sum(buyers) as buyers,
        sum(repeat_buyers) as repeat_buyers
    from segmented_states
    group by
        segment_column,
        segment,
        period_end

),

customers_by_band as (

    select
        segment_column,
        segment,
        period_end,
        band,
        sum(banded_customers) as customers
    from segmented_states
    group by
        segment_column,
        segment,
        period_end,
        band

),

-- Every band in use has a share, 0 included.
bands_in_use as (

    select distinct
        state_customers.period_end,
        score_bands.band
    from state_customers
    inner join score_bands
        on
            state_customers.score_model = score_bands.score_model
            and state_customers.version = score_bands.version

),

-- Flows: what happened on the days of a period.
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
        activity_days.occurred_on between (select min(told.looks_from) from told)
        and (select max(told.looks_until) from told)
    group by
        activity_days.customer_id,
        activity_days.occurred_on

),

activity as (

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

-- Of each customer in a period: what happened in it, and whether there was activity before it.
gathered as (

    select
        period_grain,
        period_end,
        customer_id,
        0 as was_active,
        is_active,
        net_amount,
        answers,
        exposures
    from activity

    union all

    select
        activity.period_grain,
        kpi_periods.next_period_end as period_end,
        activity.customer_id,
        1 as was_active,
        0 as is_active,
        0 as net_amount,
        0 as answers,
        0 as exposures
    from activity
    inner join kpi_periods
        on
            activity.period_grain = kpi_periods.period_grain
            and activity.period_end = kpi_periods.period_end
    where activity.is_active = 1

),

flows as (

    select
        period_grain,
        period_end,
        customer_id,
        max(was_active) as was_active,
        max(is_active) as is_active,
        sum(net_amount) as net_amount,
        sum(answers) as answers,
        sum(exposures) as exposures
    from gathered
    group by
        period_grain,
        period_end,
        customer_id

),

-- Bands are those with which customers came into the period: what follows cannot be their cause.
flow_customers as (

    select
        told.period_grain,
        told.period_end,
        coalesce(scores.band, '(unknown)') as band,
        {%- for column in columns %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        coalesce(flows.was_active, 0) as was_active,
        coalesce(flows.was_active * flows.is_active, 0) as came_back,
        coalesce(flows.net_amount, 0) as net_amount,
        coalesce(flows.answers, 0) as answers,
        coalesce(flows.exposures, 0) as exposures
    from told
    inner join customer_scope
        on told.days_until >= customer_scope.in_scope_from
    left join flows
        on
            told.period_grain = flows.period_grain
            and told.period_end = flows.period_end
            and customer_scope.customer_id = flows.customer_id
    left join scores
        on
            told.entry_period_end = scores.period_end
            and customer_scope.customer_id = scores.customer_id
    left join customer_attributes
        on
            customer_scope.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'told.days_until') }}

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

    union all

    {% endfor -%}
    select
        'band' as segment_column,
        band as segment,
        flow_cells.*
    from flow_cells

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

unpivoted as (

    select
        'band_share:' || bands_in_use.band as kpi,
        '{{ grain }}' as period_grain,
        state_sums.segment_column,
        state_sums.segment,
        state_sums.period_end,
        coalesce(customers_by_band.customers, 0) as numerator,
        state_sums.banded_customers as denominator,
        state_sums.banded_customers as customers
    from state_sums
    inner join bands_in_use
        on state_sums.period_end = bands_in_use.period_end
    left join customers_by_band
        on
            state_sums.segment_column = customers_by_band.segment_column
            and state_sums.segment = customers_by_band.segment
            and state_sums.period_end = customers_by_band.period_end
            and bands_in_use.band = customers_by_band.band
    {% for kpi, numerator, denominator in [
        ('nps', 'nps_sum', 'nps_customers'),
        ('csat', 'csat_sum', 'csat_customers'),
        ('churn', 'churn_sum', 'churn_customers'),
        ('repeat_buyers', 'repeat_buyers', 'buyers'),
    ] %}
    union all

    select
        '{{ kpi }}' as kpi,
        '{{ grain }}' as period_grain,
        segment_column,
        segment,
        period_end,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator,
        {{ denominator }} as customers
    from state_sums
    {% endfor %}
    {%- for kpi, numerator, denominator, customers in [
        ('retention', 'came_back', 'were_active', 'were_active'),
        ('revenue', 'net_amount', 'customers', 'customers'),
        ('revenue_per_customer', 'net_amount', 'customers', 'customers'),
        ('response_rate', 'answers', 'exposures', 'exposed_customers'),
    ] %}
    union all

    select
        '{{ kpi }}' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator,
        {{ customers }} as customers
    from flow_sums
    {%- if not kpis()[kpi]['by_band'] %}
    where segment_column != 'band'
    {%- endif %}
    {% endfor %}
),

final as (

    select
        unpivoted.kpi,
        unpivoted.period_grain,
        unpivoted.segment_column,
        unpivoted.segment,
        unpivoted.period_end,
        cast(unpivoted.numerator as decimal(38, 12)) as numerator,
        cast(unpivoted.denominator as {{ dbt.type_bigint() }}) as denominator,
        cast(unpivoted.customers as {{ dbt.type_bigint() }}) as customers,
        told.looks_from,
        told.looks_until
    from unpivoted
    inner join told
        on
            unpivoted.period_grain = told.period_grain
            and unpivoted.period_end = told.period_end
    where unpivoted.denominator > 0

)

select * from final
