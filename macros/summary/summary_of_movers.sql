{#
    Customers who left their band over the detailed periods, furthest falls first, then other falls;
    and the two components in which each lost most. Scores of two versions cannot be compared: where
    a version began within these periods, falls are counted from there, and a line says so.
#}
{% macro summary_of_movers() -%}
    {%- set query -%}
        with periods as (
            select min(period_end) as first_end, max(period_end) as last_end
            from {{ ref('int_engagement__scoring_periods') }}
            where is_detailed
        ),

        versions as (
            select
                scores.score_model,
                scores.version,
                greatest(min(scores.period_end), min(periods.first_end)) as first_end
            from {{ ref('engagement_scores') }} as scores
            cross join periods
            where scores.is_champion
            group by scores.score_model, scores.version
        ),

        falls as (
            select
                now_scores.customer_id,
                now_scores.score_model,
                now_scores.version,
                then_scores.score as then_score,
                now_scores.score as now_score,
                coalesce(then_scores.band, '') as then_band,
                coalesce(now_scores.band, '') as now_band,
                versions.first_end,
                periods.last_end
            from {{ ref('engagement_scores') }} as now_scores
            cross join periods
            inner join versions
                on now_scores.score_model = versions.score_model
                and now_scores.version = versions.version
            inner join {{ ref('engagement_scores') }} as then_scores
                on now_scores.customer_id = then_scores.customer_id
                and now_scores.score_model = then_scores.score_model
                and now_scores.version = then_scores.version
                and then_scores.period_end = versions.first_end
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
                and first_five.version = then_lines.version
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
    {%- set lines = customer_engagement.summary_of_new_versions() -%}
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

{# Versions that took the place of another within the detailed periods: a line for each. #}
{% macro summary_of_new_versions() -%}
    {%- set query -%}
        with versions as (
            select score_model, version, min(period_end) as first_end, max(period_end) as last_end
            from {{ ref('engagement_scores') }}
            where is_champion
            group by score_model, version
        ),

        periods as (
            select min(period_end) as first_end, max(period_end) as last_end
            from {{ ref('int_engagement__scoring_periods') }}
            where is_detailed
        )

        select versions.score_model, versions.version, versions.first_end
        from versions
        cross join periods
        where versions.first_end > periods.first_end
            and versions.last_end = periods.last_end
            and exists (
                select 1 from versions as earlier
                where earlier.score_model = versions.score_model
                    and earlier.first_end < versions.first_end
            )
        order by versions.score_model
    {%- endset -%}
    {%- set lines = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do lines.extend([
            '', 'NEW VERSION  trends and falls begin anew with ' ~ row[0] ~ ' version ' ~ row[1]
            ~ ', from the ' ~ customer_engagement.scoring_grain() ~ ' that ends on ' ~ row[2],
        ]) -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}
