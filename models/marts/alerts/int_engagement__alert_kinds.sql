-- A new kind of alert: its row here, and its condition in a model of the folder conditions.
with final as (

    select
        kinds.kind,
        kinds.severity,
        kinds.severity_if_disengaged,
        kinds.direction,
        kinds.acts_by,
        kinds.action,
        kinds.sentence
    from (
        values
        (
            'stale_source', 'critical', null, null, null,
            'See to the load of this source before you trust a fall of its customers',
            'No event since {happened_on}, {measured} days ago; usually there is one every '
            || '{usual} days'
        ),
        (
            'global_shift', 'critical', null, null, null,
            'Look for one cause (season, outage, tracking, campaign) before anybody calls '
            || 'customers',
            'Of the {measured} customers whose score moved since {happened_on}, half '
            || '{lost_or_gained} {size} points or more'
        ),
        (
            'not_followed_up', 'high', null, null, null,
            'Answer today: nobody has followed up',
            'Answered {detail} with {measured} on {happened_on}, and nobody followed up '
            || 'within {{ var('follow_up_days', 4) }} days'
        ),
        (
            'engaged_unhappy', 'high', null, null, null,
            'Ask what went wrong, before anything else is asked of them',
            'Engaged, yet answered {detail} with {measured} on {happened_on}'
        ),
        (
            'drop', 'high', null, -1, 'band',
            'Ask what has changed',
            'Score {previous_score} to {score} since {happened_on}, while everybody moved '
            || 'by {shift}'
        ),
        (
            'silence', 'medium', 'low', -1, 'lowest_band',
            'Ask how they are getting on',
            'Silent for {measured} days; usually {usual} pass between active days'
        ),
        (
            'band_down', 'medium', null, -1, 'band',
            'Ask what has changed',
            'Down from {previous_band} to {band}, score {score}'
        ),
        (
            'gaming', 'medium', null, null, null,
            'See whether a person did this; if not, mark it is_automated, or set a daily_cap',
            '{measured} times {detail} on {happened_on}'
        ),
        (
            'recovery', 'low', null, 1, 'band',
            'Welcome them back, and ask what brought them',
            'Active in two periods again, after {measured} days of silence until '
            || '{happened_on}'
        ),
        (
            'rise', 'low', null, 1, 'band',
            'Find out what works for them',
            'Score {previous_score} to {score} since {happened_on}, while everybody moved '
            || 'by {shift}'
        ),
        (
            'band_up', 'low', null, 1, 'band',
            'Find out what works for them',
            'Up from {previous_band} to {band}, score {score}'
        )
    ) as kinds (
        kind, severity, severity_if_disengaged, direction, acts_by, action, sentence
    )

)

select * from final
