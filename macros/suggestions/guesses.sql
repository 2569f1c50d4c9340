{# Where an activity happens, by the words in its name. #}
{% macro guessed_touchpoint(activity_type) -%}
    case
        {%- for touchpoint, words in {
            'email': ['mail', 'newsletter'],
            'purchase': [
                'purchase', 'order', 'buy', 'bought', 'checkout', 'payment', 'coupon', 'refund', 'renew',
                'cancel', 'subscription',
            ],
            'support': ['support', 'ticket', 'chat', 'help'],
            'social': ['social', 'like', 'share', 'comment', 'follow', 'tweet'],
            'app': ['app', 'session', 'feature', 'login', 'install', 'screen'],
            'offline': ['store', 'visit_in', 'event', 'call', 'meeting'],
        }.items() %}
        when
            {%- for word in words %}
            lower({{ activity_type }}) like '%{{ word }}%'{{ ' or' if not loop.last }}
            {%- endfor %}
            then '{{ touchpoint }}'
        {%- endfor %}
        else 'web'
    end
{%- endmacro %}

{#
    What an activity is, by the words in its name: what is done to the customer is an exposure, money has
    its roles, all else is engagement. Looking at, beginning or failing at something is not doing it.
#}
{% macro guessed_role(activity_type) -%}
    {%- set name = customer_engagement.name_as_words(activity_type) -%}
    {#- emailsent is email sent. -#}
    {%- set parts = [name] -%}
    {%- for channel in ['mail', 'letter', 'message', 'sms', 'push', 'notification'] -%}
        {%- do parts.append("replace(" ~ parts[-1] ~ ", '" ~ channel ~ "', '" ~ channel ~ " ')") -%}
    {%- endfor -%}
    {%- set parted = parts[-1] -%}
    {%- set undone = ['view', 'start', 'abandon', 'fail', 'click', 'open', 'page', 'request', 'policy'] -%}
    case
        when
            {%- for word in ['payment', 'order', 'refund', 'purchase'] %}
            {{ name }} like '% {{ word }} received %'{{ ' or' if not loop.last }}
            {%- endfor %}
            then case when {{ name }} like '% refund %' then 'engagement' else 'purchase' end
        when
            {%- for word in ['sent', 'delivered', 'received', 'impression', 'impressions', 'scheduled', 'bounced'] %}
            {{ parted }} like '% {{ word }} %'{{ ' or' if not loop.last }}
            {%- endfor %}
            then 'exposure'
        when
            {%- for word in undone %}
            {{ name }} like '%{{ word }}%'{{ ' or' if not loop.last }}
            {%- endfor %}
            then 'engagement'
        {%- for role, words in {
            'refund': ['refund', 'chargeback', 'order return', 'item return', 'product return'],
            'cancellation': ['cancel', ' churn'],
            'renewal': ['renew'],
            'purchase': [
                'purchase', 'bought', ' order ', 'order placed', 'order complete', 'order created', 'order paid',
                'checkout complete', 'payment', 'transaction',
            ],
        }.items() %}
        when
            {%- for word in words %}
            {{ name }} like '%{{ word }}%'{{ ' or' if not loop.last }}
            {%- endfor %}
            then '{{ role }}'
        {%- endfor %}
        else 'engagement'
    end
{%- endmacro %}

{# Whether an activity counts as one of the customer, by its guessed role: as config_engagement__activity_types says. #}
{% macro is_guessed_engaged(activity_type) -%}
    ({{ customer_engagement.guessed_role(activity_type) }} not in ('exposure', 'cancellation', 'refund'))
{%- endmacro %}

{# A name in lower case, its words parted by one kind of space, with one at each end. #}
{% macro name_as_words(activity_type) -%}
    {{ return(dbt.concat(["' '", "translate(lower(" ~ activity_type ~ "), '_-.:/', '     ')", "' '"])) }}
{%- endmacro %}
