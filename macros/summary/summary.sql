{#
    The last screen of `make build`, also `dbt run-operation summary`: what was read, set aside and
    scored, the bands, the segments, whom to look at first and why, the alerts, where to query, what to
    run next.
#}
{% macro summary() -%}
    {%- if execute -%}
        {%- set lines = [] -%}
        {%- do lines.extend(customer_engagement.summary_of_inputs()) -%}
        {%- do lines.extend(customer_engagement.summary_of_scores()) -%}
        {%- do lines.extend(customer_engagement.summary_of_segments()) -%}
        {%- do lines.extend(customer_engagement.summary_of_movers()) -%}
        {%- do lines.extend(customer_engagement.summary_of_alerts()) -%}
        {%- do lines.extend(customer_engagement.summary_of_challengers()) -%}
        {%- do lines.extend(customer_engagement.summary_of_next_steps()) -%}
        {%- do print(lines | join('\n')) -%}
    {%- endif -%}
{%- endmacro %}

{% macro summary_of_scores() -%}
    {%- set period = run_query(
        'select period_start, period_end, is_partial from ' ~ ref('int_engagement__scoring_periods') ~ ' where is_latest'
    ).rows[0] -%}
    {%- set counts = run_query(
        'select count(*), count(score), avg(score),'
        ~ " sum(case when status = 'new' then 1 else 0 end),"
        ~ " sum(case when status = 'insufficient_data' then 1 else 0 end) from "
        ~ ref('customer_engagement')
    ).rows[0] -%}
    {%- set periods = run_query(
        'select count(*) from ' ~ ref('int_engagement__scoring_periods') ~ ' where is_scored'
    ).columns[0].values()[0] -%}
    {%- set grain = customer_engagement.scoring_grain() -%}
    {%- set lines = ['', 'SCORED  %s %ss, the last one %s to %s%s' | format(
        periods, grain, period[0], period[1], ' (still filling up)' if period[2] else ''
    )] -%}
    {%- do lines.append('  %s customers: %s scored, mean %s; %s new, %s with too little data' | format(
        counts[0], counts[1], '%.1f' | format(counts[2]) if counts[2] is not none else '-',
        counts[3] | int, counts[4] | int
    )) -%}
    {%- for row in run_query(
        "select score_model, coalesce(band, '(no band)'), count(*), count(*) * 1.0 / sum(count(*)) over (partition by score_model)"
        ~ ' from ' ~ ref('customer_engagement') ~ ' where score is not null group by score_model, band'
        ~ ' order by score_model, max(score) desc'
    ).rows -%}
        {%- do lines.append('  %-12s %6s  %5.1f%%  %s' | format(
            row[1] | truncate(12, true), row[2], row[3] * 100, '#' * (row[3] * 40) | round | int
        )) -%}
    {%- endfor -%}
    {%- set trends = run_query(
        "select sum(case when trend = 'improving' then 1 else 0 end),"
        ~ " sum(case when trend = 'declining' then 1 else 0 end),"
        ~ " sum(case when trend = 'stable' then 1 else 0 end) from " ~ ref('customer_engagement')
    ).rows[0] -%}
    {%- if trends[0] is not none and trends | sum > 0 -%}
        {%- do lines.append('  trend: %s improving, %s declining, %s stable' | format(
            trends[0] | int, trends[1] | int, trends[2] | int
        )) -%}
    {%- endif -%}
    {%- set by_hand = run_query(
        'select count(*), max(override_valid_to) from ' ~ ref('customer_engagement') ~ ' where is_overridden'
    ).rows[0] -%}
    {%- if by_hand[0] -%}
        {%- do lines.append('  %s set by hand (score_overrides), the last until %s' | format(by_hand[0], by_hand[1])) -%}
    {%- endif -%}
    {%- set lost = run_query(
        'select overrides.customer_id from ' ~ ref('config_engagement__score_overrides') ~ ' as overrides left join '
        ~ ref('int_engagement__identity_map') ~ ' as identities on overrides.customer_id = identities.id left join '
        ~ ref('int_engagement__customer_scope') ~ ' as customers'
        ~ ' on coalesce(identities.customer_id, overrides.customer_id) = customers.customer_id'
        ~ ' where customers.customer_id is null order by 1'
    ).columns[0].values() -%}
    {%- if lost -%}
        {%- do lines.append('  score_overrides names customers that no input has: ' ~ lost[:5] | join(', ')
            ~ (', and %d more' | format(lost | length - 5) if lost | length > 5 else '')) -%}
    {%- endif -%}
    {%- do lines.extend(customer_engagement.summary_of_idle_weights()) -%}
    {%- set off = [] -%}
    {%- for row in run_query(
        'select distinct metric from ' ~ ref('scoring_engagement__parameters')
        ~ ' where available_from is null order by metric'
    ).rows -%}
        {%- do off.append(row[0]) -%}
    {%- endfor -%}
    {%- if off -%}
        {%- do lines.append('  metrics that are off, since nobody has a value: ' ~ off | join(', ')) -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro %}

{% macro summary_of_segments() -%}
    {%- set most = 12 -%}
    {%- set rows = run_query(
        'select segment_column, segment, customers, mean_score, top_band_share, bottom_band_share,'
        ~ ' activities_per_customer from ' ~ ref('engagement_segments') ~ ' as segments'
        ~ ' where period_end = (select max(period_end) from ' ~ ref('engagement_segments') ~ ')'
        ~ " and mean_score is not null and segment_column in ('"
        ~ (['all'] + customer_engagement.segment_columns()) | join("', '") ~ "')"
        ~ " order by case when segment_column = 'all' then 0 else 1 end, segment_column, mean_score desc, segment"
    ).rows -%}
    {%- set lines = ['', 'SEGMENTS                           customers  mean score  top band  lowest band  activities per customer'] -%}
    {%- for row in rows[:most] -%}
        {%- do lines.append('  %-30s %11s  %10.1f  %7s%%  %10s%%  %23.1f' | format(
            (row[0] if row[0] == 'all' else row[0] ~ ' = ' ~ row[1]) | truncate(30, true), row[2], row[3],
            '%.0f' | format(row[4] * 100) if row[4] is not none else '-',
            '%.0f' | format(row[5] * 100) if row[5] is not none else '-', row[6]
        )) -%}
    {%- endfor -%}
    {%- if rows | length > most -%}
        {%- do lines.append('  and ' ~ (rows | length - most) ~ ' more in engagement_segments') -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro %}

{# The alerts of the last period that are within the budget: how many, and the most urgent five. #}
{% macro summary_of_alerts() -%}
    {%- set rows = run_query(
        'select severity, kind, subject, reason from ' ~ ref('engagement_alerts')
        ~ ' where not is_below_line and period_end = (select max(period_end) from ' ~ ref('engagement_scores') ~ ')'
        ~ ' order by owner, alert_rank'
    ).rows -%}
    {%- set lines = [] -%}
    {%- for row in rows[:5] -%}
        {%- if loop.first -%}
            {%- do lines.extend(['', 'ALERTS  %s in the last %s, the first ones' | format(
                rows | length, customer_engagement.scoring_grain()
            )]) -%}
        {%- endif -%}
        {%- do lines.append('  %-8s %-16s %-14s %s' | format(
            row[0], row[1], row[2] | truncate(14, true), row[3]
        )) -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}

{# What each challenger would change: the moves between bands, and the three biggest movers. #}
{% macro summary_of_challengers() -%}
    {%- set lines = [] -%}
    {%- for row in run_query(
        'select challenger_model, challenger_version, count(*), avg(score_difference),'
        ~ " sum(case when band_move = 'up' then 1 else 0 end), sum(case when band_move = 'down' then 1 else 0 end)"
        ~ ' from ' ~ ref('engagement_what_if') ~ ' group by challenger_model, challenger_version order by 1, 2'
    ).rows -%}
        {%- do lines.extend(['', 'WHAT IF  %s version %s scored these %s customers: %s points on average, %s a band up, %s down' | format(
            row[0], row[1], row[2], '%+.1f' | format(row[3]) if row[3] is not none else 'no', row[4] | int, row[5] | int
        )]) -%}
        {%- for mover in run_query(
            'select customer_id, champion_score, challenger_score, moved_by, moved_by_points from '
            ~ ref('engagement_what_if') ~ ' where score_difference != 0 and challenger_model = ' ~ customer_engagement.text_literal(row[0])
            ~ ' and challenger_version = ' ~ customer_engagement.text_literal(row[1])
            ~ ' order by mover_rank, customer_id limit 3'
        ).rows -%}
            {%- do lines.append('  %-14s %5.1f -> %5.1f   %s (%+.1f)' | format(
                mover[0] | truncate(14, true), mover[1], mover[2], mover[3], mover[4]
            )) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}

{% macro short_number(value) -%}
    {{ return('none' if value is none else modules.re.sub('[.]?0+$', '', '%.2f' | format(value))) }}
{%- endmacro %}

{# Whole numbers with a comma between thousands. #}
{% macro thousands(values) -%}
    {%- set texts = [] -%}
    {%- for value in values -%}
        {%- do texts.append('{:,}'.format(value | int)) -%}
    {%- endfor -%}
    {{ return(texts) }}
{%- endmacro %}
