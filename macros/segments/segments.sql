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
    The scores that apply to their customers: a score model with a segment is for the customers who
    were in it at the period's end. A select over the CTEs scores, score_models and customer_segments;
    adds priority and is_candidate (not a challenger: it is published and may become the champion).
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
    The rows of a CTE once for each cut, with segment_column and segment in front: the one way to cut
    customers, or cells of them, into segments. `cuts`: segment_cuts(), or some of them. `columns`:
    those of the CTE that go along.
#}
{% macro in_segments(relation, cuts, columns=['*']) -%}
{%- for segment_column, cut in cuts.items() -%}
{%- if not loop.first %}

union all

{% endif -%}
select
    '{{ segment_column }}' as segment_column,
    {{ customer_engagement.segment_of_cut(relation, cut) }} as segment
    {%- for column in columns %},
    {{ relation }}.{{ column }}
    {%- endfor %}
from {{ relation }}
{%- endfor %}
{%- endmacro %}

{# The segment columns of customers, each with a comma after it: (unknown) where there is no value. #}
{% macro known_segments(relation) -%}
    {%- for column in customer_engagement.quoted_segment_columns() %}
        coalesce({{ relation }}.{{ column }}, '(unknown)') as {{ column }},
    {%- endfor -%}
{%- endmacro %}
