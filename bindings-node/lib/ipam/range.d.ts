import type { CounterfoilError } from '../errors';
import type { AddressLike, CountLike, RangeLike } from '../values';
import type { Ranges, SeveralRanges } from './ranges';

/** Which of the pieces of a split, and how many there may be. */
export interface SplitOptions {
  /** The place of the first piece, from 0. */
  offset?: CountLike | null;
  /** How many pieces from there on. */
  limit?: CountLike | null;
  /** `'portal'` refuses more than 256 pieces and, in IPv4, a length more than 8 longer than the label. */
  limits?: 'none' | 'portal' | null;
  /** A limit of your own: how many pieces there may be. */
  mostPieces?: CountLike | null;
  /** A limit of your own: how many bits longer than the label the length may be. */
  mostLongerBy?: CountLike | null;
}

/**
 * A labelled range of IPv4 or IPv6 addresses: from a first to a last, and the length of the one network that both are
 * in, of which it may be a part.
 *
 * It is its canonical text. What it answers with, addresses and networks and other ranges, is text too; sizes and
 * lengths are `bigint`. It never changes.
 *
 * @example
 * new Range('10.0.0.1-10.0.0.200/24').size; // => 200n
 * new Range('10.0.0.0', '10.0.0.255').toString(); // => '10.0.0.0/24'
 * new Range('10.0.0.0/16').miniSplit(24).length; // => 13
 *
 * Rules: R-I1, R-I2.
 */
export declare class Range {
  /**
   * Reads text, or takes another range: `10.0.0.0/24`, `10.0.0.1-10.0.0.200/24`, `10.0.0.1-10.0.0.200`, `10.0.0.1`.
   *
   * Errors: `ipam.address`, `ipam.not_canonical`, `ipam.host_bits`, `ipam.length`, `ipam.reversed`,
   * `ipam.not_one_network`, `ipam.mixed_families`, `ipam.format`; `wire.bad_input` for what is no range.
   */
  constructor(range: RangeLike);
  /** The range of two addresses, both part of it; without a length, with the longest that they share. */
  constructor(first: AddressLike, last: AddressLike, length?: CountLike | null);

  /** By family, first address, last address and label, as `sort` takes it. */
  static compare(one: RangeLike, other: RangeLike): -1 | 0 | 1;

  readonly first: string;
  /** The last address, which is part of it. */
  readonly last: string;
  /** How many addresses, from 1 to 2¹²⁸. */
  readonly size: bigint;
  /** Its label: the length of the network that it is in, in bits. */
  readonly prefixLen: bigint;
  /** The longest label that it could carry, in bits. */
  readonly tightestLength: bigint;
  /** The network of its label. */
  readonly network: string;
  /** Whether it is all of its network. */
  readonly isFull: boolean;
  readonly family: 'ipv4' | 'ipv6';

  /**
   * The fewest networks that have exactly its addresses.
   *
   * @example
   * new Range('10.0.0.0-10.0.1.31').prefixes(); // => ['10.0.0.0/24', '10.0.1.0/27']
   *
   * Rule: R-I10.
   */
  prefixes(): string[];

  /**
   * Its pieces of a length, cut along the grid of that length; the first and the last clipped to the range.
   *
   * No piece is computed before it is asked for, so 2⁶⁴ of them cost nothing, and any is there at once.
   *
   * Errors: `ipam.length`, `ipam.shorter_than_label`, `ipam.too_many_pieces`, `ipam.too_much_longer`,
   * `ipam.unknown_word`.
   *
   * @example
   * new Range('10.0.0.1-10.0.0.200/24').split(26).texts()
   * // => ['10.0.0.1-10.0.0.63/26', '10.0.0.64/26', '10.0.0.128/26', '10.0.0.192-10.0.0.200/26']
   * new Range('::/0').split(64).at(-1); // => 'ffff:ffff:ffff:ffff::/64'
   *
   * Rule: R-I3.
   */
  split(length: CountLike, options?: SplitOptions | null): Ranges;

  /**
   * Few pieces, of which some have the length: the first `2 ** diff` of it are cut flat, and the rest is halved.
   *
   * `diff` is 3 where it is not said; it may be 1 to 10 in IPv4 and 1 to 8 in IPv6.
   *
   * Errors: `ipam.length`, `ipam.not_longer`, `ipam.mini_split_diff`.
   *
   * Rule: R-I5.
   */
  miniSplit(length: CountLike, diff?: CountLike | null): Ranges;

  /**
   * The pieces of a plan, if they tile the range: in order, without gaps, none with a shorter label.
   *
   * An entry is `10.0.0.0/25` or `10.0.0.0-10.0.0.9/25`, which may be wrong in any way that a violation tells. At most
   * `limit` entries, 1024 where it is not said.
   *
   * Errors: the first of `planViolations`.
   *
   * Rule: R-I4.
   */
  checkPlan(entries: SeveralRanges, options?: { limit?: CountLike | null } | null): Ranges;

  /**
   * All that is wrong with a plan, as errors that are not thrown; none where `checkPlan` would give its pieces.
   *
   * In this order, `ipam.empty_plan` or `ipam.plan_too_long` alone; `ipam.plan_start`, `ipam.plan_end`; of each entry in
   * turn `ipam.plan_shorter`, `ipam.plan_length`, `ipam.plan_reversed`, `ipam.plan_not_contiguous`; then
   * `ipam.plan_not_one_network`.
   *
   * @example
   * new Range('10.0.0.0/24').planViolations(['10.0.0.1-10.0.0.200/24']).map((wrong) => wrong.code)
   * // => ['ipam.plan_start', 'ipam.plan_end']
   *
   * Rule: R-I4.
   */
  planViolations(entries: SeveralRanges, options?: { limit?: CountLike | null } | null): CounterfoilError[];

  /** Whether all of a range, or an address, is in it. One of the other family is `ipam.mixed_families`. */
  contains(other: RangeLike): boolean;
  /** Whether it has an address together with a range. One of the other family is `ipam.mixed_families`. */
  overlaps(other: RangeLike): boolean;
  /** Whether the other is a `Range` of the same addresses with the same label. */
  equals(other: unknown): boolean;
  /** The canonical text. */
  toString(): string;
  toJSON(): string;
}
