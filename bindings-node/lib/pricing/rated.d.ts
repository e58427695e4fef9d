import type { Usage } from '../metering/usage';
import { Priced } from './priced';
import type { Tariff } from './tariff';

/**
 * What a usage costs: the original amount and what is payable, each rounded once, or segment by segment.
 *
 * @example
 * const rated = tariff.rate(history.usage(day), { rounding: 'portal' });
 * rated.payable; // '2.06'
 * rated.payableExact; // '2.055'
 */
export class Rated extends Priced {
  private constructor();

  /** The usage that was rated; `null` where segments were. */
  get usage(): Usage | null;

  /** All that was rated: its segments, or the one usage. */
  get segments(): Usage[];
}

/** @internal */
export function madeRated(
  tariff: Tariff,
  amounts: string,
  derive: (...facts: any[]) => any,
  facts: any[],
  usages: any,
): Rated;
