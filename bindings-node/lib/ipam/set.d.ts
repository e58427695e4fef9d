import type { CountLike, RangeLike } from '../values';
import type { Ranges, SeveralRanges } from './ranges';

/**
 * A set of addresses of one family, kept in Rust as its maximal ranges in order; labels are forgotten.
 *
 * Made of ranges in any order, overlapping or not; one of no ranges has the family that it is combined with, or the one
 * that is said. It never changes. An iterator gives the texts of its ranges, not its addresses.
 *
 * @example
 * const office = new RangeSet(['192.0.2.0/25', '192.0.2.128/25', '192.0.3.0/24'])
 * office.toJSON(); // => ['192.0.2.0/23']
 * office.difference('192.0.2.4-192.0.2.255').toJSON(); // => ['192.0.2.0/30', '192.0.3.0/24']
 * office.contains('192.0.3.7'); // => true
 * office.complement().prefixCount; // => 23n
 *
 * Rule: R-I10.
 */
export declare class RangeSet implements Iterable<string> {
  /** Errors: those of `Range`; `ipam.mixed_families`. */
  constructor(ranges?: RangeLike | SeveralRanges, options?: { family?: 'ipv4' | 'ipv6' | null } | null);

  /**
   * Reads a block of text, or of bytes of UTF-8: one range on a line, `#` before a comment.
   *
   * `reading` is `'strict shapes=any'` where it is not said; `'lenient'` takes other spellings too. The first line that
   * is wrong is the error, and `details.line` is its number.
   *
   * @example
   * const block = '10.0.0.0/8 # campus\n\n10.255.0.0-11.0.0.255\n'
   * RangeSet.read(block, { family: 'ipv4' }).toJSON(); // => ['10.0.0.0-11.0.0.255/7']
   *
   * Rule: R-I2.
   */
  static read(
    block: string | ArrayBufferView | ArrayBuffer,
    options: { family: 'ipv4' | 'ipv6'; reading?: string | null },
  ): RangeSet;

  /** None of an empty set that has no family yet. */
  readonly family: 'ipv4' | 'ipv6' | null;
  /** How many addresses, from 0 to 2¹²⁸. */
  readonly size: bigint;
  readonly isEmpty: boolean;
  /** How many maximal ranges. */
  readonly rangeCount: bigint;
  /** How many networks its aggregate has. */
  readonly prefixCount: bigint;

  /** Its maximal ranges in order, each with the longest label that it can have. */
  ranges(): Ranges;
  /**
   * Its aggregate, the fewest networks with exactly its addresses. At most `limit`, 100,000 where it is not said.
   *
   * Errors: `ipam.too_many_prefixes`, with the exact count.
   */
  cidrs(limit?: CountLike | null): Ranges;
  /** The same as texts. */
  prefixes(limit?: CountLike | null): string[];

  /** What either has. The other is a set, a range, or ranges. */
  union(other: RangeLike | SeveralRanges): RangeSet;
  /** What both have. */
  intersection(other: RangeLike | SeveralRanges): RangeSet;
  /** What it has that the other has not. */
  difference(other: RangeLike | SeveralRanges): RangeSet;
  /** What exactly one of them has. */
  symmetricDifference(other: RangeLike | SeveralRanges): RangeSet;
  /** What of its family it has not. Errors: `wire.bad_input` of an empty set that has no family. */
  complement(): RangeSet;

  /** Whether it has an address, or all of a range. */
  contains(other: RangeLike): boolean;
  /**
   * Which of many addresses or ranges it has, in one call.
   *
   * @example
   * new RangeSet(['10.0.0.0/8']).containsEach(['10.1.2.3', '11.0.0.0', '10.0.0.0/7']); // => [true, false, false]
   */
  containsEach(others: SeveralRanges): boolean[];
  /** Whether it has an address of a range. */
  overlaps(other: RangeLike): boolean;
  /** Whether it has every address of another. */
  isSupersetOf(other: RangeLike | SeveralRanges): boolean;
  /** Whether another has every address of it. */
  isSubsetOf(other: RangeLike | SeveralRanges): boolean;
  /** Whether it has no address of another. */
  isDisjointFrom(other: RangeLike | SeveralRanges): boolean;
  /** Whether the other is a set of the same addresses. Sets without addresses are equal. */
  equals(other: unknown): boolean;
  [Symbol.iterator](): IterableIterator<string>;
  /** The texts of its maximal ranges. */
  toJSON(): string[];
}
