"""What can go wrong: one class for each category, and a stable code in every error."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["Conflict", "CounterfoilError", "Insufficient", "InvalidInput", "NotFound", "OutOfRange", "Unsupported"]


class CounterfoilError(Exception):
    """An error of this library.

    ``code`` is stable and never renamed (``wallet.coupon_expired``); ``details`` holds the facts by name, as text;
    ``str(error)`` is the English message. All codes stand in ``docs/errors.md``.

    >>> import counterfoil
    >>> try:
    ...     counterfoil.money.parse(text="1e3")
    ... except counterfoil.CounterfoilError as error:
    ...     print(error.code, error.category, error.details["text"])
    money.not_a_decimal invalid_input 1e3
    """

    code: str
    category: str
    details: dict[str, str]

    def __init__(self, code: str, category: str, details: dict[str, str], english: str, chinese: str) -> None:
        super().__init__(english)
        self.code = code
        self.category = category
        self.details = details
        self._chinese = chinese

    def message(self, language: Literal["en", "zh"] = "en") -> str:
        """The message in English (``"en"``) or Chinese (``"zh"``)."""
        if language not in ("en", "zh"):
            fault = f"`{language}` is none of `en` and `zh`"
            details = {"at": "language", "fault": fault}
            raise InvalidInput("wire.bad_input", "invalid_input", details, fault, fault)
        return self._chinese if language == "zh" else str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.category, self.details, str(self), self._chinese)


class InvalidInput(CounterfoilError, ValueError):
    """What was passed is wrong by itself: no decimal, a float, a reversed period."""


class OutOfRange(CounterfoilError, ValueError):
    """What was passed is well-formed, and beyond a limit."""


class Conflict(CounterfoilError):
    """What was passed contradicts something else: another currency, a state, an earlier call."""


class Insufficient(CounterfoilError):
    """There is not enough of it: money, addresses, stock."""


class NotFound(CounterfoilError, LookupError):
    """What was named is not there."""


class Unsupported(CounterfoilError):
    """It makes sense, and is not done."""
