{# The weights that count nothing, since the company does it and not the customer. #}
{% macro summary_of_idle_weights() -%}
    {%- set rows = run_query(
        'select distinct weights.activity_type, types.role from ('
        ~ customer_engagement.config_seed_rows('activity_weights') ~ ') as weights inner join '
        ~ ref('config_engagement__activity_types') ~ ' as types on weights.activity_type = types.activity_type'
        ~ " where weights.points != 0 and types.role in ('"
        ~ customer_engagement.roles_without_points() | join("', '") ~ "') order by 1"
    ).rows -%}
    {%- set named = [] -%}
    {%- for row in rows -%}
        {%- do named.append(row[0] ~ ' (' ~ row[1] ~ ')') -%}
    {%- endfor -%}
    {{ return(
        ['  points that count nothing, as the company does it and not the customer: '
            ~ named[:5] | join(', ')
            ~ (', and %d more' | format(named | length - 5) if named | length > 5 else '')]
        if named else []
    ) }}
{%- endmacro %}
