'use strict';

// Arguments of ranges: texts, whole numbers, options.

const given = require('../given');
const { isNo, outOfRange } = require('../codec/misfit');
const { textOf } = require('../codec/exact');
const { isIterable, itemsOf } = require('../codec/plain');

/** What a range is, where something else is passed. */
const RANGE = 'range: pass a `Range`, or text like `10.0.0.0/24`';
/** The largest number of 128 bits. */
const LARGEST = 2n ** 128n - 1n;

/**
 * A range as text: text, a `Range`, or an object of another library that is written as one. A list of ranges is none.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
function range(value, at) {
  if (typeof value === 'string') {
    return given.text(value, at);
  }
  const text = typeof value === 'object' && value !== null && Symbol.iterator in value ? undefined : textOf(value);
  if (text === undefined) {
    return given.refused(isNo(value, RANGE, '地址段：请传入 `Range`，或 `10.0.0.0/24` 形式的文本'), at);
  }
  return given.text(text, at);
}

/**
 * An address as text.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
function address(value, at) {
  const text = typeof value === 'string' ? value : textOf(value);
  if (text === undefined) {
    return given.refused(isNo(value, 'address: pass text like `10.0.0.1`', '地址：请写成 `10.0.0.1` 的形式'), at);
  }
  return given.text(text, at);
}

/**
 * What is in a list, one after the other; text and a single range are no list.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {Iterable<unknown>}
 */
function list(value, at) {
  const isList = typeof value === 'object' && value !== null && isIterable(value);
  try {
    return isList ? itemsOf(value) : given.refused(isNo(value, 'list: pass a list of them', '列表：请传入列表'), at);
  } catch (fault) {
    return given.refused(fault, at);
  }
}

/**
 * A place or a count of up to 128 bits.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {bigint}
 */
function natural(value, at) {
  const number = typeof value === 'bigint' ? value : BigInt(given.wholeNumber(value, at));
  if (number < 0n || number > LARGEST) {
    return given.refused(outOfRange(number), at);
  }
  return number;
}

/**
 * A whole number from zero to a largest.
 *
 * @param {unknown} value
 * @param {string} at
 * @param {number} largest
 */
function upTo(value, at, largest) {
  const number = given.wholeNumber(value, at);
  if (number < 0 || number > largest) {
    return given.refused(outOfRange(number), at);
  }
  return number;
}

/**
 * An argument that may be left out.
 *
 * @template Read
 * @param {unknown} value
 * @param {(value: unknown, at: string, ...more: any[]) => Read} read
 * @param {string} at
 * @param {any[]} more
 * @returns {Read | null}
 */
function optional(value, read, at, ...more) {
  return value === undefined || value === null ? null : read(value, at, ...more);
}

module.exports = { address, list, natural, optional, range, upTo };
