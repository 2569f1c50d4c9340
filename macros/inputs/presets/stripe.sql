{#
    Stripe, the Charge as Fivetran lands it: CHARGE.
    https://docs.stripe.com/api/charges/object (meaning)
    https://docs.stripe.com/currencies (minor units, special cases)
    https://fivetran.com/docs/connectors/applications/stripe/connector-schema (columns)

    A row is one attempt to take money. Only those that succeeded and were captured are purchases: a
    failed or pending charge is none, nor is an authorisation. Charges of test mode are left out, and
    a charge whose `captured` or `livemode` cannot be read is set aside.
    The customer is Stripe's customer id; a guest's charge has none, and is rejected.

    Amounts are in the currency's smallest unit: yen are whole, dinars have thousandths. ISK and UGX
    have no fractions either, but Stripe still writes them as hundredths. They are in the currency
    of the charge, as charged: refunds are a table of their own.

    An order is what the customer meant to pay, the PaymentIntent; an old charge has none, and is an
    order of its own. It cannot tell a first payment from a renewal: the invoice can.
#}
{% macro preset_stripe_charges() -%}
    {{ return({
        'columns': {
            'interaction_id': "id",
            'customer_id': "customer_id",
            'activity_type': "'purchase'",
            'occurred_at': "created",
            'order_id': customer_engagement.preset_first_text(['payment_intent_id', 'id']),
            'amount': customer_engagement.preset_number_in_units(
                customer_engagement.preset_text('amount'),
                customer_engagement.stripe_parts_of_unit('currency')
            ),
            'is_automated':
                customer_engagement.preset_unreadable_flags(['captured', 'livemode']),
            'loaded_at': "_fivetran_synced",
        },
        'where': customer_engagement.preset_text('status') ~ " = 'succeeded'"
            ~ " and coalesce(" ~ customer_engagement.preset_flag('captured') ~ ", true)"
            ~ " and coalesce(" ~ customer_engagement.preset_flag('livemode') ~ ", true)",
    }) }}
{%- endmacro %}

{# How many of a currency's smallest units, as Stripe counts them, make a unit. #}
{% macro stripe_parts_of_unit(currency) -%}
    {%- set code = 'lower(' ~ customer_engagement.preset_text(currency) ~ ')' -%}
    {%- set whole = ['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
        'vuv', 'xaf', 'xof', 'xpf'] -%}
    {%- set thousandths = ['bhd', 'jod', 'kwd', 'omr', 'tnd'] -%}
    {{ return(
        "case when " ~ code ~ " in ('" ~ whole | join("', '") ~ "') then 1"
        ~ " when " ~ code ~ " in ('" ~ thousandths | join("', '") ~ "') then 1000 else 100 end"
    ) }}
{%- endmacro %}
