{#
    Gates: post-hooks that stop the run, inside the model's transaction, before anything is scored.
    The tables of the last good run stay as they are.
#}

{# On int_engagement__data_horizon: there must be an accepted interaction. #}
{% macro raise_nothing_accepted() -%}
    {%- if execute and run_query('select count(*) from ' ~ this).columns[0].values()[0] == 0 -%}
        {%- set rows = run_query(
            "select input_entry, coalesce(reject_reason, 'accepted') as reason, sum(interactions) as found from "
            ~ ref('int_engagement__interaction_cells') ~ ' group by 1, 2 order by 1, 3 desc, 2'
        ).rows -%}
        {%- set found = {} -%}
        {%- for entry in customer_engagement.input_entries('interactions') -%}
            {%- do found.update({entry.label: []}) -%}
        {%- endfor -%}
        {%- for row in rows -%}
            {%- do found.setdefault(row[0], []).append(row[1] ~ ' ' ~ row[2]) -%}
        {%- endfor -%}
        {%- set lines = [] -%}
        {%- for label, reasons in found.items() -%}
            {%- do lines.append(
                '  - ' ~ label ~ ': '
                ~ ('set aside: ' ~ reasons | join(', ') if reasons else 'the relation has no rows')
            ) -%}
        {%- endfor -%}
        {%- do exceptions.raise_compiler_error(
            'No interaction was accepted, so there is nothing to score. By entry of '
            ~ 'engagement_inputs.interactions:\n' ~ lines | join('\n') ~ '\nTo fix it: correct the '
            ~ 'relation, its `where` or its `columns`; the reasons are explained in docs/inputs.md.'
            ~ customer_engagement.not_read_again([
                'int_engagement__interactions_judged', 'int_engagement__interaction_cells',
            ])
        ) -%}
    {%- endif -%}
{%- endmacro %}

{# On int_engagement__scoring_periods: scoring_start and scoring_end must leave a period, and none far in the future. #}
{% macro raise_nothing_to_score() -%}
    {%- if execute -%}
        {%- set most_days_beyond = 366 -%}
        {%- set data = run_query(
            'select first_day, last_day from ' ~ ref('int_engagement__data_horizon')
        ).rows[0] -%}
        {%- set scored = run_query(
            'select count(*), max(period_end) from ' ~ this
            ~ ' where is_scored and period_end >= data_first_day'
        ).rows[0] -%}
        {%- set asked = 'scoring_start ' ~ var('scoring_start', '(not set)') ~ ', scoring_end '
            ~ var('scoring_end', '(not set)') -%}
        {%- if scored[0] == 0 -%}
            {%- do exceptions.raise_compiler_error(
                'No ' ~ customer_engagement.scoring_grain() ~ ' is within ' ~ asked ~ ': the data run from '
                ~ data[0] ~ ' to ' ~ data[1] ~ '. A period is scored when it ends on or after '
                ~ 'scoring_start and on or before scoring_end; change or remove these variables.'
                ~ customer_engagement.not_read_again(['int_engagement__data_horizon'])
            ) -%}
        {%- elif (scored[1] - data[1]).days > most_days_beyond -%}
            {%- do exceptions.raise_compiler_error(
                asked ~ ': the last period would end ' ~ (scored[1] - data[1]).days
                ~ ' days after the last accepted interaction (' ~ data[1] ~ '). At most '
                ~ most_days_beyond ~ ' days are built; change or remove scoring_end.'
                ~ customer_engagement.not_read_again(['int_engagement__data_horizon'])
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#
    On int_engagement__customer_scope: no id of a customer or account may be an e-mail address, unless
    it is allowed. It would be in every mart, and the data test that finds it there comes after all
    scoring. Ids are counted and not shown, as logs are read by many.
#}
{% macro raise_addresses_as_ids() -%}
    {%- if execute and 'email' not in var('allow_personal_data', []) -%}
        {%- set found = [] -%}
        {%- for column, relation in {
            'customer_id': this, 'account_id': ref('int_engagement__customer_attributes'),
        }.items() -%}
            {%- if run_query(
                'select count(*) from ' ~ relation ~ ' where '
                ~ customer_engagement.has_email_address(column)
            ).columns[0].values()[0] -%}
                {%- do found.extend(customer_engagement.entries_with_addresses(column)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if found -%}
            {%- do exceptions.raise_compiler_error(
                'Ids are e-mail addresses, which would be in every mart, and nothing was scored. By '
                ~ 'entry of engagement_inputs:\n' ~ found | join('\n') ~ '\nTo fix it: map a hash of '
                ~ 'the address, the same in every input (customer_id: "md5(lower(trim(email)))"), or '
                ~ 'map addresses to ids of your own by the input identities. If marts may hold '
                ~ 'addresses, say so under vars in dbt_project.yml: allow_personal_data: [email].'
                ~ customer_engagement.not_read_again([
                    'int_engagement__interactions_judged', 'int_engagement__customers_judged',
                ])
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# The entries whose rows have such an id, as lines of a message. #}
{% macro entries_with_addresses(column) -%}
    {%- set places = {
        'interactions': ref('int_engagement__interaction_ledger'),
        'customers': ref('int_engagement__customers_judged'),
        'survey_responses': ref('int_engagement__survey_responses_judged'),
    } if column == 'customer_id' else {'customers': ref('int_engagement__customers_judged')} -%}
    {%- set lines = [] -%}
    {%- for input, relation in places.items() -%}
        {%- set is_accepted = '' if input == 'interactions' else ' and reject_reason is null' -%}
        {%- for row in run_query(
            'select input_entry, count(distinct ' ~ column ~ ') from ' ~ relation ~ ' where '
            ~ customer_engagement.has_email_address(column) ~ is_accepted
            ~ ' group by input_entry order by input_entry'
        ).rows -%}
            {%- do lines.append('  - ' ~ input ~ ', ' ~ row[0] ~ ': ' ~ row[1] ~ ' different values of ' ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}
