"""Check the pack of the working directory with little memory and time, and print what is found in both languages.

A program of its own, because a limit on memory holds for a process. It ends with an exception where the memory does not
suffice, and by a signal where the time does not.
"""

from __future__ import annotations

import resource
import sys
from datetime import datetime

import nbo
from nbo.diagnostics.render import render_text

MOST_SECONDS = 30  # of processor time; PERF: the slowest takes 2 s on one slow core
MOST_BYTES = 1024**3  # of address space, the interpreter and its libraries included

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    found = nbo.check(".", at=datetime.fromisoformat("2026-11-16T10:30:00+08:00"))[1]
    sys.stdout.write(f"{render_text(found)}\n{render_text(found, 'zh')}")
