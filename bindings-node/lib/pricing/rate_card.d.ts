import type { SpecIn } from '../metering/spec';
import type { Instant, InstantLike } from '../values';
import type { Quote } from './quote';
import type { Asked, Tariff } from './tariff';

/**
 * A rate card: one revision of prices, read once and kept in Rust.
 *
 * @example
 * const rate = { kind: 'disk', part: 'size', price: '1.02', per: 'GiB', every: 'day' }
 * const text = JSON.stringify({ revision: '2024-02', currency: 'CNY', rates: [rate] })
 * const card = RateCard.fromJson(text)
 * const asked = { kind: 'disk', start: '2024-02-20T00:00:00Z', days: 2, rounding: 'half_even 0.01 total' }
 * card.inquire(Spec.disk(50), asked).payable; // => '102.00'
 */
export class RateCard {
  private constructor();

  /**
   * Reads a card that people write.
   *
   * @throws `pricing.bad_card`: its `details` have the `line` and the code of the `cause`
   */
  static fromToml(text: string): RateCard;

  /**
   * Reads a card that programs write.
   *
   * @throws `pricing.bad_card`: its `details` have the `line` and the code of the `cause`
   */
  static fromJson(text: string): RateCard;

  /** The card in TOML. */
  toToml(): string;

  /** The card in JSON, as text. */
  toJson(): string;

  /** The card as a document, as operations take it. */
  toJSON(): any;

  /** What tells it from other revisions; every result names it. */
  get revision(): string;

  /** The currency of its prices, as `CNY`. */
  get currency(): string;

  /** From when it is in force, or `null`. */
  get validFrom(): Instant | null;

  /** Until when it is in force, or `null`. */
  get validTo(): Instant | null;

  /**
   * The rates of a kind that are in force at an instant.
   *
   * @throws `pricing.not_in_force`, `pricing.no_rates`, `time.not_an_instant`
   */
  tariff(kind: string, at: InstantLike): Tariff;

  /** Quotes a spec of a kind, by the rates that are in force when it starts. */
  inquire(spec: SpecIn, asked: Asked & { kind: string; start: InstantLike }): Quote;

  equals(other: unknown): boolean;

  toString(): string;
}
