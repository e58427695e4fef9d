import type { Period } from '../operations/shared';
import type { Instant } from '../values';
import { Priced, type PricedMembers } from './priced';
import type { Tariff } from './tariff';

/**
 * What something would cost, and why.
 *
 * @example
 * const rate = { kind: 'disk', part: 'size', price: '1.02', per: 'GiB', every: 'day' }
 * const text = JSON.stringify({ revision: '2024-02', currency: 'CNY', rates: [rate] })
 * const tariff = RateCard.fromJson(text).tariff('disk', '2024-02-20T00:00:00Z')
 * const quote = tariff.inquire(Spec.disk(50), { days: 2, count: 3, rounding: 'portal' })
 * [quote.payableMoney, quote.count]; // => ['306.00 CNY', 3n]
 * quote.lines.map(({ part, payableUnits, unit, rate }) => [part, payableUnits, unit, rate]); // => [['size', '100', 'GiB·day', '1.02']]
 */
export class Quote extends Priced {
  private constructor();

  /** The instant whose rates were used. */
  get at(): Instant;

  /** For when. */
  get window(): Period;

  /** How many items. */
  get count(): bigint;

  /** The amounts, the lines and the window. */
  toJSON(): PricedMembers & { window: Period };
}

/** @internal */
export function madeQuote(tariff: Tariff, amounts: string, derive: (...facts: any[]) => any, facts: any[]): Quote;
