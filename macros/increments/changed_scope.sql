{# Before every date, and after every date. #}
{% macro first_date() -%} date '0001-01-01' {%- endmacro %}
{% macro last_date() -%} date '9999-12-31' {%- endmacro %}

{#
    The head of a table by customer and period that is built by increments. It keeps the rows of
    everyone outside the scope, and replaces those within.

    scope       whose rows are computed: of 'pending' or of 'rescored' customers
    day         the column that holds a row's period
    has_end     false: all later periods are computed, too, because the model looks back
    of_periods  the periods that the table holds, as a condition on int_engagement__scoring_periods
#}
{% macro built_by_customer_and_period(scope, day='period_end', has_end=true, of_periods='is_scored') -%}
    {{ config(materialized='incremental', pre_hook=[
        '{{ require_everything() }}',
        "{{ delete_scope('" ~ scope ~ "', '" ~ day ~ "', " ~ (has_end | lower) ~ ') }}',
        "{{ delete_other_periods('" ~ of_periods ~ "', '" ~ day ~ "') }}",
    ]) }}
{%- endmacro %}

{# The same for a table by period, of all customers together. #}
{% macro built_by_period(has_end=true) -%}
    {{ config(materialized='incremental', pre_hook=[
        '{{ require_everything() }}',
        '{{ delete_rescored_periods(' ~ (has_end | lower) ~ ') }}',
        '{{ delete_other_periods() }}',
    ]) }}
{%- endmacro %}

{#
    The pre-hooks of these tables. They run in the transaction that adds the new rows. dbt reads them at
    the parse, too, when nothing is incremental: so each names its models before it branches.
#}

{# Deletes the rows that this run computes again. #}
{% macro delete_scope(scope, day, has_end) -%}
    {%- set customers = ref('int_engagement__' ~ scope ~ '_customers') -%}
    {%- if is_incremental() %}
    -- The first condition says nothing new, and lets the engine pass over all other customers.
    delete from {{ this }}
    where
        customer_id in (select customer_id from {{ customers }})
        and exists (
            select 1
            from {{ customers }} as scope
            where
                scope.customer_id = {{ this.identifier }}.customer_id
                and scope.{{ scope }}_from <= {{ this.identifier }}.{{ day }}
                {%- if has_end %}
                and scope.{{ scope }}_until >= {{ this.identifier }}.{{ day }}
                {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}

{# Deletes the periods that are no longer there. #}
{% macro delete_other_periods(of_periods='is_scored', day='period_end') -%}
    {%- set periods = ref('int_engagement__scoring_periods') -%}
    {%- if is_incremental() %}
    delete from {{ this }}
    where {{ day }} not in (select period_end from {{ periods }} where {{ of_periods }})
    {%- endif -%}
{%- endmacro %}

{# Deletes, for everybody, the periods in which anybody's score is computed again. #}
{% macro delete_rescored_periods(has_end=true) -%}
    {%- set is_rescored = customer_engagement.is_rescored_period('period_end', has_end) -%}
    {%- if is_incremental() %}
    delete from {{ this }}
    where {{ is_rescored }}
    {%- endif -%}
{%- endmacro %}

{#
    Built from nothing, a table needs everybody. A run that computes only what changed cannot give it
    that.
#}
{% macro require_everything() -%}
    {%- set changed_days = ref('int_engagement__changed_days') -%}
    {%- if execute and not is_incremental()
        and run_query('select count(*) from ' ~ changed_days
            ~ ' where customer_id is null and changed_on is null').rows[0][0] == 0 -%}
        {%- do exceptions.raise_compiler_error(
            this.identifier ~ ' cannot be built from nothing alone: this run computes only what '
            ~ 'changed. Build all of it: dbt build --full-refresh. Your tables stay as they are.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#
    Whether anybody's score of a period is computed again: what is published of all is, too. Without
    has_end all that follows is, too: for what is compared with the period before.
#}
{% macro is_rescored_period(period_end, has_end=true) -%}
    {{ period_end }} >= (select min(rescored_from) from {{ ref('int_engagement__rescored_customers') }})
    {%- if has_end %}
        and {{ period_end }} <= (select max(rescored_until) from {{ ref('int_engagement__rescored_customers') }})
    {%- endif %}
{%- endmacro %}

{# Whether a customer's sums and metrics are computed in this run. #}
{% macro is_pending_customer(customer_id) -%}
    {{ customer_id }} in (
        select pending_customers.customer_id
        from {{ ref('int_engagement__pending_customers') }} as pending_customers
    )
{%- endmacro %}
