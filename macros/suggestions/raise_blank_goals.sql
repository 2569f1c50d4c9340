{#
    Post-hook of scoring_engagement__parameters: a metric that would be scored needs a goal. Stops the run with
    the rows to paste, made from the company's own data.
#}
{% macro raise_blank_goals() -%}
    {%- if execute and not customer_engagement.is_suggesting() -%}
        {%- set columns = [
            'score_model', 'version', 'metric', 'dimension', 'weight', 'scaling', 'lower', 'goal',
            'missing', 'reason',
        ] -%}
        {%- set query -%}
            select {% for column in columns %}suggestions.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
            from {{ ref('scoring_engagement__goal_suggestions') }} as suggestions
            inner join {{ this }} as parameters
                on suggestions.score_model = parameters.score_model
                and suggestions.version = parameters.version
                and suggestions.metric = parameters.metric
            where parameters.goal is null
                and parameters.scaling != 'percentile'
                and parameters.available_from is not null
            order by suggestions.score_model, suggestions.version, suggestions.weight desc,
                suggestions.metric
        {%- endset -%}
        {%- set rows = run_query(query).rows -%}
        {%- if rows -%}
            {%- do exceptions.raise_compiler_error(
                'The seed score_metrics has blank goals, and nothing was scored. Your own data '
                ~ 'suggest these rows; put them in place of the ones that are there and build '
                ~ 'again (make suggest proposes a whole score model):\n'
                ~ columns | join(',') ~ '\n' ~ customer_engagement.csv_lines(rows) | join('\n')
                ~ customer_engagement.not_read_again(['score_metrics'])
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# A number rounded to so many significant digits, as a person would write it into a seed. #}
{% macro significant_digits(value, digits) -%}
    case
        when {{ value }} = 0 then 0
        else round(
            {{ value }}, cast({{ digits - 1 }} - floor(log10(abs({{ value }}))) as integer)
        )
    end
{%- endmacro %}

{% macro as_count(value) -%}
    cast({{ value }} as {{ dbt.type_string() }})
{%- endmacro %}
