{#
    What a badge may be earned by: the metrics that do not depend on the score model, and what
    customer_engagement shows of the score itself.
#}
{% macro known_badge_measures() -%}
    {%- set metrics = customer_engagement.metric_catalog().keys()
        | reject('equalto', 'decayed_points') | list -%}
    {{ return(customer_engagement.standing_measures() + metrics) }}
{%- endmacro %}

{% macro standing_measures() -%}
    {{ return(['score', 'percentile_rank', 'rank_change', 'score_streak', 'activity_streak']) }}
{%- endmacro %}

{#
    The measures that the rules name: of a wide table only these columns need to be read. All of
    them while the rules are not there yet. Unit tests override this macro.
#}
{% macro badge_measures() -%}
    {%- set rows = customer_engagement.config_rows(
        'config_engagement__badge_rules', 'select distinct measure from {} order by measure'
    ) -%}
    {%- if rows is none -%}
        {{ return(customer_engagement.known_badge_measures()) }}
    {%- endif -%}
    {%- set measures = [] -%}
    {%- for row in rows -%}
        {%- do measures.append(row[0]) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro %}
