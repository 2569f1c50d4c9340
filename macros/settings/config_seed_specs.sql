{#
    What the configuration seeds may hold. The models in models/settings/read take their columns and
    types from here, and those in models/settings/problems their rules about single columns; they
    add the rules across columns, rows and seeds.

    key       the columns that name a row; unique together
    settings  the columns that belong to a version of a score model: once it is published, an edit
              of one stops the run (a column that is added here is an edit of every version)
    columns   name -> type       text (default), number, integer or date
                      required   the column must be in the seed, and no value may be blank
                      default    what a blank value means, as SQL
                      accepted   the accepted values
                      at_least, at_most, above  bounds of a number
                      smallest   a number is 0, or at least this far from 0

    The bounds leave room for everything that is computed with a setting: points times what a day
    may count in decimal(28, 12), ratios of weights in the sixteen decimals of exact_sum.
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
                'points': {
                    'type': 'number', 'required': true,
                    'at_least': -100000, 'at_most': 100000, 'smallest': '0.000001',
                },
                'daily_cap': {
                    'type': 'number', 'at_least': 0, 'at_most': 1000000000,
                    'smallest': '0.000001',
                },
                'half_life_days': {'type': 'number', 'at_least': '0.1', 'at_most': 3660},
            },
        },
        'survey_types': {
            'key': ['survey_type'],
            'columns': {
                'survey_type': {'required': true},
                'metric': {'required': true, 'accepted': attitudes},
                'scale_min': {
                    'type': 'number', 'required': true, 'at_least': -1000000, 'at_most': 1000000,
                },
                'scale_max': {
                    'type': 'number', 'required': true, 'at_least': -1000000, 'at_most': 1000000,
                },
                'valid_days': {
                    'type': 'integer', 'required': true, 'at_least': 1, 'at_most': 36600,
                },
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
                'window_days': {
                    'type': 'integer', 'required': true, 'at_least': 1, 'at_most': 3660,
                },
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
                'weight': {
                    'type': 'number', 'required': true, 'at_least': 0, 'at_most': 1000,
                    'smallest': '0.001',
                },
                'scaling': {
                    'required': true,
                    'accepted': ['goal', 'log_goal', 'saturation', 'percentile'],
                },
                'lower': {
                    'type': 'number',
                    'default': customer_engagement.config_default_lower('metric_text'),
                    'at_least': -1000000000, 'at_most': 1000000000,
                },
                'goal': {
                    'type': 'number', 'at_least': -1000000000, 'at_most': 1000000000,
                    'smallest': '0.000001',
                },
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
                'lower_bound': {
                    'type': 'number', 'required': true,
                    'at_least': -1000000000, 'at_most': 1000000000,
                },
                'settle_margin': {
                    'type': 'number', 'default': '0', 'at_least': 0, 'at_most': 1000000000,
                },
                'action': {},
            },
        },
        'score_overrides': {
            'key': ['customer_id', 'score_model', 'valid_from'],
            'columns': {
                'customer_id': {'required': true},
                'score_model': {'required': true},
                'score': {
                    'type': 'number', 'required': true,
                    'at_least': -1000000000, 'at_most': 1000000000,
                },
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
