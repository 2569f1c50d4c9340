"""The worked example of docs/score.md, set up as a user would: a CSV, a mapping, seed rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from dbt_project import Project

HEADER = ["event_id", "user_id", "event", "occurred_at", "amount"]
FIRST_DAY = date(2025, 1, 6)
# The last day of four weeks. Without it the week of the last row would still be waited for.
SCORING_END = date(2025, 2, 2)

POINTS = {"website_visit": 1, "email_click": 2, "purchase": 5}
FORMULAS = ("weighted_sum", "metric_mean", "weighted_mean")

Row = list[str]


def event_rows() -> list[Row]:
    """17 interactions of ann (10 visits, 5 clicks, 2 purchases) and 3 of ben, a day apart."""
    ann = ["Website_Visit"] * 10 + ["Email_Click"] * 5 + ["Purchase"] * 2
    ben = ["Website_Visit", "Email_Click", "Purchase"]
    done = [("ann", event) for event in ann] + [("ben", event) for event in ben]
    return [
        [
            f"e{number}",
            user,
            event,
            f"{FIRST_DAY + timedelta(days=number)} 09:00:00",
            f"{number}.50" if event == "Purchase" else "",
        ]
        for number, (user, event) in enumerate(done, start=1)
    ]


def events_file(project: Project) -> Path:
    return project.folder / "data/events.csv"


def write_events(project: Project, rows: Sequence[Row], header: Row = HEADER) -> None:
    """Writes the file that the project reads."""
    events_file(project).parent.mkdir(exist_ok=True)
    events_file(project).write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n")


def set_variables(project: Project, **variables: Any) -> None:
    """Sets variables in the project's own file, where a user sets them."""
    path = project.folder / "dbt_project.yml"
    settings = yaml.safe_load(path.read_text())
    settings["vars"] = {**settings.get("vars", {}), **variables}
    path.write_text(yaml.safe_dump(settings))


def set_up(project: Project) -> None:
    """Everything that the example needs: no model is touched."""
    write_events(project, event_rows())
    entry = {
        "name": "shop",
        "relation": f"read_csv('{events_file(project)}', all_varchar = true)",
        "columns": {
            "interaction_id": "event_id",
            "customer_id": "user_id",
            "activity_type": "lower(event)",
        },
    }
    set_variables(
        project,
        engagement_inputs={"interactions": [entry]},
        scoring_end=str(SCORING_END),
        # Tests take rows away on purpose.
        max_lost_rows=1,
    )
    models, weights = project.seed_rows("score_models"), project.seed_rows("activity_weights")
    for priority, formula in enumerate(FORMULAS, start=2):
        key = {"score_model": f"by_{formula}", "version": "1"}
        models.append({**models[0], **key, "formula": formula, "priority": str(priority)})
        weights += [
            {**key, "activity_type": activity_type, "points": str(points)}
            for activity_type, points in POINTS.items()
        ]
    project.write_seed("score_models", models)
    project.write_seed("activity_weights", weights)
