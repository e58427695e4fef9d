"""What operations answer with: frozen records."""

from __future__ import annotations


class Record:
    """An answer, or a part of one."""

    __slots__ = ()
