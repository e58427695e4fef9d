'use strict';

// Objects of other libraries that are texts on the wire: decimals, instants, dates.

const { types } = require('node:util');
const { asked } = require('./asked');
const { Misfit, badInput, isNo } = require('./misfit');

/** A decimal with an exponent, as big.js and decimal.js write small and large ones. */
const SCIENTIFIC = /^([+-]?)(\d+)(?:\.(\d*))?[eE]([+-]?\d+)$/;
/** No decimal of the core has as many digits: beyond it nothing is written out. */
const MOST_ZEROS = 60;
/** How long the text of a `Date` is whose year has four digits. */
const YEAR_OF_FOUR = '2024-02-20T08:00:00.000Z'.length;
const { getTime } = Date.prototype;

/**
 * The text of an object that is a value of its own, as a `Decimal` or a `Range`; none of anything else.
 *
 * @param {unknown} value
 * @returns {string | undefined}
 */
function textOf(value) {
  if (typeof value !== 'object' || value === null || isOtherwise(value)) {
    return undefined;
  }
  const { toString } = value;
  if (typeof toString !== 'function' || toString === inherited(value)) {
    return undefined;
  }
  const text = asked(value, toString);
  return typeof text === 'string' ? text : undefined;
}

/**
 * What an object that says nothing itself is written by, in whichever realm it was made.
 *
 * @param {object} value
 */
function inherited(value) {
  let last = value;
  for (let next = Object.getPrototypeOf(value); next !== null; next = Object.getPrototypeOf(next)) {
    last = next;
  }
  return last === value ? undefined : last.toString;
}

/**
 * Whether the `toString` of an object is not what it is: a boxed number is a binary float all the same.
 *
 * @param {object} value
 */
function isOtherwise(value) {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    types.isDate(value) ||
    types.isBoxedPrimitive(value) ||
    types.isNativeError(value) ||
    types.isRegExp(value)
  );
}

/**
 * A decimal as the core reads it: without an exponent.
 *
 * @param {string} text
 */
function plainDecimal(text) {
  const parts = SCIENTIFIC.exec(text);
  if (parts === null) {
    return text;
  }
  const [, sign, whole, fraction = '', exponent] = parts;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (digits.length > MOST_ZEROS || point > MOST_ZEROS || point < -MOST_ZEROS) {
    throw new Misfit('money.too_many_digits', text);
  }
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const left = padded.slice(0, Math.max(point, 1)).replace(/^0+(?=\d)/, '');
  const right = padded.slice(Math.max(point, 1));
  return (sign === '-' ? '-' : '') + left + (right === '' ? '' : `.${right}`);
}

/**
 * An instant as text of RFC 3339: of a `Date`, of `Temporal.Instant` and `Temporal.ZonedDateTime`.
 *
 * @param {object} value
 */
function instantText(value) {
  if (types.isDate(value)) {
    return dateText(value);
  }
  const { toInstant } = /** @type {{ toInstant?: unknown }} */ (value);
  const text = typeof toInstant === 'function' ? String(toInstant.call(value)) : textOf(value);
  if (text === undefined) {
    throw isNo(
      value,
      'instant: pass a `Date`, a `Temporal.Instant` or text of ISO 8601',
      '时刻：请传入 `Date`、`Temporal.Instant` 或 ISO 8601 文本',
    );
  }
  return text;
}

/**
 * A `Date` as text, whatever its class says: its milliseconds are what it is.
 *
 * @param {Date} date
 */
function dateText(date) {
  const milliseconds = getTime.call(date);
  if (Number.isNaN(milliseconds)) {
    throw badInput('an invalid `Date` is no instant', '无效的 `Date` 不是时刻');
  }
  const text = new Date(milliseconds).toISOString();
  if (text.length > YEAR_OF_FOUR) {
    throw new Misfit('time.out_of_range', text);
  }
  return text;
}

module.exports = { instantText, plainDecimal, textOf };
