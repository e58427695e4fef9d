'use strict';

const native = require('../native');
const given = require('../given');
const { bytesOf, holdsBytes } = require('../codec/bytes');
const { isNo } = require('../codec/misfit');
const { isIterable } = require('../codec/plain');
const { list, optional, range: rangeText, upTo } = require('./given');
const { packed, unpacked } = require('./block');
const { Listed, piecesOf, readers } = require('./pieces');
const { Ranges } = require('./ranges');

/** How many are shown of many. */
const SOME = 4;

/** A set that the native module made, on its way into a handle. */
class Made {
  /** @param {import('../native').External<'RangeSet'>} native */
  constructor(native) {
    this.native = native;
  }
}

class RangeSet {
  /** @type {import('../native').External<'RangeSet'>} */
  #native;

  static {
    readers.push((value) => (#native in value ? new Listed(native.setRanges(value.#native, null)) : undefined));
  }

  /**
   * @param {unknown} [ranges]
   * @param {unknown} [more]
   */
  constructor(ranges = [], more) {
    this.#native = ranges instanceof Made ? ranges.native : RangeSet.#of(ranges, 'ranges', more);
  }

  /**
   * @param {unknown} block
   * @param {unknown} more
   */
  static read(block, more) {
    const asked = given.options(more, ['family', 'reading']);
    const family = given.text(asked.family, 'family');
    const reading = optional(asked.reading, given.text, 'reading');
    if (holdsBytes(block)) {
      return new RangeSet(new Made(native.setReadBytes(bytesIn(block), family, reading)));
    }
    if (typeof block !== 'string') {
      return given.refused(isNo(block, 'block of text: pass text, or bytes of UTF-8', '文本块：请传入文本或 UTF-8 字节'), 'block');
    }
    return new RangeSet(new Made(native.setRead(given.text(block, 'block'), family, reading)));
  }

  get family() {
    return native.setFamily(this.#native) || null;
  }

  get size() {
    return BigInt(native.setSize(this.#native));
  }

  get rangeCount() {
    return BigInt(native.setRangeCount(this.#native));
  }

  get prefixCount() {
    return BigInt(native.setPrefixCount(this.#native));
  }

  get isEmpty() {
    return native.setRangeCount(this.#native) === 0;
  }

  ranges() {
    return new Ranges(new Listed(native.setRanges(this.#native, null)));
  }

  /** @param {unknown} [limit] */
  cidrs(limit) {
    const most = optional(limit, upTo, 'limit', Number.MAX_SAFE_INTEGER);
    return new Ranges(new Listed(native.setCidrs(this.#native, most)));
  }

  /** @param {unknown} [limit] */
  prefixes(limit) {
    return this.cidrs(limit).texts();
  }

  /** @param {unknown} other */
  union(other) {
    return new RangeSet(new Made(native.setUnion(this.#native, RangeSet.#of(other, 'other'))));
  }

  /** @param {unknown} other */
  intersection(other) {
    return new RangeSet(new Made(native.setIntersection(this.#native, RangeSet.#of(other, 'other'))));
  }

  /** @param {unknown} other */
  difference(other) {
    return new RangeSet(new Made(native.setDifference(this.#native, RangeSet.#of(other, 'other'))));
  }

  /** @param {unknown} other */
  symmetricDifference(other) {
    return new RangeSet(new Made(native.setSymmetricDifference(this.#native, RangeSet.#of(other, 'other'))));
  }

  complement() {
    return new RangeSet(new Made(native.setComplement(this.#native)));
  }

  /** @param {unknown} other */
  contains(other) {
    return native.setContains(this.#native, rangeText(other, 'other'));
  }

  /** @param {unknown} others */
  containsEach(others) {
    const { block, count } = piecesOf(others)?.packed() ?? packed(list(others, 'others'), 'others', rangeText);
    return Array.from(native.setContainsEach(this.#native, block, count), (has) => has === 1);
  }

  /** @param {unknown} other */
  overlaps(other) {
    return native.setOverlaps(this.#native, rangeText(other, 'other'));
  }

  /** @param {unknown} other */
  isSupersetOf(other) {
    return native.setCovers(this.#native, RangeSet.#of(other, 'other'));
  }

  /** @param {unknown} other */
  isSubsetOf(other) {
    return native.setCovers(RangeSet.#of(other, 'other'), this.#native);
  }

  /** @param {unknown} other */
  isDisjointFrom(other) {
    return native.setIsApart(this.#native, RangeSet.#of(other, 'other'));
  }

  /** @param {unknown} other */
  equals(other) {
    return (
      typeof other === 'object' && other !== null && #native in other && native.setEquals(this.#native, other.#native)
    );
  }

  [Symbol.iterator]() {
    return this.ranges()[Symbol.iterator]();
  }

  toJSON() {
    return this.ranges().texts();
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    const all = native.setRangeCount(this.#native);
    const some = unpacked(native.setRanges(this.#native, SOME)).map((text) => `'${text}'`);
    const more = all > SOME ? [`... ${all} in all`] : [];
    return some.length > 0 ? `RangeSet { ${[...some, ...more].join(', ')} }` : 'RangeSet {}';
  }

  /**
   * Another set, a range, or a list of ranges; in the family that is named, where one is.
   *
   * @param {unknown} value
   * @param {string} at
   * @param {unknown} [more]
   * @returns {import('../native').External<'RangeSet'>}
   */
  static #of(value, at, more) {
    const family = optional(given.options(more, ['family']).family, given.text, 'family');
    if (typeof value === 'object' && value !== null && #native in value) {
      return family === null ? value.#native : native.setUnion(native.setOf('', 0, family), value.#native);
    }
    const { block, count } = piecesOf(value)?.addresses() ?? packed(severalOf(value, at), at, rangeText);
    return native.setOf(block, count, family);
  }
}

/**
 * @param {unknown} ranges
 * @param {string} at
 * @returns {Iterable<unknown>}
 */
function severalOf(ranges, at) {
  return typeof ranges === 'object' && ranges !== null && isIterable(ranges) ? list(ranges, at) : [ranges];
}

/** @param {ArrayBufferLike | ArrayBufferView} block */
function bytesIn(block) {
  try {
    return bytesOf(block);
  } catch (fault) {
    return given.refused(fault, 'block');
  }
}

module.exports = { RangeSet };
