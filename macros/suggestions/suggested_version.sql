{# Whether `make suggest` is running: then there is a version `suggested` beside those of the seeds. #}
{% macro is_suggesting() -%}
    {{ return(var('suggesting', false)) }}
{%- endmacro %}

{#
    Which version of the seeds the suggested one is made after: a select of one row of score_model
    and version, of the champion of formula index that is for everybody, else for the most. Without
    any, a first version of the model `engagement`.
#}
{% macro suggestion_target(score_models) -%}
    select
        coalesce(max(score_model), 'engagement') as score_model,
        coalesce(max(version), '(none)') as version
    from (
        select score_model, version
        from {{ score_models }}
        where status = 'champion' and formula = 'index'
        order by
            case when segment_column is null then 0 else 1 end,
            priority,
            valid_from desc nulls last
        limit 1
    ) as champions
{%- endmacro %}

{#
    The periods that `make suggest` looks at, counted back from the last, which is 1: it and the one
    before, and those that end 4, 8, 12, 16 and 24 weeks earlier, at which a history may be cut.
#}
{% macro suggestion_periods() -%}
    {{ return({
        'day': [1, 2, 29, 57, 85, 113, 169],
        'week': [1, 2, 5, 9, 13, 17, 25],
        'month': [1, 2, 3, 4, 5, 7],
    }[customer_engagement.scoring_grain()]) }}
{%- endmacro %}
