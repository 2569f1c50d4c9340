"""Shows dbt's events on one screen: the progress and the errors, not each success."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from engagement.dbt_child import STOPPED
from engagement.dbt_process import Event

STEP = re.compile(r"^\s*\d+ of (?P<total>\d+) (?P<status>[A-Z-]+) (?P<what>.*?)(?: \.\.+ .*)?$")
FINAL = ("EndOfRunSummary", "MainEncounteredError", STOPPED)
# A Python traceback says nothing about settings and inputs; it is in dbt's log.
HIDDEN = ("MainStackTrace", "LogDebugStackTrace")
# A warning from our macros: an erasure that ended, a variable that looks misspelt.
WARNED = "JinjaLogWarning"
WIDTH = 70


def visible(line: str) -> str:
    """A line that is safe to print: names in the data cannot move the cursor or set colours."""
    return "".join(
        sign if sign.isprintable() or sign == "\t" else repr(sign)[1:-1] for sign in line
    )


class Progress:
    """One moving line in a terminal; in a file, a line for each tenth of the way."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.is_terminal = out.isatty()
        self.finished = 0
        self.tenth = 0
        self.is_final = False
        self.said: list[str] = []

    def __call__(self, event: Event) -> None:
        """Shows the event if it matters to the user."""
        step = STEP.match(event.message)
        if event.name in FINAL:
            self.is_final = True
        if event.name in HIDDEN:
            return
        if (
            event.name == WARNED
            or self.is_final
            or event.name == "FoundStats"
            or event.message.startswith("Found ")
        ):
            self.say(event.message)
        elif step and step["status"] != "START" and event.name != "LogHookEndLine":
            self.step(int(step["total"]), step["status"], step["what"])

    def step(self, total: int, status: str, what: str) -> None:
        """Counts a finished model, seed or test."""
        self.finished += 1
        if self.is_terminal:
            self.out.write(f"\r\033[K  {self.finished} of {total}  {visible(what)[:WIDTH]}")
        elif int(10 * self.finished / total) > self.tenth:
            self.tenth = int(10 * self.finished / total)
            self.out.write(f"  {self.finished} of {total}\n")
        if status in ("ERROR", "FAIL"):
            self.say(f"{status} {what}")
        self.out.flush()

    def say(self, message: str) -> None:
        """Prints a message, once."""
        text = message.removeprefix("[ERROR]: ").strip("\n")
        if text.strip() and not any(text.strip() in said for said in self.said):
            self.said.append(text)
            self.clear()
            self.out.write("".join(f"  {visible(line)}\n" for line in text.splitlines()))
            self.out.flush()

    def clear(self) -> None:
        """Removes the moving line."""
        if self.is_terminal:
            self.out.write("\r\033[K")
