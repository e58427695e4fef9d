'use strict';

const native = require('../native');
const given = require('../given');

/** How many ways to round are kept: a program uses a few. */
const MOST = 64;
/** @type {Map<unknown, any>} */
const kept = new Map();

/**
 * A way to round, read once.
 *
 * @param {unknown} value as `portal`, or `half_even 0.01 total`
 */
function roundingOf(value) {
  const known = kept.get(value);
  if (known !== undefined) {
    return known;
  }
  const text = given.textLike(value, 'rounding');
  const rounding = kept.get(text) ?? native.rounding(text);
  if (kept.size === MOST) {
    kept.clear();
  }
  kept.set(text, rounding);
  return rounding;
}

module.exports = { roundingOf };
