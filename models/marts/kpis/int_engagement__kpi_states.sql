{%- set grain = scoring_grain() -%}
{%- set cuts = kpi_cuts() -%}
{%- set columns = quoted_segment_columns() -%}
with kpi_periods as (

    select * from {{ ref('int_engagement__rescored_kpi_periods') }}
    where period_grain = '{{ grain }}'

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

state_customers as (

    select
        kpi_periods.period_end,
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
    from kpi_periods
    inner join scores
        on kpi_periods.period_end = scores.period_end
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
        sum(case when nps >= 9 then 1 when {{ is_detractor('nps') }} then -1 else 0 end) as nps_sum,
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

final as (

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
    where state_sums.banded_customers > 0
    {%- for kpi, facts in kpis_of_sums('states').items() %}

    union all

    select
        '{{ kpi }}' as kpi,
        '{{ grain }}' as period_grain,
        segment_column,
        segment,
        period_end,
        {{ facts.numerator }} as numerator,
        {{ facts.denominator }} as denominator,
        {{ facts.customers }} as customers
    from state_sums
    where {{ facts.denominator }} > 0
    {%- endfor %}

)

select * from final
