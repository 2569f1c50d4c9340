{#
    `dbt run-operation drop_renamed_tables`: version 0.1 named its models without `engagement__`, and
    left those tables and views behind. Lists them; with --args '{dry_run: false}' drops them.

    Looks where the models of the same layer (config, int, scoring, stg) are built today. Never lists
    what belongs to a model, seed or snapshot of the graph: a project may have a stg_customers of its
    own.
#}
{% macro drop_renamed_tables(dry_run=true) -%}
    {%- if execute -%}
        {%- if dry_run is not boolean -%}
            {%- do exceptions.raise_compiler_error(
                "drop_renamed_tables: dry_run is " ~ dry_run ~ '. It must be true or false.'
            ) -%}
        {%- endif -%}
        {%- set found = customer_engagement.renamed_relations() -%}
        {%- for relation in found -%}
            {%- if not dry_run -%}
                {%- do adapter.drop_relation(relation) -%}
            {%- endif -%}
            {%- do print(('would drop ' if dry_run else 'dropped ') ~ relation) -%}
        {%- endfor -%}
        {%- if not dry_run -%}
            {#- A run-operation commits nothing by itself. -#}
            {%- do adapter.commit() -%}
        {%- endif -%}
        {%- do print(
            'Nothing of version 0.1 is left under an old name.' if not found
            else "To drop them: dbt run-operation drop_renamed_tables --args '{dry_run: false}'" if dry_run
            else found | length ~ ' dropped.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{# The relations under an old name that no node of the graph owns. #}
{% macro renamed_relations() -%}
    {%- set owned = [] -%}
    {#- Of a layer: the places, as pairs of database and schema. -#}
    {%- set places = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed', 'snapshot'] -%}
        {%- do owned.append((node.database ~ '.' ~ node.schema ~ '.' ~ (node.alias or node.name)) | lower) -%}
        {%- if node.package_name == 'customer_engagement' and 'engagement__' in node.name -%}
            {%- do places.setdefault(node.name.split('_')[0], []).append((node.database, node.schema)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for name in customer_engagement.old_names() -%}
        {%- for database, schema in places[name.split('_')[0]] | unique
            if (database ~ '.' ~ schema ~ '.' ~ name) | lower not in owned -%}
            {%- set relation = adapter.get_relation(database, schema, name) -%}
            {%- if relation is not none -%}
                {%- do found.append(relation) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The names under version 0.1: this list never grows. #}
{% macro old_names() -%}
    {{ return([
        'config_activity_types', 'config_activity_weights', 'config_badge_rules',
        'config_external_events', 'config_kpi_targets', 'config_problems', 'config_score_bands',
        'config_score_metrics', 'config_score_models', 'config_score_overrides',
        'config_survey_types', 'config_version_settings', 'int_activity_points',
        'int_activity_sums', 'int_alert_conditions', 'int_available_metrics', 'int_changed_days',
        'int_comment_sentiment', 'int_custom_metrics', 'int_customer_activity_days',
        'int_customer_activity_starts', 'int_customer_attributes', 'int_customer_metrics',
        'int_customer_periods', 'int_customer_points', 'int_customer_scope',
        'int_customer_segments', 'int_customer_states', 'int_customers_judged', 'int_data_horizon',
        'int_excluded_customers', 'int_experiment_assignments_judged', 'int_experiment_sums',
        'int_identities_judged', 'int_identity_map', 'int_interaction_cells',
        'int_interaction_ledger', 'int_interactions_judged', 'int_interactions_numbered',
        'int_kpi_sums', 'int_metric_availability', 'int_metric_starts', 'int_metric_values',
        'int_new_alerts', 'int_pending_activity_days', 'int_pending_customers',
        'int_pending_interactions', 'int_pending_responses', 'int_period_attitudes',
        'int_period_depth', 'int_period_events', 'int_period_frequency', 'int_period_points',
        'int_period_recency', 'int_period_transactions', 'int_rescored_customers',
        'int_rescored_metrics', 'int_rescored_steps', 'int_score_overrides', 'int_score_trends',
        'int_scoring_facts', 'int_scoring_periods', 'int_segment_sums', 'int_settled_facts',
        'int_step_attitudes', 'int_step_metrics', 'int_step_points', 'int_survey_responses_judged',
        'int_touched_records', 'int_unlisted_activity_types', 'scoring_contributions',
        'scoring_driver_sums', 'scoring_drivers', 'scoring_experiments', 'scoring_goal_suggestions',
        'scoring_parameters', 'scoring_scores', 'scoring_suggested_activities',
        'scoring_suggested_bands', 'scoring_suggested_metrics', 'scoring_suggestion_history',
        'scoring_suggestion_metrics', 'stg_customers', 'stg_experiment_assignments',
        'stg_identities', 'stg_interactions', 'stg_survey_responses',
    ]) }}
{%- endmacro %}
