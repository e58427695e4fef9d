// The types of values: what an operation takes (`…Like`), and what it answers with.
//
// Text is read by the parsers of the core, so it is the same value or the same error in every language.

/** An exact decimal as text, as `'12.30'`: no digit is lost, and none is made up. */
export type Decimal = string;
/** An exact value that may be no decimal: `'12.3'`, or a fraction as `'20/31'`. */
export type Exact = string;
/** An amount and its currency, as `'12.30 CNY'`. */
export type Money = string;
/** An amount and its unit, as `'8 GiB'`. */
export type Quantity = string;
/** An instant of RFC 3339 in UTC, to the microsecond: `'2024-02-20T08:00:00Z'`. */
export type Instant = string;
/** A day of the calendar: `'2024-02-20'`. */
export type Date = string;
/** What the clocks of a zone show: `'2024-02-20T08:00:00'`. */
export type ClockTime = string;
/** An address: `'10.0.0.1'`, `'2001:db8::1'`. */
export type Address = string;
/** A network: `'10.0.0.0/24'`. */
export type Prefix = string;
/** A range of addresses: `'10.0.0.0/24'`, `'10.0.0.0-10.0.0.9'`. */
export type Range = string;
/** Addresses from one to another: `'10.0.0.0-10.0.0.9'`. */
export type Interval = string;
/** A quantity as Kubernetes writes it: `'100m'`, `'8Gi'`. */
export type ResourceQuantity = string;
/** A whole number, however large: a count of addresses, minor units, bytes. */
export type Integer = bigint;
/** A whole number: a count, an index, months. */
export type Count = bigint;
/** A rate card in the form of its files (`docs/rate-cards.md`). */
export type Card = JsonObject;

/** An object whose `toString` is the value, exactly: a `Big`, a `Decimal`, a `Range`. Never a number. */
export type Exactly = object & { toString(): string };

/** A `Temporal.Instant` or a `Temporal.ZonedDateTime`, of whichever library. */
export type TemporalInstant = { readonly epochNanoseconds: bigint } & (
  { toZonedDateTimeISO(zone: string): object } | { toInstant(): object }
);
/** A `Temporal.PlainDate`, of whichever library. */
export type TemporalDate = { readonly calendarId: string; readonly day: number; toPlainDateTime(): object };

export type DecimalLike = string | bigint | Exactly;
export type ExactLike = DecimalLike;
export type IntegerLike = string | bigint;
export type MoneyLike = string | Exactly;
export type QuantityLike = string | Exactly;
/** Text of RFC 3339 with its offset, a `Date`, a `Temporal.Instant` or `Temporal.ZonedDateTime`. */
export type InstantLike = string | globalThis.Date | TemporalInstant;
/** Text, or a `Temporal.PlainDate`. A `Date` is none: which day it is depends on where. */
export type DateLike = string | TemporalDate;
export type ClockTimeLike = string | Exactly;
/** A range is no address: take its `first`. */
export type AddressLike = string | (Exactly & { readonly prefixLen?: never });
export type PrefixLike = string | Exactly;
export type RangeLike = string | Exactly;
export type IntervalLike = string | Exactly;
export type ResourceQuantityLike = string;
/** A `number` that is whole and safe, or a `bigint`. */
export type CountLike = number | bigint;
/** A document, or what has one: a `RateCard`. */
export type CardLike = JsonObject | { toJSON(): unknown };
export type ListLike<Item> = Iterable<Item>;
export type MapLike<Item> = { readonly [key: string]: Item | undefined } | ReadonlyMap<string, Item>;
/** Quantities by the parts they are of: `{ cpu: '4 core', ram: '8 GiB' }`. */
export type SpecLike = MapLike<QuantityLike> | { toJSON(): unknown };

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };
