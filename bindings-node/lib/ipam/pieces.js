'use strict';

// Ranges in a row, behind a handle: listed, or those of a split, of which any is computed when it is asked for.

const native = require('../native');
const { unpacked } = require('./block');

/** How many texts cross the border at once where one is asked for after the other. */
const AT_ONCE = 1_000n;

/** @typedef {Listed | Page} Pieces */

/**
 * How each class of handles shows its pieces to the others: none of what is no handle of that class.
 *
 * @type {((value: object) => Pieces | undefined)[]}
 */
const readers = [];

/**
 * The pieces of `Ranges` or of a `RangeSet`; none of anything else.
 *
 * @param {unknown} value
 * @returns {Pieces | undefined}
 */
function piecesOf(value) {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const read of readers) {
    const pieces = read(value);
    if (pieces !== undefined) {
      return pieces;
    }
  }
  return undefined;
}

/** Ranges that are there, as a block of their texts. */
class Listed {
  /** @type {readonly string[] | undefined} */
  #texts;

  /** @param {string} block */
  constructor(block) {
    this.block = block;
  }

  /** @param {readonly string[]} texts */
  static of(texts) {
    return new Listed(texts.join('\n'));
  }

  get kept() {
    this.#texts ??= unpacked(this.block);
    return this.#texts;
  }

  get count() {
    return BigInt(this.kept.length);
  }

  /** How many addresses. */
  get size() {
    return native.rangesSize(this.block, this.kept.length);
  }

  /** A list of its own. */
  texts() {
    return unpacked(this.block);
  }

  /** @param {bigint} place */
  at(place) {
    return this.kept[Number(place)];
  }

  /** @param {string} range */
  includes(range) {
    return this.kept.includes(range);
  }

  /**
   * @param {bigint} start
   * @param {bigint} count
   */
  slice(start, count) {
    return Listed.of(this.kept.slice(Number(start), Number(start + count)));
  }

  /** As `mergeRanges`, `aggregate` and sets take it. */
  packed() {
    return { block: this.block, count: this.kept.length };
  }

  /** The same addresses, in a block that may be shorter. */
  addresses() {
    return this.packed();
  }

  [Symbol.iterator]() {
    return this.kept[Symbol.iterator]();
  }
}

/** So many pieces of a split, from one of them on. */
class Page {
  /** @type {[string, number, string, string]} */
  #page;

  /**
   * @param {string} range
   * @param {number} length
   * @param {bigint} offset
   * @param {bigint} count
   */
  constructor(range, length, offset, count) {
    this.range = range;
    this.length = length;
    this.offset = offset;
    this.count = count;
    this.#page = [range, length, offset.toString(), count.toString()];
  }

  get size() {
    const hull = native.pageHull(...this.#page);
    return hull === null ? '0' : native.rangesSize(hull, 1);
  }

  get block() {
    return native.pageTexts(...this.#page);
  }

  texts() {
    return unpacked(this.block);
  }

  /** @param {bigint} place */
  at(place) {
    return native.pageAt(...this.#page, place.toString()) ?? undefined;
  }

  /** @param {string} range */
  includes(range) {
    return native.pageIncludes(...this.#page, range);
  }

  /**
   * @param {bigint} start
   * @param {bigint} count
   */
  slice(start, count) {
    return new Page(this.range, this.length, this.offset + start, count);
  }

  packed() {
    return { block: this.block, count: Number(this.count) };
  }

  /** From the first to the last there are no gaps. */
  addresses() {
    const hull = native.pageHull(...this.#page);
    return hull === null ? { block: '', count: 0 } : { block: hull, count: 1 };
  }

  *[Symbol.iterator]() {
    for (let start = 0n; start < this.count; start += AT_ONCE) {
      const rest = this.count - start;
      yield* this.slice(start, rest < AT_ONCE ? rest : AT_ONCE).texts();
    }
  }
}

module.exports = { Listed, Page, piecesOf, readers };
