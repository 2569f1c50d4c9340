{#
    The guard against input that was lost: a file cut short, a filter that takes everything, a column
    that is no longer there. Without it such a run is green and rewrites history.
#}

{# The share of an entry's accepted rows that one run may lose; 1 lets everything through. #}
{% macro max_lost_rows() -%}
    {%- set share = var('max_lost_rows', 0.2) -%}
    {%- if share is boolean or share is not number or not (share >= 0 and share <= 1) -%}
        {%- do customer_engagement.raise_variable_error(
            'max_lost_rows', 'a share from 0 to 1, such as 0.2; 1 lets a run pass whatever it lost'
        ) -%}
    {%- endif -%}
    {{ return(share) }}
{%- endmacro %}

{#
    Post-hook of int_engagement__input_rows: stops the run where an entry lost more than
    `max_lost_rows` of the rows that the last whole run accepted, day by day, or gave a column that it
    no longer gives. Entries that are no longer mapped were taken out on purpose.
#}
{% macro raise_lost_input() -%}
    {%- set allowed = customer_engagement.max_lost_rows() -%}
    {%- if execute and allowed < 1 -%}
        {%- set lines = [] -%}
        {%- for input, entry in customer_engagement.all_entries() -%}
            {%- do lines.extend(customer_engagement.losses_of_entry(input, entry, allowed)) -%}
        {%- endfor -%}
        {%- if lines -%}
            {%- do exceptions.raise_compiler_error(
                'Input was lost since the last run, so nothing was scored:\n' ~ lines | join('\n')
                ~ '\nTo fix it: bring back what is missing (a file that was cut, a `where`, a mapping). '
                ~ 'If it is gone for good, let this one run pass: --vars \'max_lost_rows: 1\'. The '
                ~ 'variable max_lost_rows is the share of its rows that an entry may lose (now '
                ~ allowed ~ '); at 1, lost columns pass too.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# What one entry lost since the last whole run: a list of lines of the message. #}
{% macro losses_of_entry(input, entry, allowed) -%}
    {%- set is_entry = "input = '" ~ input ~ "' and input_entry = "
        ~ customer_engagement.text_literal(entry.label) -%}
    {%- set settled = ref('int_engagement__settled_input_rows') -%}
    {%- set lines = [] -%}
    {%- set rows -%}
        select sum(rows_before), sum(rows_now), sum(greatest(rows_before - rows_now, 0))
        from (
            select
                occurred_on,
                sum(case when is_before then input_rows else 0 end) as rows_before,
                sum(case when is_before then 0 else input_rows end) as rows_now
            from (
                select occurred_on, input_rows, true as is_before
                from {{ settled }} where column_name is null and {{ is_entry }}
                union all
                select occurred_on, input_rows, false as is_before
                from {{ this }} where column_name is null and {{ is_entry }}
            ) as both_runs
            group by occurred_on
        ) as days
    {%- endset -%}
    {%- set found = run_query(rows).rows[0] -%}
    {%- if found[0] and found[2] > allowed * found[0] | float -%}
        {%- do lines.append(
            '  - ' ~ input ~ ', ' ~ entry.label ~ ': ' ~ found[0] | int ~ ' rows were accepted in the last run, and '
            ~ found[2] | int ~ ' of them are gone; ' ~ found[1] | int ~ ' rows are there now'
        ) -%}
    {%- endif -%}
    {%- set lost_columns = run_query(
        'select column_name from ' ~ settled ~ ' where column_name is not null and ' ~ is_entry
        ~ ' and column_name not in (select column_name from ' ~ this ~ ' where column_name is not null and '
        ~ is_entry ~ ') order by 1'
    ).columns[0].values() -%}
    {%- if lost_columns -%}
        {%- do lines.append(
            '  - ' ~ input ~ ', ' ~ entry.label ~ ': the last run read '
            ~ ('the column ' if lost_columns | length == 1 else 'the columns ')
            ~ lost_columns | join(', ') ~ ', and the entry no longer gives '
            ~ ('it' if lost_columns | length == 1 else 'them')
        ) -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro %}

{# At the end of a whole run: what it accepted, which the next run is compared with. #}
{% macro settle_input_rows() -%}
    {%- set settled = customer_engagement.stored_relation('int_engagement__settled_input_rows') -%}
    {%- set found = customer_engagement.stored_relation('int_engagement__input_rows') -%}
    {%- set ledger = customer_engagement.stored_relation('int_engagement__interaction_ledger') -%}
    {%- set audit = customer_engagement.stored_relation('interaction_audit') -%}
    delete from {{ settled }};
    insert into {{ settled }} (input, input_entry, column_name, occurred_on, input_rows)
    select 'interactions', input_entry, null, occurred_on, count(*) from {{ ledger }}
    group by input_entry, occurred_on
    union all
    select input, input_entry, null, null, accepted_rows from {{ audit }}
    where input != 'interactions'
    union all
    select input, input_entry, column_name, null, 0 from {{ found }}
    where column_name is not null;
{%- endmacro %}
