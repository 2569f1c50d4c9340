{% macro summary_of_next_steps() -%}
    {%- set lines = [
        '',
        'QUERY   ' ~ (env_var('ENGAGEMENT_PUBLISHED_PATH', '') or target.get('path', target.name)) ~ ', schema ' ~ target.schema
            ~ ': customer_engagement (now), engagement_scores (every period),',
        '        engagement_contributions (why), engagement_score_changes (why it moved), engagement_alerts (what to do),',
        '        engagement_segments, engagement_kpis, interaction_audit; analyses/ has the first questions to ask',
        'SEE     make dashboard-serve: six pages of it on http://localhost:9876 (docs/dashboards.md)',
    ] -%}
    {%- for step in customer_engagement.next_steps() -%}
        {%- do lines.append(('NEXT    ' if loop.first else '        ') ~ step) -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}

{#
    What is next for this user, most urgent first: what is wrong with the data, then with the score
    model, then what is open. Nothing of these: run it daily.
#}
{% macro next_steps() -%}
    {%- if var('engagement_inputs', none) is none -%}
        {{ return([
            'this was the demo company; your own data: set engagement_inputs in dbt_project.yml (docs/own-data.md), then make suggest'
        ]) }}
    {%- endif -%}
    {%- set steps = [] -%}
    {%- set unlisted = run_query(
        'select count(distinct activity_type) from ' ~ ref('int_engagement__unlisted_activity_types')
    ).columns[0].values()[0] -%}
    {%- if unlisted -%}
        {%- do steps.append(
            unlisted ~ (' activity has' if unlisted == 1 else ' activities have')
            ~ ' no row in activity_types: correct the rows under READ and add them'
        ) -%}
    {%- endif -%}
    {%- set mistakes = [] -%}
    {%- for reason in customer_engagement.reject_reasons()
        if reason not in ['erased', 'internal', 'automated'] -%}
        {%- do mistakes.append('rejected_' ~ reason) -%}
    {%- endfor -%}
    {%- set rejected = run_query(
        'select sum(' ~ mistakes | join(' + ') ~ ') from ' ~ ref('interaction_audit')
    ).columns[0].values()[0] or 0 -%}
    {%- if rejected -%}
        {%- do steps.append(
            customer_engagement.thousands([rejected])[0] ~ (' row was' if rejected == 1 else ' rows were')
            ~ ' set aside: engagement_rejected_rows has each with its reason, docs/inputs.md what to do'
        ) -%}
    {%- endif -%}
    {%- set has_shipped_goals = customer_engagement.has_shipped_goals() -%}
    {%- if has_shipped_goals -%}
        {%- do steps.append(
            'weights and goals are still those of the demo company: make suggest proposes yours (docs/own-data.md)'
        ) -%}
    {%- endif -%}
    {%- set is_in_place = not steps -%}
    {%- if run_query('select count(*) from ' ~ ref('engagement_what_if')).columns[0].values()[0] -%}
        {%- do steps.append(
            'judge the challenger (WHAT IF, engagement_what_if), then make it the champion or retire it: docs/versions.md'
        ) -%}
    {%- endif -%}
    {%- if run_query(
        'select count(*) from ' ~ ref('scoring_engagement__parameters') ~ ' where available_from is null'
    ).columns[0].values()[0] -%}
        {%- do steps.append('metrics are off for lack of inputs: docs/inputs.md has what could be mapped') -%}
    {%- endif -%}
    {%- if is_in_place -%}
        {%- do steps.append('run it daily: docs/running-daily.md') -%}
    {%- endif -%}
    {{ return(steps) }}
{%- endmacro %}

{# Whether score_metrics is the shipped file, whose goals were found in the demo company's data. #}
{% macro has_shipped_goals() -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'seed' and node.name == 'score_metrics'
        and node.package_name == 'customer_engagement' and node.config.enabled -%}
        {{ return(node.checksum.checksum == customer_engagement.shipped_goals_checksum()) }}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}

{# dbt's checksum of seeds/config/score_metrics.csv as it is shipped; a test compares them. #}
{% macro shipped_goals_checksum() -%}
    {{ return('ee53d9a51c8aedb337aeabff1aa9385127ac343ca6b325ceaaf822d863614ac9') }}
{%- endmacro %}
