{#
    The problems of a configuration seed that show in one column or in its key: selects of seed,
    row_key and problem over a CTE of the seed's name, generated from config_seed_specs. A seed that
    belongs to versions of score models needs a CTE score_models besides.
#}
{% macro config_column_rules(seed) %}
    {%- set spec = customer_engagement.config_seed_specs()[seed] -%}
    {%- set nouns = {
        'number': 'a number of at most 12 digits before the point; write it like 12.5, without unit and without thousands separator',
        'integer': 'a whole number of at most 9 digits; write it like 12',
        'date': 'a date; write it as YYYY-MM-DD, without a time of day',
    } -%}
    {%- set rules = [] -%}

    {%- for column, given in spec['columns'].items() -%}
        {%- set text = column ~ '_text' -%}
        {%- set found = "'" ~ column ~ " is \"' || " ~ text ~ " || '\"" -%}
        {%- set one_of = 'use one of: ' ~ given.get('accepted', []) | join(', ') -%}
        {%- set or_blank = '' if given.get('required') else ', or leave it blank' -%}

        {%- if given.get('required') -%}
            {%- do rules.append({
                'where': text ~ ' is null',
                'problem': "'" ~ column ~ " is blank in the row ' || row_text || '; "
                    ~ (one_of if 'accepted' in given else 'fill it in') ~ "'",
            }) -%}
        {%- endif -%}

        {%- if given.get('type', 'text') in nouns -%}
            {%- do rules.append({
                'where': text ~ ' is not null and ' ~ column ~ ' is null',
                'problem': found ~ ', which is not ' ~ nouns[given['type']] ~ or_blank ~ "'",
            }) -%}
        {%- endif -%}

        {%- if 'accepted' in given -%}
            {%- do rules.append({
                'where': text ~ " not in ('" ~ given['accepted'] | join("', '") ~ "')",
                'problem': found ~ ', which is not known; ' ~ one_of ~ or_blank ~ "'",
            }) -%}
        {%- endif -%}

        {%- set outside = [] -%}
        {%- set range = [] -%}
        {%- for bound, outside_if, words in [
            ('at_least', '<', 'at least'), ('above', '<=', 'above'), ('at_most', '>', 'at most'),
        ] if bound in given -%}
            {%- do outside.append(column ~ ' ' ~ outside_if ~ ' ' ~ given[bound]) -%}
            {%- do range.append(words ~ ' ' ~ given[bound]) -%}
        {%- endfor -%}
        {%- if 'smallest' in given -%}
            {%- do rules.append({
                'where': column ~ ' != 0 and abs(' ~ column ~ ') < ' ~ given['smallest'],
                'problem': found ~ '; it must be 0 or at least ' ~ given['smallest'] ~ ' from it'
                    ~ or_blank ~ "'",
            }) -%}
        {%- endif -%}
        {%- if outside -%}
            {%- do rules.append({
                'where': outside | join(' or '),
                'problem': found ~ '; it must be ' ~ range | join(' and ') ~ or_blank ~ "'",
            }) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- for rule in rules %}
    select '{{ seed }}' as seed, row_key, {{ rule['problem'] }} as problem
    from {{ seed }}
    where {{ rule['where'] }}

    union all
    {% endfor %}
    select
        '{{ seed }}' as seed,
        row_key,
        cast(count(*) as {{ dbt.type_string() }})
        || ' rows have the same {{ spec["key"] | join(" and ") }}; keep one of them' as problem
    from {{ seed }}
    where
        {%- for column in spec['key'] %}
        {{ 'and ' if not loop.first }}{{ column }} is not null
        {%- endfor %}
    group by row_key
    having count(*) > 1
    {%- if 'settings' in spec and seed != 'score_models' %}

    union all

    select
        '{{ seed }}' as seed,
        {{ seed }}.row_key,
        'score_models has no version "' || {{ seed }}.version || '" of a score model "'
        || {{ seed }}.score_model || '"; use one of: ' || coalesce(known.versions, '(none)')
        || ', or add the version to score_models' as problem
    from {{ seed }}
    cross join (
        select {{ dbt.listagg('score_version', "', '", 'order by score_version') }} as versions
        from (
            select distinct score_model || ' ' || version as score_version from score_models
        ) as score_versions
    ) as known
    left join score_models
        on
            {{ seed }}.score_model = score_models.score_model
            and {{ seed }}.version = score_models.version
    where
        {{ seed }}.score_model is not null
        and {{ seed }}.version is not null
        and score_models.score_model is null
    {%- endif %}
{% endmacro %}
