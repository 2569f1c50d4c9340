{#
    What the configuration seeds may hold. The config_* models take their columns and types from
    here, and config_engagement__problems its rules about single columns; rules across columns stand there.

    key       the columns that name a row; unique together
    settings  the columns that belong to a version of a score model: once it is published, an edit
              of one stops the run (a column that is added here is an edit of every version)
    columns   name -> type       text (default), number, integer or date
                      required   the column must stand in the seed, and no value may be blank
                      default    what a blank value means, as SQL
                      accepted   the accepted values
                      at_least, at_most, above  bounds of a number
#}
{% macro config_seed_specs() %}
    {% set metrics = customer_engagement.metric_catalog() %}
    {% set attitudes = [] %}
    {% for metric, entry in metrics.items() if entry['attitude'] %}
        {% do attitudes.append(metric) %}
    {% endfor %}

    {{ return({
        'activity_types': {
            'key': ['activity_type'],
            'columns': {
                'activity_type': {'required': true},
                'touchpoint': {
                    'required': true,
                    'accepted': [
                        'web', 'app', 'email', 'social', 'support', 'purchase', 'offline',
                    ],
                },
                'role': {
                    'required': true,
                    'accepted': [
                        'engagement', 'exposure', 'conversion', 'purchase', 'refund', 'renewal',
                        'cancellation', 'referral', 'follow_up',
                    ],
                },
                'exposed_by': {},
                'journey_stage': {},
                'value_basis': {
                    'default': "'count'",
                    'accepted': ['count', 'duration_seconds', 'amount', 'quantity'],
                },
            },
        },
        'activity_weights': {
            'key': ['score_model', 'version', 'activity_type'],
            'settings': ['points', 'daily_cap', 'half_life_days'],
            'columns': {
                'score_model': {'required': true},
                'version': {'required': true},
                'activity_type': {'required': true},
                'points': {'type': 'number', 'required': true},
                'daily_cap': {'type': 'number', 'at_least': 0},
                'half_life_days': {'type': 'number', 'above': 0},
            },
        },
        'survey_types': {
            'key': ['survey_type'],
            'columns': {
                'survey_type': {'required': true},
                'metric': {'required': true, 'accepted': attitudes},
                'scale_min': {'type': 'number', 'required': true},
                'scale_max': {'type': 'number', 'required': true},
                'valid_days': {'type': 'integer', 'required': true, 'above': 0},
            },
        },
        'score_models': {
            'key': ['score_model', 'version'],
            'settings': [
                'valid_from', 'formula', 'aggregation', 'window_days', 'min_coverage',
                'segment_column', 'segment_value', 'priority',
            ],
            'columns': {
                'score_model': {'required': true},
                'version': {'required': true},
                'status': {
                    'required': true,
                    'accepted': ['champion', 'challenger', 'retired'],
                },
                'valid_from': {'type': 'date'},
                'formula': {
                    'required': true,
                    'accepted': ['index', 'weighted_sum', 'weighted_mean', 'metric_mean'],
                },
                'aggregation': {
                    'default': "'arithmetic'",
                    'accepted': ['arithmetic', 'geometric'],
                },
                'window_days': {'type': 'integer', 'required': true, 'above': 0},
                'min_coverage': {
                    'type': 'number', 'required': true, 'at_least': 0, 'at_most': 1,
                },
                'segment_column': {},
                'segment_value': {},
                'priority': {'type': 'integer', 'required': true},
            },
        },
        'score_metrics': {
            'key': ['score_model', 'version', 'metric'],
            'settings': ['dimension', 'weight', 'scaling', 'lower', 'goal', 'missing'],
            'columns': {
                'score_model': {'required': true},
                'version': {'required': true},
                'metric': {'required': true, 'accepted': metrics.keys() | list},
                'dimension': {
                    'required': true,
                    'accepted': ['behavioural', 'attitudinal', 'transactional', 'advocacy'],
                },
                'weight': {'type': 'number', 'required': true, 'at_least': 0},
                'scaling': {
                    'required': true,
                    'accepted': ['goal', 'log_goal', 'saturation', 'percentile'],
                },
                'lower': {
                    'type': 'number',
                    'default': customer_engagement.config_default_lower('metric_text'),
                },
                'goal': {'type': 'number'},
                'missing': {
                    'default': "'rescale'",
                    'accepted': ['rescale', 'zero', 'neutral', 'require'],
                },
            },
        },
        'score_bands': {
            'key': ['score_model', 'version', 'band'],
            'settings': ['lower_bound', 'settle_margin'],
            'columns': {
                'score_model': {'required': true},
                'version': {'required': true},
                'band': {'required': true},
                'lower_bound': {'type': 'number', 'required': true},
                'settle_margin': {'type': 'number', 'default': '0', 'at_least': 0},
                'action': {},
            },
        },
        'score_overrides': {
            'key': ['customer_id', 'score_model', 'valid_from'],
            'columns': {
                'customer_id': {'required': true},
                'score_model': {'required': true},
                'score': {'type': 'number', 'required': true},
                'reason': {'required': true},
                'author': {'required': true},
                'valid_from': {'type': 'date', 'required': true},
                'valid_to': {'type': 'date', 'required': true},
            },
        },
        'external_events': {
            'key': ['starts_on', 'kind', 'note'],
            'columns': {
                'starts_on': {'type': 'date', 'required': true},
                'ends_on': {'type': 'date', 'required': true},
                'kind': {'required': true},
                'note': {},
            },
        },
        'badge_rules': {
            'key': ['badge'],
            'columns': {
                'badge': {'required': true},
                'measure': {
                    'required': true,
                    'accepted': customer_engagement.known_badge_measures(),
                },
                'comparison': {'required': true, 'accepted': ['at_least', 'at_most']},
                'threshold': {'type': 'number', 'required': true},
                'description': {'required': true},
            },
        },
        'kpi_targets': {
            'key': ['kpi', 'segment_column', 'segment_value', 'period_grain', 'valid_from'],
            'columns': {
                'kpi': {'required': true},
                'segment_column': {'default': "'all'"},
                'segment_value': {'default': "'all'"},
                'period_grain': {
                    'default': "'any'", 'accepted': ['day', 'week', 'month', 'quarter'],
                },
                'valid_from': {'type': 'date', 'required': true},
                'target': {'type': 'number', 'required': true},
            },
        },
    }) }}
{% endmacro %}
