{#
    What raises an alert: the kinds with what they are about, and the numbers that they share.
#}

{#
    kind -> severity         critical, high, medium or low; of a silence only for who was engaged
            direction        1 or -1: what a component must have done to be its cause
            has_band_action  whether the band of the customer says what to do
            action           what to do, where the band does not say it
#}
{% macro alert_kinds() -%}
    {{ return({
        'stale_source': {
            'severity': 'critical',
            'action': 'See to the load of this source before you trust a fall of its customers',
        },
        'global_shift': {
            'severity': 'critical',
            'action': 'Look for one cause (season, outage, tracking, campaign) before anybody calls customers',
        },
        'not_followed_up': {
            'severity': 'high',
            'action': 'Answer today: nobody has followed up',
        },
        'engaged_unhappy': {
            'severity': 'high',
            'action': 'Ask what went wrong, before anything else is asked of them',
        },
        'drop': {
            'severity': 'high', 'direction': -1, 'has_band_action': true,
            'action': 'Ask what has changed',
        },
        'silence': {
            'severity': 'medium', 'direction': -1, 'has_band_action': true,
            'action': 'Ask how they are getting on',
        },
        'band_down': {
            'severity': 'medium', 'direction': -1, 'has_band_action': true,
            'action': 'Ask what has changed',
        },
        'gaming': {
            'severity': 'medium',
            'action': 'See whether a person did this; if not, mark it is_automated, or set a daily_cap',
        },
        'recovery': {
            'severity': 'low', 'direction': 1, 'has_band_action': true,
            'action': 'Welcome them back, and ask what brought them',
        },
        'rise': {
            'severity': 'low', 'direction': 1, 'has_band_action': true,
            'action': 'Find out what works for them',
        },
        'band_up': {
            'severity': 'low', 'direction': 1, 'has_band_action': true,
            'action': 'Find out what works for them',
        },
    }) }}
{%- endmacro %}

{# Periods that make about 30 days: over so many a score is compared, and so long a matter is one. #}
{% macro alert_horizon() -%}
    {{ return({'day': 28, 'week': 4, 'month': 1}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}

{# Periods that must have passed since a condition held, for it to raise another alert. #}
{% macro alert_cooldown() -%}
    {{ return(var('alert_cooldown_periods', customer_engagement.alert_horizon())) }}
{%- endmacro %}

{# The fewest and the most days of a period. #}
{% macro fewest_period_days() -%}
    {{ return({'day': 1, 'week': 7, 'month': 28}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}
{% macro most_period_days() -%}
    {{ return({'day': 1, 'week': 7, 'month': 31}[customer_engagement.scoring_grain()]) }}
{%- endmacro %}

{# Of so many customers whose score moved, the median says something of all. #}
{% macro fewest_in_a_shift() -%}
    {{ return(10) }}
{%- endmacro %}

{# Silent days from which on somebody with this usual gap is silent; NULL without a rhythm. #}
{% macro silent_from_days(usual_gap_days) -%}
    case when {{ usual_gap_days }} is not null then greatest(14, floor(3 * {{ usual_gap_days }}) + 1) end
{%- endmacro %}

{# A number in words: one decimal, or as many as it needs up to two. #}
{% macro in_words(number, decimals=1) -%}
    cast(cast({{ number }} as decimal(18, {{ decimals }})) as {{ dbt.type_string() }})
{%- endmacro %}
{% macro short_in_words(number) -%}
    regexp_replace({{ customer_engagement.in_words(number, 2) }}, '[.]?0+$', '')
{%- endmacro %}

{# What int_engagement__new_alerts hands on to engagement_alerts, in its order. #}
{% macro alert_columns() -%}
    {{ return([
        'company', 'alert_id', 'load_number', 'period_end', 'kind', 'subject_type', 'subject',
        'customer_id', 'score_model', 'version', 'owner', 'severity', 'size', 'alert_rank',
        'is_below_line', 'is_late', 'score', 'previous_score', 'band', 'previous_band', 'component',
        'reason', 'recommended_action',
    ]) }}
{%- endmacro %}
