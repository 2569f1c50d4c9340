{#
    Keeps a published version as it is: its settings are recorded after the scores are built
    (engagement_published_settings), and config_engagement__problems compares the seeds with the record.
#}

{#
    The settings of each version of a score model: a select of score_model, version, seed, setting
    (the key within the version) and settings, over CTEs from config_seed_rows with the seeds' names.
    The text is made from the typed values: 12 and 12.0 are the same.
#}
{% macro version_settings() %}
    {%- set specs = customer_engagement.config_seed_specs() -%}
    {%- for seed, spec in specs.items() if 'settings' in spec %}
    {{ 'union all' if not loop.first }}
    select
        score_model,
        version,
        '{{ seed }}' as seed,
        {{ customer_engagement.config_row_text(spec['key'][2:]) or "'(version)'" }} as setting,
        {%- for column in spec['settings'] %}
        {{ "'" if loop.first else "|| ', " }}{{ column }}=' ||
            {{- ' ' }}{{ customer_engagement.setting_text(column, spec['columns'][column]) }}
        {%- endfor %} as settings
    from {{ seed }}
    where score_model is not null and version is not null
    {%- endfor %}
{% endmacro %}


{# A value of config_seed_rows as text; an unreadable one as it was written. #}
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


{# Whose settings: the demo company's record does not bind own data. #}
{% macro published_company() -%}
    {{ return('demo' if var('engagement_inputs', none) is none else 'own') }}
{%- endmacro %}


{#
    The table engagement_published_settings if it exists, else none. It is looked up by name:
    config_engagement__problems comes before everything, so a ref() would be a cycle.
#}
{% macro published_settings_record() -%}
    {{ return(customer_engagement.stored_relation('engagement_published_settings')) }}
{%- endmacro %}
