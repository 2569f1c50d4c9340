{#
    The KPIs of engagement_kpis: the accepted list of them everywhere. kpi_catalog says what each is
    for.

    unit       of the value: 0..1 is a ratio
    direction  up: more is better; down: less is better
    basis      state: as it stood at the last scored period_end of a month or quarter
               flow: of all days of the period
    scale      what numerator / denominator is multiplied by; none: the numerator alone
    point      what counts as a point of change: less is no trend
    near       how far a value may miss its target and still be near, as SQL
    by_band    whether it is told by band too: the band with which a customer came into the period
    by_grain   whether a week's value cannot be held against a month's: a target names its grain

    `band_share` stands for one KPI per band, named band_share:<band>. Fewer in the lowest band is
    better, more in the highest; of a band between them neither can be said.
#}
{% macro kpis() %}
    {% set score = {'unit': '0..100', 'direction': 'up', 'basis': 'state', 'point': 1, 'near': '2'} %}
    {% set share = {'unit': '0..1', 'direction': 'up', 'basis': 'state', 'point': 0.01, 'near': '0.02'} %}
    {% set lost = dict(share, direction='down') %}
    {% set net = {
        'unit': 'currency', 'direction': 'up', 'basis': 'flow', 'point': 1,
        'near': '0.05 * abs(target)', 'by_band': true, 'by_grain': true,
    } %}
    {% set given = {
        'mean_score': score,
        'share_good': share,
        'band_share': share,
        'retention': dict(share, basis='flow', by_band=true, by_grain=true),
        'churn': lost,
        'repeat_buyers': share,
        'revenue': dict(net, scale=none),
        'revenue_per_customer': net,
        'response_rate': dict(share, basis='flow'),
        'followed_up_share': dict(share, basis='flow', near='0.05'),
        'follow_up_days': {
            'unit': 'd', 'direction': 'down', 'basis': 'flow', 'point': 1, 'near': '1', 'scale': none,
        },
        'nps': dict(score, unit='-100..100', near='5', scale=100),
        'csat': share,
    } %}
    {% set kpis = {} %}
    {% for kpi, facts in given.items() %}
        {% do kpis.update({
            kpi: {
                'unit': facts['unit'],
                'direction': facts['direction'],
                'basis': facts['basis'],
                'scale': facts.get('scale', 1),
                'point': facts['point'],
                'near': facts['near'],
                'by_band': facts.get('by_band', false),
                'by_grain': facts.get('by_grain', false),
            },
        }) %}
    {% endfor %}
    {{ return(kpis) }}
{% endmacro %}

{# The names of those of which a fact is as given, quoted as SQL wants them. #}
{% macro quoted_kpis(fact, value=true) -%}
    {%- set names = [] -%}
    {%- for kpi, facts in customer_engagement.kpis().items() if facts[fact] == value -%}
        {%- do names.append("'" ~ kpi ~ "'") -%}
    {%- endfor -%}
    {{ return(names | join(', ')) }}
{%- endmacro %}

{# The grains that KPIs are told in: that of the scores, then months and quarters. #}
{% macro kpi_grains() -%}
    {{ return([customer_engagement.scoring_grain(), 'month', 'quarter'] | unique | list) }}
{%- endmacro %}

{# The KPI of kpi_catalog that a KPI belongs to: band_share of band_share:Low. #}
{% macro kpi_of_catalog(kpi) -%}
case when {{ kpi }} like 'band_share:%' then 'band_share' else {{ kpi }} end
{%- endmacro %}

{# Ways to cut the customers into segments for KPIs: the cuts by attributes, without what is derived. #}
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
    The periods that KPIs are told for, one row per grain and period_end, over the CTE periods
    (int_engagement__scoring_periods): a select that needs at least one scored period_end within each.

    days_from, days_until  the days of it that are scored: what flows are added up over
    scored_period_end      the last scored period_end within: where its states stand
    entry_period_end       the one before it began: the band with which a customer came in
    looks_from             the first day that they look at: that of the period before
    is_partial             not all of its days are there, or not yet
#}
{% macro kpi_periods() -%}
select
    *,
    row_number() over (partition by period_grain order by period_end) as period_number,
    coalesce(
        lag(days_from) over (partition by period_grain order by period_end), days_from
    ) as looks_from,
    days_until as looks_until,
    lead(period_end) over (partition by period_grain order by period_end) as next_period_end
from (
    {%- for grain in customer_engagement.kpi_grains() %}
    {%- if grain == customer_engagement.scoring_grain() %}
    select
        '{{ grain }}' as period_grain,
        period_end,
        period_start as days_from,
        period_end as days_until,
        period_end as scored_period_end,
        lag(period_end) over (order by period_end) as entry_period_end,
        is_partial
    from periods
    where is_scored
    {%- else %}
    select
        '{{ grain }}' as period_grain,
        wholes.period_end,
        greatest(wholes.period_start, bounds.first_day) as days_from,
        least(wholes.period_end, bounds.last_day) as days_until,
        max(periods.period_end) as scored_period_end,
        max(periods.entry_period_end) as entry_period_end,
        wholes.period_start < bounds.first_day
        or wholes.period_start < bounds.data_first_day
        or wholes.period_end > coalesce(bounds.last_complete_day, bounds.first_day) as is_partial
    from (
        select distinct
            cast({{ dbt.date_trunc(grain, 'period_end') }} as date) as period_start,
            cast({{ dbt.last_day('period_end', grain) }} as date) as period_end
        from periods
        where is_scored
    ) as wholes
    cross join (
        select
            min(period_start) as first_day,
            max(period_end) as last_day,
            min(data_first_day) as data_first_day,
            max(case when not is_partial then period_end end) as last_complete_day
        from periods
        where is_scored
    ) as bounds
    inner join (
        select
            period_end,
            first_value(entry_period_end) over (
                partition by {{ customer_engagement.grain_end(grain, 'period_end') }}
                order by period_end
            ) as entry_period_end
        from (
            select
                period_end,
                lag(period_end) over (order by period_end) as entry_period_end
            from periods
            where is_scored
        ) as in_order
    ) as periods
        on periods.period_end between wholes.period_start and wholes.period_end
    group by
        wholes.period_start,
        wholes.period_end,
        bounds.first_day,
        bounds.last_day,
        bounds.data_first_day,
        bounds.last_complete_day
    {%- endif %}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
) as told
{%- endmacro %}

{#
    Pre-hook of int_engagement__kpi_sums: what a run computes again goes, and what looks at other days than
    those that are scored now.
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
    something changed, and yet hold its day; whoever was active in a period counts in the next, too.
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

{# The facts of the KPIs as rows; `near` stays with kpi_is_near. #}
{% macro kpi_rows() -%}
    {%- for kpi, facts in customer_engagement.kpis().items() %}
select
    '{{ kpi }}' as catalog_kpi,
    '{{ facts.unit }}' as unit,
    '{{ facts.direction }}' as direction,
    {{ facts.by_grain }} as is_by_grain,
    cast({{ facts.scale if facts.scale is not none else 'null' }} as double) as scale,
    cast({{ facts.point }} as double) as point
    {%- if not loop.last %}
union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# How far a value may miss the column `target` and still be near it. #}
{% macro kpi_margin(kpi) -%}
case {{ kpi }}
    {%- for name, facts in customer_engagement.kpis().items() %}
    when '{{ name }}' then {{ facts.near }}
    {%- endfor %}
end
{%- endmacro %}
