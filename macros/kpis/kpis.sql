{#
    The KPIs: one row each. A new KPI is a row here, its sums in the model that `sums` names, and a
    row of the seed kpi_catalog, which says what it is for.

    unit         of the value: 0..1 is a ratio
    direction    up: more is better; down: less is better
    basis        state: as of the last scored period_end of a month or quarter
                 flow: of all days of the period
    sums         what it is made from: states (int_engagement__kpi_states), flows
                 (int_engagement__kpi_flows), scores (int_engagement__segment_sums), or a model that
                 writes its rows itself: bands (int_engagement__kpi_states), follow_ups
                 (int_engagement__follow_up_sums)
    numerator, denominator, customers
                 columns of those sums; customers: those behind the value, as the denominator unless
                 it says otherwise
    scale        what numerator / denominator is multiplied by; none: the numerator alone
    point        a point of change: smaller moves are no trend
    near         how far a value may miss its target and still be near; near_share: as a share of
                 the target
    by_band      whether there is one by band, too: the band with which a customer entered the period
    by_grain     whether a week's value cannot be compared with a month's: a target names its grain

    `band_share` represents one KPI per band, named band_share:<band>. Fewer in the lowest band is
    better, more in the highest; for a band between them neither can be said.
#}
{% macro kpis() %}
    {% set score = {'unit': '0..100', 'direction': 'up', 'basis': 'state', 'point': 1, 'near': 2} %}
    {% set share = {'unit': '0..1', 'direction': 'up', 'basis': 'state', 'point': 0.01, 'near': 0.02} %}
    {% set counted = {'sums': 'scores', 'denominator': 'counted_customers'} %}
    {% set money = {
        'unit': 'currency', 'direction': 'up', 'basis': 'flow', 'point': 1, 'near_share': 0.05,
        'by_band': true, 'by_grain': true,
        'sums': 'flows', 'numerator': 'net_amount', 'denominator': 'customers',
    } %}
    {% set given = {
        'mean_score': dict(score, **dict(counted, numerator='counted_score_sum')),
        'share_good': dict(share, **dict(counted, numerator='counted_good_customers')),
        'band_share': dict(share, sums='bands'),
        'retention': dict(
            share, basis='flow', by_band=true, by_grain=true,
            sums='flows', numerator='came_back', denominator='were_active'
        ),
        'churn': dict(
            share, direction='down',
            sums='states', numerator='churn_sum', denominator='churn_customers'
        ),
        'repeat_buyers': dict(
            share, sums='states', numerator='repeat_buyers', denominator='buyers'
        ),
        'revenue': dict(money, scale=none),
        'revenue_per_customer': money,
        'response_rate': dict(
            share, basis='flow',
            sums='flows', numerator='answers', denominator='exposures',
            customers='exposed_customers'
        ),
        'followed_up_share': dict(share, basis='flow', near=0.05, sums='follow_ups'),
        'follow_up_days': {
            'unit': 'd', 'direction': 'down', 'basis': 'flow', 'point': 1, 'near': 1, 'scale': none,
            'sums': 'follow_ups',
        },
        'nps': dict(
            score, unit='-100..100', near=5, scale=100,
            sums='states', numerator='nps_sum', denominator='nps_customers'
        ),
        'csat': dict(share, sums='states', numerator='csat_sum', denominator='csat_customers'),
    } %}
    {% set defaults = {
        'scale': 1, 'near': none, 'near_share': none, 'by_band': false, 'by_grain': false,
        'numerator': none, 'denominator': none,
    } %}
    {% set kpis = {} %}
    {% for kpi, facts in given.items() %}
        {% set facts = dict(dict(defaults, customers=facts.denominator), **facts) %}
        {% do kpis.update({kpi: facts}) %}
    {% endfor %}
    {{ return(kpis) }}
{% endmacro %}

{# The names of the KPIs for which a fact has this value, quoted as SQL wants them. #}
{% macro quoted_kpis(fact, value=true) -%}
    {%- set names = [] -%}
    {%- for kpi, facts in customer_engagement.kpis().items() if facts[fact] == value -%}
        {%- do names.append("'" ~ kpi ~ "'") -%}
    {%- endfor -%}
    {{ return(names | join(', ')) }}
{%- endmacro %}

{# The facts of the KPIs that are made from these sums, by name. #}
{% macro kpis_of_sums(sums) -%}
    {%- set found = {} -%}
    {%- for kpi, facts in customer_engagement.kpis().items() if facts.sums == sums -%}
        {%- do found.update({kpi: facts}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The grains of KPIs: that of the scores, then months and quarters. #}
{% macro kpi_grains() -%}
    {{ return([customer_engagement.scoring_grain(), 'month', 'quarter'] | unique | list) }}
{%- endmacro %}

{# The KPI of kpi_catalog that a KPI belongs to: band_share of band_share:Low. #}
{% macro kpi_of_catalog(kpi) -%}
case when {{ kpi }} like 'band_share:%' then 'band_share' else {{ kpi }} end
{%- endmacro %}

{# Ways to cut the customers into segments for KPIs: the cuts by attributes, without derived ones. #}
{% macro kpi_cuts() -%}
    {%- set cuts = {} -%}
    {%- for name, columns in customer_engagement.segment_cuts().items() -%}
        {%- if columns | reject('in', customer_engagement.segment_columns()) | list | length == 0 -%}
            {%- do cuts.update({name: columns}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(cuts) }}
{%- endmacro %}

{# The last local day of the period of a grain in which a day falls. #}
{% macro grain_end(grain, day) -%}
    {%- if grain == customer_engagement.scoring_grain() -%}
        {{ customer_engagement.period_end(day) }}
    {%- else -%}
        cast({{ dbt.last_day(day, grain) }} as date)
    {%- endif -%}
{%- endmacro %}

{#
    Pre-hook of int_engagement__kpi_sums: it deletes the rows that this run computes again, and those
    that cover other days than those scored now.
#}
{% macro delete_rescored_kpis() -%}
    {%- if is_incremental() %}
    delete from {{ this }}
    where
        {{ customer_engagement.is_rescored_kpi('period_end') }}
        or looks_from < (
            select min(period_start) from {{ ref('int_engagement__scoring_periods') }} where is_scored
        )
        or looks_until != (
            select least(max(periods.period_end), {{ this.identifier }}.period_end)
            from {{ ref('int_engagement__scoring_periods') }} as periods
            where periods.is_scored
        )
    {%- endif -%}
{%- endmacro %}

{#
    Whether a KPI of a period is computed again. A month may end before the scoring period in which
    something changed and still contain its day; customers active in a period also count in the next.
#}
{% macro is_rescored_kpi(period_end) -%}
    {{ period_end }} >= (
            select min(period_start)
            from {{ ref('int_engagement__scoring_periods') }}
            where
                period_end >= (
                    select min(rescored_from) from {{ ref('int_engagement__rescored_customers') }}
                )
        )
{%- endmacro %}
