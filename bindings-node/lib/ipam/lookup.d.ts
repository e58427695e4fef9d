import type { AddressLike, RangeLike } from '../values';

/** A network that an address was found in, and what it stands for. */
export interface LookupMatch<Value> {
  readonly network: string;
  readonly value: Value;
}

/**
 * Networks with a value each, and for any address the longest of them that it is in.
 *
 * Made of an object or a `Map` by networks, or of pairs of a network and a value, in any order. All networks are of one
 * family; a value is anything. It never changes.
 *
 * @example
 * const networks = new LookupTable({ '10.0.0.0/8': 'campus', '10.1.0.0/16': 'lab', '0.0.0.0/0': 'upstream' })
 * networks.get('10.1.2.3'); // => 'lab'
 * networks.matches('10.2.0.1').map((match) => match.value); // => ['campus', 'upstream']
 * networks.getEach(['10.1.0.1', '10.2.0.1', '11.0.0.0']); // => ['lab', 'campus', 'upstream']
 * networks.longestMatch('10.1.2.3'); // => { network: '10.1.0.0/16', value: 'lab' }
 *
 * Rule: R-I10.
 */
export declare class LookupTable<Value> implements Iterable<[string, Value]> {
  /**
   * Errors: those of `Range`; `ipam.not_a_network` where a range is clipped; `ipam.duplicate_range`;
   * `ipam.mixed_families`.
   */
  constructor(
    networks:
      { readonly [network: string]: Value } | ReadonlyMap<RangeLike, Value> | Iterable<readonly [RangeLike, Value]>,
  );

  /** How many networks. */
  readonly length: number;
  /** None of an empty table: in it no address of either family is found. */
  readonly family: 'ipv4' | 'ipv6' | null;

  /** The value of the longest network that an address is in; `undefined`, or what is said, where it is in none. */
  get(address: AddressLike): Value | undefined;
  get<Otherwise>(address: AddressLike, otherwise: Otherwise): Value | Otherwise;
  /** The values of the longest networks of many addresses, in one call. */
  getEach(addresses: Iterable<AddressLike>): (Value | undefined)[];
  getEach<Otherwise>(addresses: Iterable<AddressLike>, otherwise: Otherwise): (Value | Otherwise)[];
  /** Whether an address is in any of its networks. */
  has(address: AddressLike): boolean;
  /** The longest network that an address is in; `null` where it is in none. */
  longestMatch(address: AddressLike): LookupMatch<Value> | null;
  /** All networks that an address is in, the longest first. */
  matches(address: AddressLike): LookupMatch<Value>[];
  /** Its networks with their values, by network. */
  entries(): [string, Value][];
  [Symbol.iterator](): IterableIterator<[string, Value]>;
  /** Whether the other is a table of the same networks with the same values, by `Object.is`. */
  equals(other: unknown): boolean;
  /** As `ipam.lookup` takes it where the values are texts. */
  toJSON(): { table: { prefix: string; value: Value }[] };
}
