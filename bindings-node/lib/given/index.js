'use strict';

// Arguments of handles: checked here, and passed on as texts and numbers. Each says the place of what is wrong.

const { Misfit, isNo, outOfRange, unknownMember } = require('../codec/misfit');
const { plainDecimal, textOf } = require('../codec/exact');
const { entries, isList, isObject, itemsOf } = require('../codec/plain');
const { members, refused, text, textLike } = require('./texts');
const { ends, instant, moment, period } = require('./times');

/** The most of what is counted. */
const MOST = 0xffff_ffff;

/**
 * An exact decimal as text: text, a `bigint`, or an object whose text is one.
 *
 * @param {unknown} value
 * @param {string} at
 */
function decimal(value, at) {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return refused(isWhole(value) ? new Misfit('money.not_text', String(value)) : float(value), at);
    default:
      try {
        return text(typeof value === 'string' ? value : plainDecimal(textOf(value) ?? text(value, at)), at);
      } catch (fault) {
        return refused(fault, at);
      }
  }
}

/**
 * Money, a quantity: text with what it is of, or an object that is written so. A number says nothing of it.
 *
 * @param {unknown} value
 * @param {string} at
 */
function measured(value, at) {
  switch (typeof value) {
    case 'string':
      return text(value, at);
    case 'number':
      return decimal(value, at);
    case 'bigint':
      return refused(new Misfit('money.not_text', value.toString()), at);
    default:
      return textLike(value, at);
  }
}

/**
 * A quantity, or a decimal of the usual unit, which may be a whole number.
 *
 * @param {unknown} value
 * @param {string} at
 */
function sized(value, at) {
  return typeof value === 'number' && isWhole(value) ? String(value) : decimal(value, at);
}

/**
 * A whole number that a `number` holds: a count, a length, an index.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {number}
 */
function wholeNumber(value, at) {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !isWhole(number)) {
    return refused(isNo(value, 'whole number that is exact', '精确的整数'), at);
  }
  return number;
}

/**
 * The options of a call. One that there is not would be passed over in silence.
 *
 * @param {unknown} options
 * @param {string[]} names
 * @returns {Record<string, unknown>}
 */
function options(options, names) {
  if (options === undefined || options === null) {
    return {};
  }
  if (typeof options !== 'object' || Symbol.iterator in options || textOf(options) !== undefined) {
    return refused(isNo(options, 'object of options', '选项对象'), 'options');
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      return refused(unknownMember(name, names), `options.${name}`);
    }
  }
  return /** @type {Record<string, unknown>} */ (options);
}

/**
 * Whether a number is the whole number that was written.
 *
 * @param {number} value
 */
function isWhole(value) {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** @param {number} value */
function float(value) {
  return new Misfit('money.float', Object.is(value, -0) ? '-0' : String(value));
}

/**
 * How many: a whole number of 32 bits.
 *
 * @param {unknown} value
 * @param {string} at
 */
function count(value, at) {
  const number = wholeNumber(value, at);
  return number >= 0 && number <= MOST ? number : refused(outOfRange(value), at);
}

/**
 * Members by names that are not known before.
 *
 * @param {any} value
 * @param {string[]} expected what it should be, in English and in Chinese
 * @param {string} at
 */
function pairs(value, expected, at) {
  if (!isObject(value)) {
    return refused(isNo(value, expected[0], expected[1]), at);
  }
  try {
    return entries(value);
  } catch (fault) {
    return refused(fault, at);
  }
}

/**
 * Items that can be gone through: an array, a set.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {Iterable<unknown>}
 */
function list(value, at) {
  try {
    return isList(value) ? itemsOf(value) : refused(isNo(value, 'list: pass an array', '列表：请传入数组'), at);
  } catch (fault) {
    return refused(fault, at);
  }
}

/**
 * What may be left out: nothing, where it is.
 *
 * @template T
 * @param {unknown} value
 * @param {string} at
 * @param {(value: unknown, at: string) => T} read
 * @returns {T | null}
 */
function optional(value, at, read) {
  return value === undefined || value === null ? null : read(value, at);
}

module.exports = {
  count,
  decimal,
  ends,
  instant,
  list,
  measured,
  members,
  moment,
  optional,
  options,
  pairs,
  period,
  refused,
  sized,
  text,
  textLike,
  wholeNumber,
};
