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
    {{ return([var('scoring_grain', 'week'), 'month', 'quarter'] | unique | list) }}
{%- endmacro %}

{# The KPI of kpi_catalog that a KPI belongs to: band_share of band_share:Low. #}
{% macro kpi_of_catalog(kpi) -%}
case when {{ kpi }} like 'band_share:%' then 'band_share' else {{ kpi }} end
{%- endmacro %}
