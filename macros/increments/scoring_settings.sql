{#
    What the models take from variables and from their own code, as one text: when it changes,
    everything is computed again. What a variable changes in the data, the days or the periods
    shows there.
#}
{% macro scoring_settings() -%}
    {%- set parts = [
        customer_engagement.package_version(),
        customer_engagement.scoring_grain(), customer_engagement.week_start(), var('reporting_timezone', 'UTC'),
        var('min_exposure_days', 7), var('onboarding_days', 30), customer_engagement.min_segment_size(),
        customer_engagement.good_score(), customer_engagement.engaged_score(),
        customer_engagement.segment_columns() | join(' '),
        customer_engagement.segment_pairs() | map('join', ' x ') | join(' '),
        customer_engagement.is_suggesting(),
    ] -%}
    {%- if not customer_engagement.is_suggesting() -%}
        {%- do parts.extend([
            customer_engagement.score_windows() | join(' '), customer_engagement.band_switches(),
        ]) -%}
    {%- endif -%}
    {%- for metric, facts in customer_engagement.custom_metrics().items() -%}
        {%- do parts.append(metric ~ ' ' ~ facts.ref | join('.') ~ ' ' ~ facts.column) -%}
    {%- endfor -%}
    {%- if execute -%}
        {%- set sums = [] -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'model' and node.package_name == 'customer_engagement' -%}
            {%- do sums.append(node.checksum.checksum) -%}
        {%- endfor -%}
        {%- do parts.append(local_md5(sums | sort | join)) -%}
    {%- endif -%}
    {{ return(parts | join(', ')) }}
{%- endmacro %}
