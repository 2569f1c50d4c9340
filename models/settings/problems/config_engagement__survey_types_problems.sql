{#- Closer bounds than this divide by next to nothing. #}
{%- set least_distance = '0.000001' %}
with

survey_types as (

    select * from {{ ref('config_engagement__survey_types_rows') }}

),

column_problems as (
    {{ customer_engagement.config_column_rules('survey_types') }}
),

row_problems as (

    select
        'survey_types' as seed,
        row_key,
        'scale_min is ' || scale_min_text || ' and scale_max is ' || scale_max_text
        || '; scale_min is the worst rating and must be below scale_max, by at least '
        || '{{ least_distance }}' as problem
    from survey_types
    where scale_max - scale_min < {{ least_distance }}

    union all

    select
        'survey_types' as seed,
        row_key,
        'the scale of an nps survey is ' || scale_min_text || ' to ' || scale_max_text
        || '; it must be 0 to 10 (map another scale to csat or loyalty)' as problem
    from survey_types
    where
        metric = 'nps'
        and (scale_min != 0 or scale_max != 10)

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
