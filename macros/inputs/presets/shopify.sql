{#
    Shopify, the Order of its Admin REST API, landed as one flat row per order.
    https://shopify.dev/docs/api/admin-rest/latest/resources/order (columns, except customer_id)
    https://fivetran.com/docs/connectors/applications/shopify/connector-schema (customer_id)

    A row is one order as it is now. The customer is Shopify's customer id, which loaders flatten out
    of the nested `customer`; an order without one (a sale at the till) is rejected. The e-mail
    address is no substitute: it would give one person two ids.

    processed_at is the date that Shopify's own reports use: for an imported order created_at is
    only the day of the import. total_price is the order as placed, in the shop's currency, taxes,
    shipping and discounts included; current_total_price would change the past at every return.

    Test orders and cancelled ones are no purchases; an order whose `test` cannot be read is set
    aside. It cannot read refunds, whose dates are in a table of their own, nor how many items were
    bought: those are lines of the order. It filters only by columns that every loader's layout has,
    so that a different layout is a matter of overriding `columns`.
#}
{% macro preset_shopify_orders() -%}
    {{ return({
        'columns': {
            'interaction_id': "id",
            'customer_id': "customer_id",
            'activity_type': "'purchase'",
            'occurred_at': "processed_at",
            'order_id': "id",
            'channel': "source_name",
            'amount': "total_price",
            'is_automated': customer_engagement.preset_unreadable_flags(['test']),
        },
        'where': "not coalesce(" ~ customer_engagement.preset_flag('test') ~ ", false) and "
            ~ customer_engagement.preset_text('cancelled_at') ~ " is null",
    }) }}
{%- endmacro %}

{#
    Shopify, the CSV that its admin exports (Orders > Export).
    https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders (columns)

    An order of several items has a line per item, and only the first has its status and total: the
    others are filtered out, so an order is one purchase. Cancelled ones are none. The export has no
    mark for test orders and no `processed_at`: "Created at" is the day of an imported order's import.

    There is no customer id. The customer is a hash of the e-mail address in lower case, so that no
    mart holds an address and one person's orders belong together; `identities` turns it into the
    company's own id. An order without an address is rejected. Phones are no substitute: they would
    give one person two ids.

    A spreadsheet that saved the file may have cut "Id" to 7.41E+12, the same for many orders: then
    "Name" (#1001) takes its place. "Refunded Amount" has no date, so refunds are not read.
#}
{% macro preset_shopify_orders_csv() -%}
    {%- set id = customer_engagement.preset_text(adapter.quote('Id')) -%}
    {%- set name = customer_engagement.preset_text(adapter.quote('Name')) -%}
    {%- set email = 'lower(' ~ customer_engagement.preset_text(adapter.quote('Email')) ~ ')' -%}
    {%- set order_id =
        "coalesce(case when lower(" ~ id ~ ") not like '%e+%' then " ~ id ~ " end, " ~ name ~ ")" -%}
    {{ return({
        'columns': {
            'interaction_id': order_id,
            'customer_id': dbt.hash(email),
            'activity_type': "'purchase'",
            'occurred_at': adapter.quote('Created at'),
            'order_id': order_id,
            'channel': adapter.quote('Source'),
            'amount': adapter.quote('Total'),
        },
        'where': customer_engagement.preset_first_text(
            [adapter.quote('Financial Status'), adapter.quote('Total')]
        ) ~ " is not null and "
            ~ customer_engagement.preset_text(adapter.quote('Cancelled at')) ~ " is null",
    }) }}
{%- endmacro %}
