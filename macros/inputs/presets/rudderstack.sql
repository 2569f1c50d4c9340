{#
    RudderStack, table <source>.tracks of a warehouse destination.
    https://www.rudderstack.com/docs/destinations/warehouse-destinations/warehouse-schema/ (columns)
    https://www.rudderstack.com/docs/event-spec/ecommerce-events-spec/ordering/ (order events)

    The layout, the meaning of each column and the names of order events are those of Segment's
    tracks, and so is what it cannot know. A warehouse that only appends, which is the default, holds
    the copies that a library sent twice: `id`, the message's own, removes them.
#}
{% macro preset_rudderstack_tracks() -%}
    {%- set event = customer_engagement.named_order_events('event') -%}
    {{ return(customer_engagement.preset_of_call(event)) }}
{%- endmacro %}
