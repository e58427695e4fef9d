"""What operations answer with: frozen records, whose members are attributes."""

# pyright: basic
# Its members are of any type: what each is, say the classes that are generated.

from __future__ import annotations

import html
from collections.abc import Mapping
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from typing_extensions import Self

__all__ = ["OneOf", "Record"]


class Record:
    """An answer, or a part of one.

    A record can not be changed. Two are equal if they are of the same class and their members are equal; a record with
    a mapping among its members can be hashed, too. ``match`` takes members by position, in their order.

    The class of a record is found by its name as an attribute of ``counterfoil.<context>``, where the
    context is that of the operation; a record is made by ``cls._make(values)``, with a value for each slot in order.

    >>> class Point(Record):
    ...     __slots__ = ("x", "y")
    >>> point = Point._make((1, 2))
    >>> point, point.x, point.to_dict(), point == Point._make((1, 2))
    (Point(x=1, y=2), 1, {'x': 1, 'y': 2}, True)
    >>> point.x = 3
    Traceback (most recent call last):
    AttributeError: a `Point` can not be changed
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()
    _setters: tuple[Any, ...] = ()

    def __new__(cls, *_values: object, **_members: object) -> Self:
        raise TypeError(f"a `{cls.__name__}` is what an operation answers with: call the operation")

    def __init_subclass__(cls) -> None:
        slots = cls.__dict__.get("__slots__", ())
        if slots:
            type.__setattr__(cls, "__match_args__", slots)
            cls._setters = tuple(cls.__dict__[slot].__set__ for slot in slots)

    @classmethod
    def _make(cls, values: tuple[Any, ...]) -> Self:
        """A record of values, one for each slot in order."""
        record = object.__new__(cls)
        for set_slot, value in zip(cls._setters, values, strict=True):
            set_slot(record, value)
        return record

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, slot) for slot in self.__match_args__])

    def _members(self) -> dict[str, Any]:
        """The members as a call over the wire names them, without those that are ``None``."""
        members = zip(self.__match_args__, self._values(), strict=True)
        return {slot.removesuffix("_"): value for slot, value in members if value is not None}

    def to_dict(self) -> dict[str, Any]:
        """The members by their names, as a ``dict`` of plain values; those within it likewise."""
        return {slot: _plain(value) for slot, value in zip(self.__match_args__, self._values(), strict=True)}

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a `{type(self).__name__}` can not be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a `{type(self).__name__}` can not be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Record)
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *map(_hashable, self._values())))

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (type(self), tuple(map(_picklable, self._values())))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        members = ", ".join(f"{slot}={_bare(getattr(self, slot))!r}" for slot in self.__match_args__)
        return f"{type(self).__name__}({members})"

    def __str__(self) -> str:
        given = ((slot, getattr(self, slot)) for slot in self.__match_args__)
        members = ", ".join(f"{slot}: {_short(value)}" for slot, value in given if value is not None)
        return f"{type(self).__name__}({members})"

    def _repr_html_(self) -> str:
        """A table of the members, for notebooks."""
        row = "<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>".format
        rows = "".join(row(html.escape(slot), _cell(getattr(self, slot))) for slot in self.__match_args__)
        return f"<table><caption>{html.escape(type(self).__name__)}</caption>{rows}</table>"


class OneOf(Record):
    """One of several: a slot for each of them, of which one is not ``None``.

    >>> class Source(OneOf):
    ...     __slots__ = ("coupon", "card")
    >>> source = Source._of("card", "c1")
    >>> source, source.which
    (Source(card='c1'), 'card')
    """

    __slots__ = ()

    @classmethod
    def _of(cls, variant: str, value: object) -> Self:
        return cls._make(tuple([value if slot.removesuffix("_") == variant else None for slot in cls.__match_args__]))

    @property
    def which(self) -> str:
        """The name of the one that it is."""
        return next((slot for slot in self.__match_args__ if getattr(self, slot) is not None), "")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.which}={getattr(self, self.which)!r})"


def _remade(cls: type[Record], values: tuple[Any, ...]) -> Record:
    return cls._make(tuple(map(_frozen, values)))


def _frozen(value: Any) -> Any:
    if type(value) is dict:
        return MappingProxyType({key: _frozen(each) for key, each in value.items()})
    if type(value) is tuple:
        return tuple(map(_frozen, value))
    return value


def _bare(value: Any) -> Any:
    return dict(value) if isinstance(value, MappingProxyType) else value


def _picklable(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return {key: _picklable(each) for key, each in value.items()}
    if type(value) is tuple:
        return tuple(map(_picklable, value))
    return value


def _hashable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(each)) for key, each in value.items())
    if isinstance(value, tuple):
        return tuple(map(_hashable, value))
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        shown = ", ".join(map(_short, value[:3]))
        return f"[{shown}]" if len(value) <= 3 else f"[{shown}, … {len(value)} in all]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_short(each)}" for key, each in value.items()) + "}"
    return str(value)


def _cell(value: Any) -> str:
    if isinstance(value, Record):
        table: str = value._repr_html_()
        return table
    if isinstance(value, tuple) and value and isinstance(value[0], Record):
        return "".join(each._repr_html_() if isinstance(each, Record) else html.escape(str(each)) for each in value)
    return "" if value is None else html.escape(_short(value))
