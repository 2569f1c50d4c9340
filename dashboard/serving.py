"""Serves the dashboards with dbt-charts, to this machine's own names alone.

A page of another site can lead a browser to this port under a name of its own (DNS rebinding), and
would then read the dashboards. Its requests say that name, so they are refused.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OWN_NAME = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
REFUSAL = b"These dashboards answer to http://localhost alone.\n"


class OwnNamesOnly:
    """Answers 403 to requests under any other name than that of this machine."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes on a request that names this machine."""
        if scope["type"] == "lifespan" or is_own_name(scope.get("headers", [])):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL})


def is_own_name(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request names this machine, once and by a name that no one else can have."""
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    return len(hosts) == 1 and OWN_NAME.fullmatch(hosts[0]) is not None


def serve(port: str, charts: Path, project: Path, environment: dict[str, str]) -> None:
    """Runs `dct serve` in this process, with the guard before it; ends with the process."""
    os.environ.update(environment)
    from dbt_charts.agent_api import serve as serving
    from dbt_charts.cli.main import app

    prepare = serving.prepare_serve

    def guarded(*arguments: Any, **named: Any) -> Any:
        setup = prepare(*arguments, **named)
        # What cannot start is a diagnostic, and has no app.
        if hasattr(setup, "app"):
            setup.app.add_middleware(OwnNamesOnly)
        return setup

    serving.prepare_serve = guarded
    options = [f"--port={port}", f"--project-dir={charts}", f"--dbt-project-dir={project}"]
    sys.argv = ["dct", "serve", *options]
    app()
