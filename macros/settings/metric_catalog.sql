{#
    The metrics that a score can weigh: the accepted list of metrics everywhere. Those of the package
    come first, then those that a project adds (custom_metrics).

    dimension      behavioural, attitudinal, transactional or advocacy
    direction      up: more is better; down: less is better
    default_lower  the value that is scored 0 when score_metrics leaves `lower` blank
    unit           per what; int_engagement__customer_metrics.yml has the definitions
    maximum        the largest goal that makes sense, none when it is open
    attitude       true for the metrics that a survey type may be mapped to
    scaling        what `make suggest` proposes: saturation for what has no upper end, so that the
                   best still differ, goal for what has one
    is_custom      true for the metrics that a project adds
#}
{% macro metric_catalog() %}
    {% set catalog = customer_engagement.shipped_metrics() %}
    {% do catalog.update(customer_engagement.custom_metrics()) %}
    {{ return(catalog) }}
{% endmacro %}

{# The metrics that the package makes itself. #}
{% macro shipped_metrics() %}
    {% set behavioural = {
        'interaction_frequency': {'unit': '1 / 30 d'},
        'active_days': {'unit': 'd / 30 d', 'maximum': 30, 'scaling': 'saturation'},
        'time_spent': {'unit': 'min / 30 d'},
        'recency_days': {'unit': 'd', 'direction': 'down', 'default_lower': 90, 'scaling': 'goal'},
        'interaction_depth': {'unit': 'types'},
        'session_depth': {'unit': '1 / session'},
        'conversion_rate': {'unit': '0..1', 'maximum': 1},
        'click_through_rate': {'unit': '0..1', 'maximum': 1},
        'social_engagement': {'unit': '1 / 30 d'},
        'decayed_points': {'unit': 'points'},
    } %}
    {% set attitudinal = {
        'csat': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'nps': {'unit': '0..10', 'maximum': 10, 'attitude': true},
        'loyalty': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'brand_perception': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'brand_affinity': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'purchase_intent': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'support_quality': {'unit': '0..1', 'maximum': 1, 'attitude': true},
        'sentiment': {'unit': '-1..1', 'maximum': 1, 'default_lower': -1},
    } %}
    {% set transactional = {
        'purchase_frequency': {'unit': '1 / 30 d'},
        'average_order_value': {'unit': 'currency'},
        'lifetime_value': {'unit': 'currency'},
        'repeat_purchase_rate': {'unit': '0..1', 'maximum': 1},
        'basket_size': {'unit': 'items'},
        'churn': {
            'unit': '0 or 1', 'maximum': 1, 'direction': 'down', 'default_lower': 1
        },
        'renewal_rate': {'unit': '0..1', 'maximum': 1},
    } %}
    {% set advocacy = {
        'advocacy': {'unit': '1 / 30 d'},
    } %}

    {% set catalog = {} %}
    {% for dimension, metrics in [
        ('behavioural', behavioural),
        ('attitudinal', attitudinal),
        ('transactional', transactional),
        ('advocacy', advocacy),
    ] %}
        {% for metric, given in metrics.items() %}
            {% do catalog.update({
                metric: {
                    'dimension': dimension,
                    'direction': given.get('direction', 'up'),
                    'default_lower': given.get('default_lower', 0),
                    'unit': given['unit'],
                    'maximum': given.get('maximum'),
                    'scaling': given.get('scaling', 'goal' if 'maximum' in given else 'saturation'),
                    'attitude': given.get('attitude', false),
                    'is_custom': false,
                },
            }) %}
        {% endfor %}
    {% endfor %}

    {{ return(catalog) }}
{% endmacro %}

{# The metric catalogue as rows. #}
{% macro metric_catalog_rows() -%}
    {%- for metric, facts in metric_catalog().items() %}
    select
        '{{ metric }}' as metric,
        '{{ facts.dimension }}' as dimension,
        '{{ facts.direction }}' as direction,
        '{{ facts.scaling }}' as scaling,
        {{ facts.default_lower }} as default_lower
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
