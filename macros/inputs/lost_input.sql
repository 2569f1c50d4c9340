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
        {%- set losses = customer_engagement.losses_of_entries() -%}
        {%- for input, entry in customer_engagement.all_entries() if (input, entry.label) in losses -%}
            {%- set lost = losses[(input, entry.label)] -%}
            {%- if lost.gone > allowed * lost.before -%}
                {%- do lines.append(
                    '  - ' ~ input ~ ', ' ~ entry.label ~ ': ' ~ lost.before | int ~ ' rows were accepted in the '
                    ~ 'last run, and ' ~ lost.gone | int ~ ' of them are gone; ' ~ lost.now | int
                    ~ ' rows are there now'
                ) -%}
            {%- endif -%}
            {%- if lost.columns -%}
                {%- do lines.append(
                    '  - ' ~ input ~ ', ' ~ entry.label ~ ': the last run read '
                    ~ ('the column ' if lost.columns | length == 1 else 'the columns ')
                    ~ lost.columns | join(', ') ~ ', and the entry no longer gives '
                    ~ ('it' if lost.columns | length == 1 else 'them')
                ) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if lines -%}
            {%- do exceptions.raise_compiler_error(
                'Input was lost since the last run, so nothing was scored:\n' ~ lines | join('\n')
                ~ '\nTo fix it: bring back what is missing (a file that was cut, a `where`, a mapping). '
                ~ 'If it is gone for good, let this one run pass: --vars \'max_lost_rows: 1\'. The '
                ~ 'variable max_lost_rows is the share of its rows that an entry may lose (now '
                ~ allowed ~ '); at 1 lost columns pass, too.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#
    What entries lost since the last whole run, by (input, label): rows `before` and `now`, the rows
    that are `gone`, day by day, and the `columns` that are no longer given. One query for all entries:
    the gate runs in every build.
#}
{% macro losses_of_entries() -%}
    {%- set settled = ref('int_engagement__settled_input_rows') -%}
    {%- set query -%}
        select input, input_entry, null as column_name, sum(rows_before), sum(rows_now),
            sum(greatest(rows_before - rows_now, 0))
        from (
            select input, input_entry, occurred_on, sum(rows_before) as rows_before, sum(rows_now) as rows_now
            from (
                select input, input_entry, occurred_on, input_rows as rows_before, 0 as rows_now
                from {{ settled }} where column_name is null
                union all
                select input, input_entry, occurred_on, 0, input_rows
                from {{ this }} where column_name is null
            ) as both_runs
            group by input, input_entry, occurred_on
        ) as days
        group by input, input_entry
        having sum(greatest(rows_before - rows_now, 0)) > 0
        union all
        select input, input_entry, column_name, 0, 0, 0
        from (
            select input, input_entry, column_name from {{ settled }} where column_name is not null
            except
            select input, input_entry, column_name from {{ this }}
        ) as lost_columns
        order by column_name
    {%- endset -%}
    {%- set losses = {} -%}
    {%- for row in run_query(query).rows -%}
        {%- set lost = losses.setdefault((row[0], row[1]), {'before': 0, 'now': 0, 'gone': 0, 'columns': []}) -%}
        {%- if row[2] is none -%}
            {%- do lost.update({'before': row[3] | float, 'now': row[4] | float, 'gone': row[5] | float}) -%}
        {%- else -%}
            {%- do lost['columns'].append(row[2]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(losses) }}
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
