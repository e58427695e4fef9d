"""A resource as it stood when a day ended, whatever has been done to it since.

The portal metered each day right after midnight, from the rows as they were then. Its rule looks at the current row and at
how that came to be; so a day that is metered later has to be shown the rows of that night, and not those of today.
"""

import copy
import datetime
from collections.abc import Sequence
from typing import Any

#: What a row of the archive says of the resource itself.
KEPT = ["pay_type", "start_time", "vcpus", "ram_gib", "disk_gib", "public_ip", "size_gib"]


def as_of(row: Any, archive: Sequence[Any], end: datetime.datetime) -> tuple[Any, Sequence[Any]]:
    """The current row and the archive of a resource, as they were when the day ended."""
    then = [past for past in archive if past.start_time < end <= past.end_time]
    if row.start_time < end or len(then) != 1:  # nothing was done to it since, or the rows do not say what
        return row, archive
    stood = copy.copy(row)
    for name in KEPT:
        if hasattr(then[0], name):
            setattr(stood, name, getattr(then[0], name))
    return stood, [past for past in archive if past.end_time < end]
