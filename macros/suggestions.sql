{# The metric catalogue as rows: metric, direction. #}
{% macro metric_catalog_rows() -%}
    {%- for metric, facts in metric_catalog().items() %}
    select '{{ metric }}' as metric, '{{ facts.direction }}' as direction
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
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

{# `make suggest`: prints the rows of the seed score_metrics with goals from the company's own data. #}
{% macro suggest() -%}
    {%- if execute -%}
        {%- do print(customer_engagement.suggested_rows()) -%}
    {%- endif -%}
{%- endmacro %}

{#
    The suggested rows as CSV text, header first. blank_in: scoring_parameters, for those only whose
    goal is blank there and whose metric somebody has.
#}
{% macro suggested_rows(blank_in=none) -%}
    {%- set columns = [
        'score_model', 'version', 'metric', 'dimension', 'weight', 'scaling', 'lower', 'goal',
        'missing', 'reason',
    ] -%}
    {%- set selected = [] -%}
    {%- for column in columns -%}
        {%- do selected.append('suggestions.' ~ column) -%}
    {%- endfor -%}
    {%- set query -%}
        select {{ selected | join(', ') }}
        from {{ ref('scoring_goal_suggestions') }} as suggestions
        {% if blank_in is not none -%}
        inner join {{ blank_in }} as parameters
            on suggestions.score_model = parameters.score_model
            and suggestions.version = parameters.version
            and suggestions.metric = parameters.metric
            and parameters.goal is null
            and parameters.available_from is not null
        {% endif -%}
        order by suggestions.score_model, suggestions.version, suggestions.weight desc,
            suggestions.metric
    {%- endset -%}
    {%- set lines = [columns | join(',')] -%}
    {%- for row in run_query(query).rows -%}
        {%- set fields = [] -%}
        {%- for value in row -%}
            {%- set text = '' if value is none else (value | string) -%}
            {#- 30.0 is 30 in a seed. -#}
            {%- set text = modules.re.sub('^(-?[0-9]+)[.]0+$', '\\1', text) -%}
            {%- set text = modules.re.sub('^(-?[0-9]+[.][0-9]*[1-9])0+$', '\\1', text) -%}
            {%- do fields.append('"' ~ text ~ '"' if ',' in text else text) -%}
        {%- endfor -%}
        {%- do lines.append(fields | join(',')) -%}
    {%- endfor -%}
    {{ return(lines | join('\n')) }}
{%- endmacro %}

{# Post-hook of scoring_parameters: a metric that would be scored needs a goal. #}
{% macro raise_blank_goals() -%}
    {%- if execute -%}
        {%- set rows = customer_engagement.suggested_rows(blank_in=this) -%}
        {%- if rows.split('\n') | length > 1 -%}
            {%- do exceptions.raise_compiler_error(
                'The seed score_metrics has blank goals, and nothing was scored. Your own data '
                ~ 'suggest these rows; put them in place of the ones that are there and build '
                ~ 'again (all rows: make suggest, or dbt run-operation suggest):\n' ~ rows
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
