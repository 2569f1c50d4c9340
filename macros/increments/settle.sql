{#
    At the end of a run that built everything: what it was made of is settled, and the changes are
    done with, those of erased people among them. A run that was killed, failed or built a part settles nothing: the next computes
    its changes again, and those since.
#}
{% macro settle(results) -%}
    {%- if execute -%}
        {%- set built = [] -%}
        {%- for result in results if result.status | string == 'success' -%}
            {%- do built.append(result.node.unique_id) -%}
        {%- endfor -%}
        {%- set missing = [] -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.package_name == 'customer_engagement'
            and node.config.materialized in ['table', 'incremental']
            and 'suggestions' not in node.fqn and node.unique_id not in built -%}
            {%- do missing.append(node.name) -%}
        {%- endfor -%}
        {%- if not missing -%}
            {%- set changed_days = customer_engagement.stored_relation('int_engagement__changed_days') -%}
            {%- set pending = customer_engagement.stored_relation('int_engagement__pending_customers') -%}
            {%- set rescored = customer_engagement.stored_relation('int_engagement__rescored_customers') -%}
            {%- set settled = customer_engagement.stored_relation('int_engagement__settled_facts') -%}
            {%- set facts = customer_engagement.stored_relation('int_engagement__scoring_facts') -%}
            {%- set new_alerts = customer_engagement.stored_relation('int_engagement__new_alerts') -%}
            {%- set available = customer_engagement.stored_relation('int_engagement__available_metrics') -%}
            begin;
            delete from {{ settled }};
            insert into {{ settled }}
            select customer_id, fact, holds_from, facts, fingerprint from {{ facts }}
            union all
            select customer_id, fact, holds_from, facts, fingerprint from {{ available }};
            delete from {{ changed_days }};
            delete from {{ pending }};
            delete from {{ rescored }};
            {%- if new_alerts %}
            update {{ new_alerts }} set is_settled = true;
            {%- endif %}
            {{- customer_engagement.settle_input_rows() }}
            commit;
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
