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

{% macro summary_of_inputs() -%}
    {%- set lines = ['', 'READ'] -%}
    {%- for row in run_query(
        'select input_entry, raw_rows, accepted_rows, duplicate_rows, rejected_rows from '
        ~ ref('interaction_audit') ~ ' order by raw_rows desc, input_entry'
    ).rows -%}
        {%- do lines.append(
            '  %-28s %9s rows = %9s accepted + %5s duplicate + %5s set aside' | format(
                row[0] | truncate(28, true), *customer_engagement.thousands(row[1:])
            )
        ) -%}
    {%- endfor -%}
    {%- set reasons = [] -%}
    {%- for reason in customer_engagement.reject_reasons() -%}
        {%- do reasons.append("select '" ~ reason ~ "' as reason, sum(rejected_" ~ reason ~ ') as found from '
            ~ ref('interaction_audit')) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select * from (' ~ reasons | join(' union all ') ~ ') as reasons where found > 0 order by found desc, reason'
    ).rows -%}
        {%- do found.append(row[0] ~ ' ' ~ row[1] | int) -%}
    {%- endfor -%}
    {%- if found -%}
        {%- do lines.append('  set aside: ' ~ found[:6] | join(', ')
            ~ (', and %d more reasons' | format(found | length - 6) if found | length > 6 else '')) -%}
    {%- endif -%}
    {%- set unlisted = run_query(
        'select seed_row, sum(interactions) from ' ~ ref('int_engagement__unlisted_activity_types')
        ~ ' group by seed_row order by 2 desc, 1'
    ).rows -%}
    {%- if unlisted -%}
        {%- do lines.append('  not in the seed activity_types, so worth 0 points; rows to paste and correct:') -%}
        {%- for row in unlisted[:3] -%}
            {%- do lines.append('    %s   (%s interactions)' | format(row[0], row[1] | int)) -%}
        {%- endfor -%}
        {%- if unlisted | length > 3 -%}
            {%- do lines.append('    and ' ~ (unlisted | length - 3) ~ ' more in int_engagement__unlisted_activity_types') -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(lines) }}
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
        {%- do lines.append('  %-12s %6s  %5.1f %%  %s' | format(
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
        {%- do lines.append('  score_overrides names customers whom no input has: ' ~ lost[:5] | join(', ')
            ~ (', and %d more' | format(lost | length - 5) if lost | length > 5 else '')) -%}
    {%- endif -%}
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
        {%- do lines.append('  %-30s %11s  %10.1f  %6s %%  %9s %%  %23.1f' | format(
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

{#
    Those who left their band over the detailed periods, furthest falls first, then other falls; and
    the two components in which each lost most.
#}
{% macro summary_of_movers() -%}
    {%- set query -%}
        with periods as (
            select min(period_end) as first_end, max(period_end) as last_end
            from {{ ref('int_engagement__scoring_periods') }}
            where is_detailed
        ),

        falls as (
            select
                now_scores.customer_id,
                now_scores.score_model,
                now_scores.version,
                then_scores.version as then_version,
                then_scores.score as then_score,
                now_scores.score as now_score,
                coalesce(then_scores.band, '') as then_band,
                coalesce(now_scores.band, '') as now_band,
                periods.first_end,
                periods.last_end
            from {{ ref('engagement_scores') }} as now_scores
            cross join periods
            inner join {{ ref('engagement_scores') }} as then_scores
                on now_scores.customer_id = then_scores.customer_id
                and now_scores.score_model = then_scores.score_model
                and then_scores.period_end = periods.first_end
                and then_scores.is_champion
            where now_scores.is_champion
                and now_scores.period_end = periods.last_end
                and now_scores.score < then_scores.score
        ),

        first_five as (
            select
                *,
                row_number() over (
                    order by
                        case when now_band = then_band then 1 else 0 end,
                        then_score - now_score desc,
                        customer_id
                ) as place
            from falls
        ),

        lines as (
            select
                first_five.place,
                coalesce(now_lines.component, then_lines.component) as component,
                then_lines.value as then_value,
                now_lines.value as now_value,
                coalesce(now_lines.contribution, 0) - coalesce(then_lines.contribution, 0) as moved
            from first_five
            inner join {{ ref('engagement_contributions') }} as then_lines
                on first_five.customer_id = then_lines.customer_id
                and first_five.score_model = then_lines.score_model
                and first_five.then_version = then_lines.version
                and first_five.first_end = then_lines.period_end
            left join {{ ref('engagement_contributions') }} as now_lines
                on first_five.customer_id = now_lines.customer_id
                and first_five.score_model = now_lines.score_model
                and first_five.version = now_lines.version
                and first_five.last_end = now_lines.period_end
                and then_lines.component = now_lines.component
            where first_five.place <= 5
        ),

        reasons as (
            select *, row_number() over (partition by place order by moved, component) as reason_place
            from lines
            where moved < 0
        )

        select
            first_five.place, first_five.customer_id, first_five.then_score, first_five.now_score,
            first_five.first_end, reasons.component, reasons.then_value, reasons.now_value, reasons.moved
        from first_five
        inner join reasons on first_five.place = reasons.place
        where reasons.reason_place <= 2
        order by first_five.place, reasons.reason_place
    {%- endset -%}
    {%- set customers = {} -%}
    {%- for row in run_query(query).rows -%}
        {%- if row[0] not in customers -%}
            {%- do customers.update({row[0]: {'row': row, 'reasons': []}}) -%}
        {%- endif -%}
        {%- do customers[row[0]].reasons.append('%s %s to %s (%+.1f)' | format(
            row[5], customer_engagement.short_number(row[6]), customer_engagement.short_number(row[7]), row[8]
        )) -%}
    {%- endfor -%}
    {%- set lines = [] -%}
    {%- for customer in customers.values() -%}
        {%- if loop.first -%}
            {%- do lines.extend(['', 'LOOK AT FIRST  the furthest falls since ' ~ customer.row[4]]) -%}
        {%- endif -%}
        {%- do lines.append('  %-14s %5.1f -> %5.1f   %s' | format(
            customer.row[1] | truncate(14, true), customer.row[2], customer.row[3], customer.reasons | join(', ')
        )) -%}
    {%- endfor -%}
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

{% macro summary_of_next_steps() -%}
    {%- set is_demo = var('engagement_inputs', none) is none -%}
    {{ return([
        '',
        'QUERY   ' ~ (env_var('ENGAGEMENT_PUBLISHED_PATH', '') or target.get('path', target.name)) ~ ', schema ' ~ target.schema
            ~ ': customer_engagement (now), engagement_scores (every period),',
        '        engagement_contributions (why), engagement_score_changes (why it moved), engagement_alerts (what to do),',
        '        engagement_segments, engagement_kpis, interaction_audit; analyses/ has the first questions to ask',
        'SEE     make dashboard-serve: six pages of it on http://localhost:9876 (docs/dashboards.md)',
        'NEXT    ' ~ (
            'this was the demo company; your own data: set engagement_inputs in dbt_project.yml (README), then make suggest'
            if is_demo else 'make suggest proposes a score model from your data; dbt docs generate describes every column'
        ),
    ]) }}
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
