{#
    The one list of the package's variables. checked_variables checks those with a kind; `checked_by`
    names the macro that checks the others.

    kind  whole (least to most), number (above 0, to most), score (0 to 100), flag or date
    A limit leaves room for what is computed with the variable: days are added to dates.
#}
{% macro known_variables() -%}
    {{ return({
        'engagement_inputs': {'checked_by': 'checked_engagement_inputs'},
        'segment_columns': {'checked_by': 'segment_columns'},
        'segment_pairs': {'checked_by': 'segment_pairs'},
        'min_segment_size': {'kind': 'whole', 'least': 1, 'most': 1000000000},
        'good_score': {'kind': 'score'},
        'engaged_score': {'kind': 'score'},
        'onboarding_days': {'kind': 'whole', 'least': 0, 'most': 36600},
        'scoring_grain': {'checked_by': 'scoring_grain'},
        'week_start': {'checked_by': 'week_start'},
        'reporting_timezone': {'checked_by': 'checked_variables'},
        'scoring_start': {'kind': 'date'},
        'scoring_end': {'kind': 'date'},
        'detail_periods': {'kind': 'whole', 'least': 1, 'most': 36600},
        'min_exposure_days': {'kind': 'whole', 'least': 0, 'most': 36600},
        'strict_activity_types': {'kind': 'flag'},
        'horizon_gap_days': {'kind': 'whole', 'least': 1, 'most': 36600},
        'custom_metrics': {'checked_by': 'custom_metrics'},
        'restate_published': {'kind': 'flag'},
        'journey_stages': {'checked_by': 'journey_stages'},
        'first_action_days': {'kind': 'whole', 'least': 1, 'most': 36600},
        'min_driver_customers': {'kind': 'whole', 'least': 2, 'most': 1000000000},
        'experiment_outcomes': {'checked_by': 'experiment_outcomes'},
        'experiment_control': {'checked_by': 'check_experiment_variables'},
        'experiment_shares': {'checked_by': 'check_experiment_variables'},
        'alert_budget': {'kind': 'whole', 'least': 1, 'most': 1000000000},
        'alert_cooldown_periods': {'kind': 'whole', 'least': 0, 'most': 36600},
        'alert_drop_points': {'kind': 'number', 'most': 1000000000},
        'alert_global_points': {'kind': 'number', 'most': 1000000000},
        'follow_up_days': {'kind': 'whole', 'least': 1, 'most': 36600},
        'gaming_daily_interactions': {'kind': 'whole', 'least': 2, 'most': 1000000000},
        'owner_column': {'checked_by': 'checked_variables'},
        'suggestion_customers': {'kind': 'whole', 'least': 100, 'most': 1000000000},
        'suggesting': {'kind': 'flag'},
        'rebuild_from': {'kind': 'date'},
        'rebuild_to': {'kind': 'date'},
        'rebuild_customer': {'checked_by': 'checked_variables'},
        'rebuild_customer_hash': {'checked_by': 'checked_variables'},
        'max_lost_rows': {'checked_by': 'max_lost_rows'},
        'marts_grants': {'checked_by': 'marts_grants'},
        'allow_personal_data': {'checked_by': 'check_personal_data_variables'},
        'engagement_semantic_layer': {'kind': 'flag'},
        'engagement_time_spine': {'kind': 'flag'},
    }) }}
{%- endmacro %}

{# Their names, of one kind if it is given. #}
{% macro variable_names(kind=none) -%}
    {%- set names = [] -%}
    {%- for name, facts in customer_engagement.known_variables().items()
        if kind is none or facts.get('kind') == kind -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
