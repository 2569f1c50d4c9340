{#-
    Goals in the good direction: the 75th percentile upwards, the 25th downwards, of those who have any.
    Of all customers it would lie between those who have none and those who have, wherever a quarter is
    active: two customers more or less would move it from one end to the other.
-#}
with metric_values as (

    select * from {{ ref('int_engagement__metric_values') }}

),

{% if is_suggesting() -%}
target as (

    {{ suggestion_target(ref('config_engagement__score_models')) | indent(4) }}

),

{% endif -%}
score_metrics as (

    select
        score_model,
        version,
        metric,
        dimension,
        weight,
        scaling,
        lower,
        goal,
        missing
    from {{ ref('config_engagement__score_metrics') }}
    {%- if is_suggesting() %}

    union all

    -- Every metric that there is, with the weight that it has now.
    select
        suggested.score_model,
        suggested.version,
        metric_catalog.metric,
        metric_catalog.dimension,
        coalesce(present.weight, 0) as weight,
        metric_catalog.scaling,
        case
            when metric_catalog.metric = 'recency_days' then suggested.window_days
            else metric_catalog.default_lower
        end as lower,
        cast(null as double) as goal,
        'rescale' as missing
    from ({{ metric_catalog_rows() }}) as metric_catalog
    cross join target
    inner join {{ ref('config_engagement__score_models') }} as suggested
        on
            target.score_model = suggested.score_model
            and suggested.version = 'suggested'
    left join {{ ref('config_engagement__score_metrics') }} as present
        on
            target.score_model = present.score_model
            and target.version = present.version
            and metric_catalog.metric = present.metric
    {%- endif %}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and formula = 'index'

),

metric_catalog as (

    {{ metric_catalog_rows() | indent(4) }}

),

latest as (

    select max(period_end) as period_end
    from metric_values

),

-- A version of the past or of the future has no values to judge by.
versions as (

    select
        score_models.score_model,
        score_models.version,
        {{ is_in_force('score_models', 'latest.period_end') }} as is_in_force
    from score_models
    cross join latest

),

-- Whoever is still new has rates that mean little.
customers as (

    select metric_values.*
    from metric_values
    inner join latest
        on metric_values.period_end = latest.period_end
    where
        metric_values.is_known
        and not metric_values.is_new
        and metric_values.value is not null

),

-- What lies beyond `lower` in the good direction: a habit is judged among those who have it.
judged as (

    select
        score_metrics.score_model,
        score_metrics.version,
        score_metrics.metric,
        score_metrics.lower,
        metric_catalog.direction,
        customers.value,
        case
            when metric_catalog.direction = 'down' and customers.value < score_metrics.lower
                then customers.value
            when metric_catalog.direction = 'up' and customers.value > score_metrics.lower
                then customers.value
        end as value_beyond
    from score_metrics
    inner join metric_catalog
        on score_metrics.metric = metric_catalog.metric
    inner join customers
        on
            score_metrics.score_model = customers.score_model
            and score_metrics.version = customers.version
            and score_metrics.metric = customers.metric

),

percentiles as (

    select
        score_model,
        version,
        metric,
        count(*) as customers,
        count(value_beyond) as customers_beyond,
        case
            when max(direction) = 'down'
                then percentile_cont(0.25) within group (order by value_beyond)
            else percentile_cont(0.75) within group (order by value_beyond)
        end as good_quartile
    from judged
    group by
        score_model,
        version,
        metric

),

chosen as (

    select
        *,
        -- Days are counted whole: nobody can be seen within less than one.
        case
            when metric = 'recency_days'
                then greatest(1, {{ significant_digits('good_quartile', 3) }})
            else {{ significant_digits('good_quartile', 3) }}
        end as rounded_quartile
    from percentiles

),

-- Texts are read again from the seed, so that a row can be pasted over the one that is there.
final as (

    select
        score_metrics.score_model,
        score_metrics.version,
        score_metrics.metric,
        score_metrics.dimension,
        score_metrics.weight,
        score_metrics.scaling,
        score_metrics.lower,
        case
            when not versions.is_in_force then score_metrics.goal
            else chosen.rounded_quartile
        end as goal,
        score_metrics.missing,
        case
            when not versions.is_in_force
                then {{ dbt.concat([
                    "'the version is not in force on '",
                    "cast(latest.period_end as " ~ dbt.type_string() ~ ")",
                    "': its goal is left as it is'",
                ]) }}
            when chosen.customers is null then 'nobody has a value yet: the metric is off'
            when chosen.customers_beyond = 0
                then 'no customer is beyond lower: set a goal by hand or take the metric out'
            when chosen.customers_beyond = chosen.customers
                then {{ dbt.concat([
                    "'a quarter of '", as_count('chosen.customers'), "' customers reach it on '",
                    "cast(latest.period_end as " ~ dbt.type_string() ~ ")",
                ]) }}
            else {{ dbt.concat([
                "'a quarter of the '", as_count('chosen.customers_beyond'),
                "' who have any, of '", as_count('chosen.customers'), "' customers, reach it on '",
                "cast(latest.period_end as " ~ dbt.type_string() ~ ")",
            ]) }}
        end as reason
    from score_metrics
    inner join versions
        on
            score_metrics.score_model = versions.score_model
            and score_metrics.version = versions.version
    inner join metric_catalog
        on score_metrics.metric = metric_catalog.metric
    left join chosen
        on
            score_metrics.score_model = chosen.score_model
            and score_metrics.version = chosen.version
            and score_metrics.metric = chosen.metric
    cross join latest

)

select * from final
