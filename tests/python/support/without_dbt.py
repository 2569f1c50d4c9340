"""`pytest --without-dbt`: the tests that need no build, for `make check`.

A test is skipped at the moment when it copies a project, starts dbt or starts any other process, so
there is no list of quick tests that could go stale.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn
from unittest import mock

import pytest
from dbt.cli.main import dbtRunner


@contextmanager
def without_dbt() -> Iterator[None]:
    """Within the block, a test that would build something is skipped."""

    def skip(*arguments: Any, **named: Any) -> NoReturn:
        pytest.skip("builds a project or starts a process")

    with (
        mock.patch.object(dbtRunner, "invoke", skip),
        # Before that most of them copy a project, which is slow.
        mock.patch.object(shutil, "copytree", skip),
        mock.patch.object(subprocess, "Popen", skip),
    ):
        yield
