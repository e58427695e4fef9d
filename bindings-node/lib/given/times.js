'use strict';

// Instants, and windows from one to another.

const { types } = require('node:util');
const { instantText } = require('../codec/exact');
const { isNo } = require('../codec/misfit');
const { members, refused, text } = require('./texts');

const { getTime } = Date.prototype;
/** What a period is, where something else is passed. */
const PERIOD = 'period: pass an object with `start` and `end`';
const ENDS = new Set(['start', 'end']);

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
 * A window as the native module reads it.
 *
 * @param {any} value
 * @param {string} at
 */
function period(value, at) {
  return ends(value, at, moment);
}

/**
 * The start and the end of a window, of an object of both, or of a pair.
 *
 * @template End
 * @param {any} value
 * @param {string} at
 * @param {(value: unknown, at: string) => End} read
 * @returns {[End, End]}
 */
function ends(value, at, read) {
  if (Array.isArray(value) && value.length === 2) {
    return [read(value[0], `${at}.start`), read(value[1], `${at}.end`)];
  }
  if (typeof value !== 'object' || value === null || value.start === undefined || value.end === undefined) {
    return refused(isNo(value, PERIOD, '时段：请传入含 `start` 和 `end` 的对象'), at);
  }
  const { start, end } = members(value, ENDS, at);
  return [read(start, `${at}.start`), read(end, `${at}.end`)];
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

module.exports = { ends, instant, moment, period };
