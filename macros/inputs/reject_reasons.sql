{# Every reason for which a row is set aside, in the order of the audit's columns. #}
{% macro reject_reasons() -%}
    {{ return([
        'missing_id', 'missing_customer_id', 'missing_activity_type', 'missing_survey_type',
        'missing_experiment_id', 'missing_variant', 'missing_time', 'missing_rating',
        'unreadable_time', 'unreadable_value', 'out_of_range', 'after_load', 'after_horizon', 'before_horizon',
        'negative_duration', 'automated', 'internal', 'erased', 'unlisted_activity_type', 'unknown_survey_type',
        'rating_out_of_scale', 'chained_identity',
    ]) }}
{%- endmacro %}

{# Reasons whose rows are only counted, because they are about people who must not be kept. #}
{% macro counted_only_reasons() -%}
    {{ return(['internal', 'erased']) }}
{%- endmacro %}

{# Whether a row may be kept: rows of people who must leave no trace are only counted. #}
{% macro is_kept(reject_reason) -%}
    coalesce({{ reject_reason }}, '') not in ('{{ counted_only_reasons() | join("', '") }}')
{%- endmacro %}
