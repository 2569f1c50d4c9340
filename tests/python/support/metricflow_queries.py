"""Runs commands of MetricFlow's own program, one after the other in one process.

    python metricflow_queries.py '["validate-configs"]' '["query", "--metrics", ...]'

In the folder of a dbt project that is parsed. Starting `mf` takes longer than most of what it does.
What it prints goes to the standard output; an error ends the process. It asks the package index
for a newer version of itself each time, which a test must not do.
"""

from __future__ import annotations

import json
import sys
from unittest import mock

from dbt_metricflow.cli import main


def run(commands: list[list[str]]) -> None:
    """Runs each command; one that fails ends the process."""
    with mock.patch.object(main, "UpdateChecker"):
        for command in commands:
            main.cli(command, standalone_mode=False)


if __name__ == "__main__":
    run([json.loads(command) for command in sys.argv[1:]])
