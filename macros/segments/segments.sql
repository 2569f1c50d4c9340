{# The segment columns of a customer as one JSON object, in the order of the variable. #}
{% macro segments_as_json(relation) -%}
    {%- set parts = ["'{'"] -%}
    {%- for column in segment_columns() -%}
        {%- set value = "cast(" ~ relation ~ "." ~ adapter.quote(column) ~ " as " ~ dbt.type_string() ~ ")" -%}
        {%- do parts.append(
            "'" ~ ('' if loop.first else ', ') ~ '"' ~ column ~ '": ' ~ "'"
        ) -%}
        {%- do parts.append(
            "coalesce('\"' || replace(replace(" ~ value ~ ", '\\', '\\\\'), '\"', '\\\"') || '\"', 'null')"
        ) -%}
    {%- endfor -%}
    {%- do parts.append("'}'") -%}
    {{ dbt.concat(parts) }}
{%- endmacro %}

{#
    The rows of scores that count: a score model with a segment is for the customers who were in it
    at the period's end. A select over the CTEs scores, score_models and customer_segments; adds
    is_candidate (not a challenger: it may become the champion, and is published) and priority.
#}
{% macro applicable_scores() %}
    select
        scores.*,
        score_models.status != 'challenger' as is_candidate,
        score_models.priority
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    left join customer_segments
        on
            scores.customer_id = customer_segments.customer_id
            and score_models.segment_column = customer_segments.segment_column
            and score_models.segment_value = customer_segments.segment
            and {{ customer_engagement.is_in_force('customer_segments', 'scores.period_end') }}
    where score_models.segment_column is null or customer_segments.customer_id is not null
{% endmacro %}

{#
    The rows of a CTE once for each segment column, with segment_column and segment: `all`, and of
    each column the value in force on the row's own period_end, (unknown) where there is none. A
    select over the CTE customer_segments.
#}
{% macro in_every_segment(relation) -%}
select
    'all' as segment_column,
    'all' as segment,
    {{ relation }}.*
from {{ relation }}
{%- for column in segment_columns() %}

union all

select
    '{{ column }}' as segment_column,
    coalesce(customer_segments.segment, '(unknown)') as segment,
    {{ relation }}.*
from {{ relation }}
left join customer_segments
    on
        {{ relation }}.customer_id = customer_segments.customer_id
        and customer_segments.segment_column = '{{ column }}'
        and {{ customer_engagement.is_in_force('customer_segments', relation ~ '.period_end') }}
{%- endfor %}
{%- endmacro %}
