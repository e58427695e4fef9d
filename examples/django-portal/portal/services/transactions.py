"""Transactions that are tried again where the database asks for it."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from ..models import Account, OwnerType

Result = TypeVar("Result")

#: So often, and then the last error is told.
MOST_TRIES = 20
#: At most so long before the next try, at random, so that two do not meet again.
LONGEST_WAIT_S = 0.1
#: How MariaDB and MySQL say that another row has the same key; other databases say so in words.
DUPLICATE_KEY = 1062


def in_transaction(work: Callable[[], Result]) -> Result:
    """Does `work` in one transaction: all of it or nothing.

    It is done again where another transaction stood in the way: a deadlock, a lock that was waited for too long,
    SQLite's one writer, or two that wrote the same order at once, of which the second finds the first one's payment
    when it looks again. So `work` reads all that it needs by itself, and nobody sees what it did before it is done.
    """
    if connection.in_atomic_block:  # a part of something larger, which is what has to be done again
        with transaction.atomic():
            return work()
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                return work()
        except (OperationalError, IntegrityError) as error:
            if not tries_left or not _another_was_there(error):
                raise
            time.sleep(random.uniform(0, LONGEST_WAIT_S))
    raise AssertionError("the last try returns or raises")


def _another_was_there(error: OperationalError | IntegrityError) -> bool:
    """Whether it is worth another try. A broken key or check is not: it is as broken the next time."""
    if isinstance(error, OperationalError):
        return True
    return DUPLICATE_KEY in error.args or "unique constraint" in str(error).lower()


def lock_account(owner_type: str, owner_id: str) -> Account:
    """The owner's account, locked until the end of the transaction.

    Whoever moves money of an owner does this first. So payments and refunds of one owner come one after another, and as
    everything else is locked after it, there is one order of locks.
    """
    Account.objects.get_or_create(owner_type=OwnerType(owner_type), owner_id=owner_id)
    return Account.objects.select_for_update().get(owner_type=owner_type, owner_id=owner_id)
