'use strict';

// Arguments of handles: checked here, and passed on as texts and numbers. Each says the place of what is wrong.

const { types } = require('node:util');
const { Misfit, halfPair, isNo, outOfRange, unknownMember } = require('./codec/misfit');
const { instantText, plainDecimal, textOf } = require('./codec/exact');
const { entries, isList, isObject } = require('./codec/plain');

const { getTime } = Date.prototype;
/** What a period is, where something else is passed. */
const PERIOD = 'period: pass an object with `start` and `end`';
/** The most of what is counted. */
const MOST = 0xffff_ffff;

/**
 * Text that is Unicode: half of a surrogate pair would be another character in Rust.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
function text(value, at) {
  if (typeof value !== 'string') {
    return refused(isNo(value, 'text', '文本'), at);
  }
  if (!value.isWellFormed()) {
    return refused(halfPair(), at);
  }
  return value;
}

/**
 * Text, or an object that is written as its text: money, a quantity, a range.
 *
 * @param {unknown} value
 * @param {string} at
 */
function textLike(value, at) {
  return text(typeof value === 'string' ? value : (textOf(value) ?? value), at);
}

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
 * An instant as the native module reads it: the milliseconds of a `Date`, which are exact, or text of RFC 3339.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {number | string}
 */
function moment(value, at) {
  if (typeof value === 'string') {
    return text(value, at);
  }
  if (types.isDate(value)) {
    const milliseconds = getTime.call(value);
    if (!Number.isNaN(milliseconds)) {
      return milliseconds;
    }
  }
  return instant(value, at);
}

/**
 * A window as the native module reads it: its start and its end, of an object of both, or of a pair.
 *
 * @param {any} value
 * @param {string} at
 */
function period(value, at) {
  if (Array.isArray(value) && value.length === 2) {
    return [moment(value[0], `${at}.start`), moment(value[1], `${at}.end`)];
  }
  if (typeof value !== 'object' || value === null || value.start === undefined || value.end === undefined) {
    return refused(isNo(value, PERIOD, '时段：请传入含 `start` 和 `end` 的对象'), at);
  }
  return [moment(value.start, `${at}.start`), moment(value.end, `${at}.end`)];
}

/**
 * An instant as text of RFC 3339.
 *
 * @param {unknown} value
 * @param {string} at
 */
function instant(value, at) {
  try {
    return text(typeof value === 'object' && value !== null ? instantText(value) : value, at);
  } catch (fault) {
    return refused(fault, at);
  }
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
 * An object of known members: another one would be passed and not be heard.
 *
 * @param {any} value
 * @param {Set<string>} known
 * @param {string} at
 * @returns {any}
 */
function members(value, known, at) {
  if (!isObject(value) || types.isMap(value)) {
    return refused(isNo(value, `object of ${quoted(known)}`, `由 ${quoted(known)} 组成的对象`), at);
  }
  for (const name in value) {
    if (!known.has(name)) {
      refused(unknownMember(name, known), at);
    }
  }
  return value;
}

/** @param {Set<string>} names */
function quoted(names) {
  return Array.from(names, (name) => `\`${name}\``).join(', ');
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
  return isList(value) ? value : refused(isNo(value, 'list: pass an array', '列表：请传入数组'), at);
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

/**
 * @param {unknown} fault
 * @param {string} at
 * @returns {never}
 */
function refused(fault, at) {
  return Misfit.throw(Misfit.within(fault, at));
}

module.exports = {
  count,
  decimal,
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
