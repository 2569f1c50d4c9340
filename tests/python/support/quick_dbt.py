"""What dbt does again in every run of one process, done once: about half of its time.

What a run builds is the same. dbt's command, as users have it, is what `make test` starts with.
"""

from __future__ import annotations

import gc
from functools import cache
from types import CodeType
from typing import Any
from unittest import mock

import parsedatetime
from dbt import compilation
from dbt.adapters.base import BaseAdapter, BaseRelation
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent, DebugLevel, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import PrintEvent
from dbt_common.tests import enable_test_caching

LEVELS_READ = (EventLevel.WARN, EventLevel.ERROR)


def install() -> None:
    """From now on, in this process."""
    # dbt parses its own thousand macros once, and not once a run: .2 s instead of 1 s.
    enable_test_caching()
    keep_compiled_templates()
    tell_warnings_only()
    look_up_relations_by_name()
    keep_inlined_models()
    # Every table that a query returns makes the same patterns for dates.
    mock.patch.object(parsedatetime, "Constants", cache(parsedatetime.Constants)).start()
    # What is imported stays: the collector need not go through all of it again and again.
    gc.collect()
    gc.freeze()


def keep_compiled_templates() -> None:
    """The same text of a model or macro is compiled to the same code."""
    compile_anew = MacroFuzzEnvironment.compile
    known: dict[tuple, CodeType] = {}

    def compiled(
        self: MacroFuzzEnvironment, source: Any, *arguments: Any, **named: Any
    ) -> CodeType:
        if not isinstance(source, str) or arguments or named:
            return compile_anew(self, source, *arguments, **named)
        key = (type(self), tuple(self.extensions), source)
        if key not in known:
            known[key] = compile_anew(self, source)
        return known[key]

    mock.patch.object(MacroFuzzEnvironment, "compile", compiled).start()


def tell_warnings_only() -> None:
    """But for what macros print; what nobody reads is not put into words: thousands of events."""
    tell = EventManager.fire_event

    def told(
        self: EventManager, e: BaseEvent, level: EventLevel | None = None, *rest: Any, **named: Any
    ) -> None:
        if (level or e.level_tag()) in LEVELS_READ or isinstance(e, PrintEvent):
            tell(self, e, level, *rest, **named)

    mock.patch.object(EventManager, "fire_event", told).start()
    say = BaseEvent.__init__

    def said(self: BaseEvent, *arguments: Any, **named: Any) -> None:
        if isinstance(self, DebugLevel):
            self.pb_msg = getattr(self.PROTO_TYPES_MODULE, type(self).__name__)()
        else:
            say(self, *arguments, **named)

    mock.patch.object(BaseEvent, "__init__", said).start()


def look_up_relations_by_name() -> None:
    """Of the relations that there are, dbt looks only at those with the name that it searches."""
    look_at_all = BaseAdapter._make_match

    def found(
        self: BaseAdapter,
        relations_list: list[BaseRelation],
        database: str,
        schema: str,
        identifier: str,
    ) -> list[BaseRelation]:
        name = identifier.lower()
        named = [each for each in relations_list if (each.identifier or "").lower() == name]
        return look_at_all(self, named, database, schema, identifier)

    mock.patch.object(BaseAdapter, "_make_match", found).start()


def keep_inlined_models() -> None:
    """Ephemeral models are put into a statement once, as long as neither changes.

    dbt parses the whole statement for it, in pure Python: a third of the time of a run.
    """
    inline = compilation.inject_ctes_into_sql
    known: dict[tuple, str] = {}

    def inlined(sql: str, ctes: list[compilation.InjectedCTE]) -> str:
        key = (sql, *((each.id, each.sql) for each in ctes))
        if key not in known:
            known[key] = inline(sql, ctes)
        return known[key]

    mock.patch.object(compilation, "inject_ctes_into_sql", inlined).start()
