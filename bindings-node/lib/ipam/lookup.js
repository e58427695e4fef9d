'use strict';

const native = require('../native');
const given = require('../given');
const { isNo } = require('../codec/misfit');
const { address: addressText, list, range: rangeText } = require('./given');
const { packed, unpacked } = require('./block');

/**
 * Values stay in JavaScript, by the places of their networks in order; the native module knows places alone.
 *
 * @template Value
 */
class LookupTable {
  #native;
  /** @type {Value[]} */
  #values;
  /** @type {readonly string[] | undefined} */
  #networks;

  /** @param {unknown} networks */
  constructor(networks) {
    /** @type {Value[]} */
    const values = [];
    const { block, count } = packed(networksOf(networks, values), 'networks', rangeText);
    this.#native = native.tableOf(block, count);
    this.#values = Array.from(native.tableOrder(this.#native), (given) => values[given]);
  }

  get length() {
    return this.#values.length;
  }

  get family() {
    return native.tableFamily(this.#native) || null;
  }

  /**
   * @param {unknown} address
   * @param {unknown} [otherwise]
   */
  get(address, otherwise) {
    const place = native.tableFind(this.#native, addressText(address, 'address'));
    return place < 0 ? otherwise : this.#values[place];
  }

  /**
   * @param {unknown} addresses
   * @param {unknown} [otherwise]
   */
  getEach(addresses, otherwise) {
    const { block, count } = packed(list(addresses, 'addresses'), 'addresses', addressText);
    const places = native.tableFindEach(this.#native, block, count);
    return Array.from(places, (place) => (place < 0 ? otherwise : this.#values[place]));
  }

  /** @param {unknown} address */
  has(address) {
    return native.tableFind(this.#native, addressText(address, 'address')) >= 0;
  }

  /** @param {unknown} address */
  longestMatch(address) {
    const place = native.tableFind(this.#native, addressText(address, 'address'));
    return place < 0 ? null : this.#match(place);
  }

  /** @param {unknown} address */
  matches(address) {
    const places = native.tableMatches(this.#native, addressText(address, 'address'));
    return places.map((/** @type {number} */ place) => this.#match(place));
  }

  /** @returns {[string, Value][]} */
  entries() {
    return this.#values.map((value, place) => [this.#network(place), value]);
  }

  [Symbol.iterator]() {
    return this.entries()[Symbol.iterator]();
  }

  /** @param {unknown} other */
  equals(other) {
    if (typeof other !== 'object' || other === null || !(#native in other) || other.length !== this.length) {
      return false;
    }
    const others = other.entries();
    return this.entries().every(([network, value], place) => {
      const [otherNetwork, otherValue] = others[place];
      return network === otherNetwork && Object.is(value, otherValue);
    });
  }

  toJSON() {
    return { table: this.entries().map(([prefix, value]) => ({ prefix, value })) };
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `LookupTable of ${this.length} networks${this.family === null ? '' : ` of ${this.family}`}`;
  }

  /** @param {number} place */
  #match(place) {
    return Object.freeze({ network: this.#network(place), value: this.#values[place] });
  }

  /** @param {number} place */
  #network(place) {
    this.#networks ??= unpacked(native.tableNetworks(this.#native));
    return this.#networks[place];
  }
}

/**
 * The networks of a `Map`, of an object by texts, or of pairs; the values go into a list.
 *
 * @param {any} networks
 * @param {unknown[]} values
 * @returns {Iterable<unknown>}
 */
function* networksOf(networks, values) {
  if (isPlain(networks)) {
    for (const [network, value] of Object.entries(networks)) {
      values.push(value);
      yield network;
    }
    return;
  }
  for (const pair of /** @type {Iterable<any>} */ (list(networks, 'networks'))) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      given.refused(isNo(pair, 'pair of a network and a value', '网络与值的组合'), `networks[${values.length}]`);
    }
    values.push(pair[1]);
    yield pair[0];
  }
}

/**
 * Whether it is an object of nothing but its own members.
 *
 * @param {unknown} value
 */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

module.exports = { LookupTable };
