'use strict';

const native = require('../native');
const given = require('../given');
const { badInput, shown } = require('../codec/misfit');
const { list, optional, range: rangeText } = require('./given');
const { packed } = require('./block');
const { Listed, Page, piecesOf, readers } = require('./pieces');

/** How many are shown of many. */
const SOME = 4;

class Ranges {
  /** @type {InstanceType<typeof Listed> | InstanceType<typeof Page>} */
  #pieces;

  static {
    readers.push((value) => (#pieces in value ? value.#pieces : undefined));
  }

  /** @param {unknown} ranges */
  constructor(ranges) {
    this.#pieces = ranges instanceof Listed || ranges instanceof Page ? ranges : read(ranges);
  }

  get length() {
    const count = this.#pieces.count;
    if (count > BigInt(Number.MAX_SAFE_INTEGER)) {
      return given.refused(
        badInput(
          `\`${count}\` pieces are more than a \`number\` says: ask \`pieceCount\``,
          `分片数 \`${count}\` 超出 \`number\` 的范围：请使用 \`pieceCount\``,
        ),
        'length',
      );
    }
    return Number(count);
  }

  get pieceCount() {
    return this.#pieces.count;
  }

  get size() {
    return BigInt(this.#pieces.size);
  }

  /** @param {unknown} place */
  at(place) {
    const index = placeOf(place, 'place');
    const count = this.#pieces.count;
    const found = index < 0n ? index + count : index;
    return found < 0n || found >= count ? undefined : this.#pieces.at(found);
  }

  texts() {
    return this.#pieces.texts();
  }

  /**
   * @param {unknown} [start]
   * @param {unknown} [end]
   */
  slice(start, end) {
    const count = this.#pieces.count;
    const from = clipped(optional(start, placeOf, 'start') ?? 0n, count);
    const to = clipped(optional(end, placeOf, 'end') ?? count, count);
    return new Ranges(this.#pieces.slice(from, to > from ? to - from : 0n));
  }

  /** @param {unknown} range */
  includes(range) {
    return this.#pieces.includes(native.rangeRead(rangeText(range, 'range')));
  }

  /** @param {unknown} [length] */
  merge(length) {
    return mergeRanges(this, length);
  }

  [Symbol.iterator]() {
    return this.#pieces[Symbol.iterator]();
  }

  /** @param {unknown} other */
  equals(other) {
    const pieces = other instanceof Ranges ? piecesOf(other) : undefined;
    if (pieces === undefined || pieces.count !== this.#pieces.count) {
      return false;
    }
    if (pieces instanceof Page && this.#pieces instanceof Page) {
      // Pieces of splits lie on the grid of their length, without gaps.
      const last = pieces.count - 1n;
      return last < 0n || (pieces.at(0n) === this.#pieces.at(0n) && pieces.at(last) === this.#pieces.at(last));
    }
    return pieces.block === this.#pieces.block;
  }

  toJSON() {
    return this.texts();
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    const some = this.slice(0, SOME)
      .texts()
      .map((/** @type {string} */ text) => `'${text}'`);
    const more = this.pieceCount > SOME ? [`... ${this.pieceCount} in all`] : [];
    return `Ranges [ ${[...some, ...more].join(', ')} ]`.replace('[  ]', '[]');
  }
}

/**
 * @param {unknown} ranges
 * @param {unknown} [length]
 */
function mergeRanges(ranges, length) {
  const { block, count } = rangesOf(ranges, 'ranges');
  return native.mergeRanges(block, count, optional(length, given.wholeNumber, 'length'));
}

/** @param {unknown} ranges */
function aggregate(ranges) {
  const { block, count } = rangesOf(ranges, 'ranges');
  return new Ranges(new Listed(native.aggregate(block, count)));
}

/**
 * Ranges that were given, as they cross the border: ours as they are, others read one after the other.
 *
 * @param {unknown} ranges
 * @param {string} at
 */
function rangesOf(ranges, at) {
  return piecesOf(ranges)?.packed() ?? packed(list(ranges, at), at, rangeText);
}

/** @param {unknown} ranges */
function read(ranges) {
  const pieces = piecesOf(ranges);
  if (pieces !== undefined) {
    return pieces;
  }
  const { block, count } = packed(list(ranges, 'ranges'), 'ranges', rangeText);
  return new Listed(native.rangesRead(block, count));
}

/**
 * A place, counted from the end where it is negative.
 *
 * @param {unknown} value
 * @param {string} at
 */
function placeOf(value, at) {
  return typeof value === 'bigint' ? value : BigInt(given.wholeNumber(value, at));
}

/**
 * @param {bigint} place
 * @param {bigint} count
 */
function clipped(place, count) {
  const from = place < 0n ? place + count : place;
  return from < 0n ? 0n : from > count ? count : from;
}

module.exports = { Ranges, aggregate, mergeRanges };
