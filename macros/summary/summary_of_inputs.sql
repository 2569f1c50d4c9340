{% macro summary_of_inputs() -%}
    {%- set lines = ['', 'READ'] -%}
    {%- set equal = [] -%}
    {%- for row in run_query(
        'select input_entry, raw_rows, accepted_rows, duplicate_rows, rejected_rows, filtered_rows, equal_rows from '
        ~ ref('interaction_audit') ~ ' order by raw_rows desc, input_entry'
    ).rows -%}
        {%- set counts = customer_engagement.thousands(row[1:]) -%}
        {%- do lines.append(
            '  %-28s %9s rows = %9s accepted + %5s duplicate + %5s set aside' | format(
                row[0] | truncate(28, true), *counts[:4]
            ) ~ (' (%s more left out by its filter)' | format(counts[4]) if row[5] else '')
        ) -%}
        {%- if row[6] -%}
            {%- do equal.append('%s of %s' | format(counts[5], row[0])) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if equal -%}
        {%- do lines.append(
            '  without an id and equal to another row: ' ~ equal | join(', ')
            ~ '; each counts. If they are copies, map an interaction_id'
        ) -%}
    {%- endif -%}
    {%- set reasons = [] -%}
    {%- for reason in customer_engagement.reject_reasons() -%}
        {%- do reasons.append("select '" ~ reason ~ "' as reason, sum(rejected_" ~ reason ~ ') as found from '
            ~ ref('interaction_audit')) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select * from (' ~ reasons | join(' union all ') ~ ') as reasons where found > 0 order by found desc, reason'
    ).rows -%}
        {%- do found.append(row[0] ~ ' ' ~ row[1] | int) -%}
    {%- endfor -%}
    {%- if found -%}
        {%- do lines.append('  set aside: ' ~ found[:6] | join(', ')
            ~ (', and %d more reasons' | format(found | length - 6) if found | length > 6 else '')) -%}
    {%- endif -%}
    {%- set unlisted = run_query(
        'select seed_row, sum(interactions) from ' ~ ref('int_engagement__unlisted_activity_types')
        ~ ' group by seed_row order by 2 desc, 1'
    ).rows -%}
    {%- if unlisted -%}
        {%- do lines.append('  not in the seed activity_types, so worth 0 points; rows to paste and correct:') -%}
        {%- for row in unlisted[:3] -%}
            {%- do lines.append('    %s   (%s interactions)' | format(row[0], row[1] | int)) -%}
        {%- endfor -%}
        {%- if unlisted | length > 3 -%}
            {%- do lines.append('    and ' ~ (unlisted | length - 3) ~ ' more in int_engagement__unlisted_activity_types') -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro %}
