import type { Instant, Period } from '../values';
import { Priced, type PricedMembers } from './priced';
import type { Tariff } from './tariff';

/**
 * What something would cost, and why.
 *
 * @example
 * const quote = tariff.inquire(Spec.disk(50), { days: 2, rounding: 'portal' });
 * quote.payable; // '102.00'
 * console.log(quote.explain('zh'));
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
