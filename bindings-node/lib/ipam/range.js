'use strict';

const native = require('../native');
const given = require('../given');
const { madeError } = require('../errors');
const { badInput } = require('../codec/misfit');
const { address, list, natural, optional, range: rangeText, upTo } = require('./given');
const { packed, unpacked } = require('./block');
const { Listed, Page, piecesOf } = require('./pieces');
const { Ranges } = require('./ranges');

/** The largest number that says how much longer a length is, or how many bits a mini split takes. */
const MOST_BITS = 255;

class Range {
  /** Its canonical text, which is all of it. */
  #text;
  /** @type {string[] | undefined} */
  #facts;

  /**
   * @param {unknown} range
   * @param {unknown} [last]
   * @param {unknown} [length]
   */
  constructor(range, last, length) {
    this.#text = last === undefined || last === null ? readOne(range, length) : readEnds(range, last, length);
  }

  /**
   * As `sort` takes it.
   *
   * @param {unknown} one
   * @param {unknown} other
   */
  static compare(one, other) {
    return native.rangeCompare(rangeText(one, 'one'), rangeText(other, 'other'));
  }

  get first() {
    return this.#fact(0);
  }

  get last() {
    return this.#fact(1);
  }

  get size() {
    return BigInt(this.#fact(2));
  }

  get prefixLen() {
    return BigInt(this.#fact(3));
  }

  get tightestLength() {
    return BigInt(this.#fact(4));
  }

  get network() {
    return this.#fact(5);
  }

  get isFull() {
    return this.#fact(6) === 'true';
  }

  get family() {
    return this.#fact(7);
  }

  prefixes() {
    return unpacked(native.rangePrefixes(this.#text));
  }

  /**
   * @param {unknown} length
   * @param {unknown} [more]
   */
  split(length, more) {
    const bits = given.wholeNumber(length, 'length');
    const asked = given.options(more, ['offset', 'limit', 'limits', 'mostPieces', 'mostLongerBy']);
    const offset = optional(asked.offset, natural, 'offset') ?? 0n;
    const limit = optional(asked.limit, natural, 'limit');
    const all = BigInt(
      native.splitCount(
        this.#text,
        bits,
        optional(asked.limits, given.text, 'limits'),
        optional(asked.mostPieces, natural, 'mostPieces')?.toString() ?? null,
        optional(asked.mostLongerBy, upTo, 'mostLongerBy', MOST_BITS),
      ),
    );
    const rest = offset < all ? all - offset : 0n;
    return new Ranges(new Page(this.#text, bits, offset, limit !== null && limit < rest ? limit : rest));
  }

  /**
   * @param {unknown} length
   * @param {unknown} [diff]
   */
  miniSplit(length, diff) {
    const bits = given.wholeNumber(length, 'length');
    return new Ranges(new Listed(native.rangeMiniSplit(this.#text, bits, optional(diff, upTo, 'diff', MOST_BITS))));
  }

  /**
   * @param {unknown} entries
   * @param {unknown} [more]
   */
  checkPlan(entries, more) {
    const { limit } = given.options(more, ['limit']);
    const most = optional(limit, upTo, 'limit', Number.MAX_SAFE_INTEGER);
    const { block, count } = entriesOf(entries);
    return new Ranges(new Listed(native.rangeCheckPlan(this.#text, block, count, most)));
  }

  /**
   * @param {unknown} entries
   * @param {unknown} [more]
   */
  planViolations(entries, more) {
    const { limit } = given.options(more, ['limit']);
    const most = optional(limit, upTo, 'limit', Number.MAX_SAFE_INTEGER);
    const { block, count } = entriesOf(entries);
    const facts = JSON.parse(native.rangePlanViolations(this.#text, block, count, most));
    return facts.map((/** @type {any} */ each) => madeError(each));
  }

  /** @param {unknown} other */
  contains(other) {
    return native.rangeContains(this.#text, rangeText(other, 'other'));
  }

  /** @param {unknown} other */
  overlaps(other) {
    return native.rangeOverlaps(this.#text, rangeText(other, 'other'));
  }

  /** @param {unknown} other */
  equals(other) {
    return typeof other === 'object' && other !== null && #text in other && other.#text === this.#text;
  }

  toString() {
    return this.#text;
  }

  toJSON() {
    return this.#text;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Range '${this.#text}'`;
  }

  /** @param {number} place as the native module tells them */
  #fact(place) {
    this.#facts ??= native.rangeFacts(this.#text).split('\n');
    return this.#facts[place];
  }
}

/**
 * @param {unknown} range
 * @param {unknown} length
 */
function readOne(range, length) {
  if (length !== undefined && length !== null) {
    const fault = 'a length goes with two addresses: pass `last` too, or text like `10.0.0.0/24`';
    const chinese = '长度须与两个地址一同传入：请加上 `last`，或写成 `10.0.0.0/24` 的形式';
    return given.refused(badInput(fault, chinese), 'length');
  }
  return native.rangeRead(rangeText(range, 'range'));
}

/**
 * @param {unknown} first
 * @param {unknown} last
 * @param {unknown} length
 */
function readEnds(first, last, length) {
  const ends = /** @type {const} */ ([address(first, 'first'), address(last, 'last')]);
  return native.rangeOfEnds(...ends, optional(length, given.wholeNumber, 'length'));
}

/** @param {unknown} entries */
function entriesOf(entries) {
  return piecesOf(entries)?.packed() ?? packed(list(entries, 'entries'), 'entries', rangeText);
}

module.exports = { Range };
