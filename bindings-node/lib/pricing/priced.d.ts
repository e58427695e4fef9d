import type { Period } from '../operations/shared';
import type { Decimal, Exact, Money } from '../values';
import type { Tariff } from './tariff';

/** A line of a derivation: units × price, and what is payable of it. */
export interface Line {
  /** What is paid for, as `gpu[A100]`. */
  part: string;
  /** The window that it is of. */
  window: Period;
  /** How many units of the rate were used. */
  used: Exact;
  /** How many of them are payable. */
  payableUnits: Exact;
  /** The unit that the price is for, as `GiB·hour`. */
  unit: string;
  /** What a unit costs, as text. */
  rate: string;
  /** What all that was used costs, before rounding. */
  original: Exact;
  /** What is payable of it, before rounding. */
  payable: Exact;
  /** What is payable, rounded so that the lines add up. */
  subtotal: Decimal;
}

/** The members of what was priced, where it is written as JSON. */
export interface PricedMembers {
  revision: string;
  kind: string;
  currency: string;
  rounding: string;
  count: string;
  lines: Line[];
  original: Decimal;
  payable: Decimal;
}

/** What something costs, and why. Lines and texts are made when they are read, by the same kernel from the same facts. */
export class Priced {
  /** @internal */
  constructor(token: symbol, tariff: Tariff, amounts: string, derive: (...facts: any[]) => any, facts: any[]);

  /** What it costs by the list. */
  get original(): Decimal;

  /** What is to be paid. */
  get payable(): Decimal;

  /** What is to be paid, before it was rounded. */
  get payableExact(): Exact;

  /** What is to be paid, with its currency. */
  get payableMoney(): Money;

  /** The currency of both amounts. */
  get currency(): string;

  /** The revision of the card. */
  get revision(): string;

  /** The kind of resource. */
  get kind(): string;

  /** The rates that were used. */
  get tariff(): Tariff;

  /** How it was rounded, in full. */
  get rounding(): string;

  /**
   * The lines of its derivation, with subtotals that add up.
   *
   * @throws `money.overflow` where a line does not fit in a decimal, of which a limit took the place in the total
   */
  get lines(): Line[];

  /** Why it costs that, in English or Chinese. */
  explain(language?: 'en' | 'zh' | null): string;

  /** Both amounts again, from nothing but the lines. */
  recompute(): { original: Decimal; payable: Decimal };

  equals(other: unknown): boolean;

  /** What is to be paid, with its currency. */
  toString(): string;

  /** The amounts and the lines. */
  toJSON(): PricedMembers;
}

/** @internal */
export function equals(one: any, other: unknown): boolean;
/** @internal */
export function membersOf(priced: any): PricedMembers;
/** @internal */
export function toldOf(priced: any): [rounding: string, count: number, exact: [string, string], window: [string, string] | null];
