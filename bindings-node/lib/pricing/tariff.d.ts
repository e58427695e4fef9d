import type { PortalRows } from '../metering/portal_rows';
import type { SpecIn } from '../metering/spec';
import type { Usage } from '../metering/usage';
import type { WindowLike } from '../metering/types';
import type { CountLike, Exactly, Instant, InstantLike } from '../values';
import type { Quote } from './quote';
import type { RateCard } from './rate_card';
import type { Rated } from './rated';

/** How amounts are rounded. */
export interface Rounded {
  /** By name, as `portal`, or in full, as `half_even 0.01 total`. There is no default: it is money. */
  rounding: string | Exactly;
}

/**
 * What an inquiry asks, beside the spec: until an `end`, or for so many years, months, … together.
 *
 * # Units
 * A month has 30 days and a year 12 of them, unless `zone` is named, in which months are those of the calendar.
 */
export interface Asked extends Rounded {
  /** From when; the instant of the tariff unless it is given. */
  start?: InstantLike | null;
  end?: InstantLike | null;
  years?: CountLike | null;
  months?: CountLike | null;
  weeks?: CountLike | null;
  days?: CountLike | null;
  hours?: CountLike | null;
  /** The zone of calendar months, as `Asia/Shanghai`. */
  zone?: string | null;
  /** How many items alike: one unless it is said. */
  count?: CountLike | null;
}

/**
 * The rates of a kind that are in force at an instant, ready to rate with. Made once, used for as much as one likes.
 *
 * @example
 * const rate = { kind: 'disk', part: 'size', price: '1.02', per: 'GiB', every: 'day' }
 * const text = JSON.stringify({ revision: '2024-02', currency: 'CNY', rates: [rate] })
 * const tariff = RateCard.fromJson(text).tariff('disk', '2024-02-20T00:00:00Z')
 * tariff.inquire({ size: '50 GiB' }, { days: 2, rounding: 'portal' }).payable; // => '102.00'
 */
export class Tariff {
  private constructor();

  /** The card that it was taken from. */
  get card(): RateCard;

  /** The revision of that card. */
  get revision(): string;

  /** The kind of resource that it is for. */
  get kind(): string;

  /** The instant whose rates it holds. */
  get at(): Instant;

  /** The currency of its amounts. */
  get currency(): string;

  /**
   * Rates a usage. An array of segments is rated together: each rounded by itself as `half_even 0.01 segment`, or their
   * total once; none of them cost nothing.
   *
   * # Rounding
   * As named, once. At `segment` segments alone are rounded, which have to be passed as an array: of one usage it is
   * `pricing.rounds_elsewhere`. A `bulk.Rater` has the segments of each row, and so rounds a row by them.
   *
   * @throws `pricing.no_rate`, `pricing.unit_mismatch`, `pricing.rounds_elsewhere`, `money.unknown_rounding`
   */
  rate(usage: Usage | readonly Usage[], how: Rounded): Rated;

  /**
   * Rates what a portal itself computes of its rows for a window: their segments, which need not be made first. `null`
   * where it has no reading.
   */
  rateRows(rows: PortalRows, window: WindowLike, how: Rounded): Rated | null;

  /** Bills a metered usage as a quote: line by line, with its derivation. */
  bill(usage: Usage, how: Rounded): Quote;

  /**
   * Quotes a spec.
   *
   * @throws `pricing.no_duration`, `pricing.no_items`, `time.unknown_zone`, and as `rate`
   */
  inquire(spec: SpecIn, asked: Asked): Quote;

  equals(other: unknown): boolean;

  toString(): string;

  /** The card, the kind and the instant, as operations take them. */
  toJSON(): { card: any; kind: string; at: Instant };
}

/** @internal */
export const ASKED: Set<string>;
/** @internal */
export function inquired(tariff: Tariff, external: any, spec: unknown, asked: any): Quote;
/** @internal */
export function madeTariff(external: any, card: RateCard): Tariff;
