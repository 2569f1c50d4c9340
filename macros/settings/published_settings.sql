{#
    What keeps a published version as it is: its settings are recorded after the scores are built
    (engagement_published_settings), and config_engagement__published_problems compares the seeds with
    the last record.
#}

{# The settings of a row of a seed as one text, such as `weight=12, goal=20`. #}
{% macro settings_text(spec) -%}
    {%- set parts = [] -%}
    {%- for column in spec['settings'] -%}
        {%- do parts.append(
            "'" ~ ('' if loop.first else ', ') ~ column ~ "=' || "
            ~ customer_engagement.setting_text(column, spec['columns'][column])
        ) -%}
    {%- endfor -%}
    {{ return(parts | join(' || ')) }}
{%- endmacro %}


{# A value of config_seed_rows as text; what cannot be read stays as it was found. #}
{% macro setting_text(column, rules) -%}
    {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- if rules.get('type') == 'number' -%}
        {%- set text = 'regexp_replace(' ~ text ~ ", '[.]0$', '')" -%}
    {%- endif -%}
    coalesce({{ text }}, {{ column }}_text, '(blank)')
{%- endmacro %}


{#
    The last recorded edition of each version, withdrawn ones included: a select over the record,
    without rows when there is none (yet).
#}
{% macro last_published_settings(record) %}
    {%- set columns = ['edition', 'score_model', 'version', 'seed', 'setting', 'settings'] -%}
    select {{ columns | join(', ') }}
    from (
        {%- if record is none %}
        select
            {%- for column in columns %}
            cast(null as {{ dbt.type_int() if column == 'edition' else dbt.type_string() }})
                as {{ column }},
            {%- endfor %}
            0 as last_edition
        {%- else %}
        select
            *,
            max(edition) over (partition by score_model, version) as last_edition
        from {{ record }}
        where company = '{{ customer_engagement.published_company() }}'
        {%- endif %}
    ) as editions
    where edition = last_edition
{% endmacro %}


{# Whose settings: those of the demo company do not bind a company that goes on to its own data. #}
{% macro published_company() -%}
    {{ return('demo' if var('engagement_inputs', none) is none else 'own') }}
{%- endmacro %}


{#
    The table engagement_published_settings if it is there, else none. It is looked up by name: it
    is built after the check that reads it, so a ref() would be a cycle.
#}
{% macro published_settings_record() -%}
    {{ return(customer_engagement.stored_relation('engagement_published_settings')) }}
{%- endmacro %}
