{{ config(
    materialized='incremental',
    full_refresh=false,
    pre_hook="{{ customer_engagement.lift_erasures() }}",
) }}
{#- The first model that reads the inputs: files that cannot be read stop the run before it. -#}
{{ depends_on('stg_engagement__text_files') }}
-- Erasure must not fail open: anyone who was erased stays so when the customers row is gone, and so
-- does every id that ever led to them. Superseded and chained statements count, too.
with recursive identities as (

    select * from {{ ref('stg_engagement__identities') }}
    where id is not null and customer_id is not null

),

current_identities as (

    {{ current_identities('identities') | indent(4) }}

),

erased_customers as (

    select distinct customer_id
    from {{ ref('stg_engagement__customers') }}
    where customer_id is not null and is_erased

),

kept_ids as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    select
        customer_id as stated_id,
        customer_id as id,
        true as is_person
    from erased_customers
    where false
    {%- endif %}

),

first_persons as (

    select
        customer_id as stated_id,
        customer_id as id
    from erased_customers

    union distinct

    select
        stated_id,
        id
    from kept_ids
    where is_person

),

-- From the id that was stated to the customers whom it belongs to now: the same person.
persons as (

    select * from first_persons

    union distinct

    select
        persons.stated_id,
        current_identities.customer_id as id
    from persons
    inner join current_identities
        on persons.id = current_identities.id

),

first_aliases as (

    select * from persons

    union distinct

    select
        stated_id,
        id
    from kept_ids

),

-- And back to every id that was ever said to be one of theirs: its rows may be about them, though
-- the id may belong to somebody else by now.
aliases as (

    select * from first_aliases

    union distinct

    select
        aliases.stated_id,
        identities.id
    from aliases
    inner join identities
        on aliases.id = identities.customer_id

),

found_ids as (

    select
        aliases.stated_id,
        aliases.id,
        persons.id is not null as is_person
    from aliases
    left join persons
        on
            aliases.stated_id = persons.stated_id
            and aliases.id = persons.id

),

final as (

    select
        found_ids.stated_id,
        found_ids.id,
        found_ids.is_person
    from found_ids
    left join kept_ids
        on
            found_ids.stated_id = kept_ids.stated_id
            and found_ids.id = kept_ids.id
            and found_ids.is_person = kept_ids.is_person
    where kept_ids.id is null

)

select * from final
