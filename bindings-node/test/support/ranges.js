'use strict';

const assert = require('node:assert/strict');

/** What a call answers, or the code of its error. */
function told(call) {
  try {
    return call();
  } catch (error) {
    assert.equal(error.name, 'CounterfoilError', error.stack);
    const { text, ...details } = error.details;
    // Of sets of two families, all of one is told, where an operation tells its first text.
    return { code: error.code, details: error.code === 'ipam.mixed_families' ? details : { ...error.details } };
  }
}

/** A range as `ipam.range` describes it. */
function described(range) {
  const { first, last, network, family, isFull } = range;
  return {
    range: String(range),
    family,
    first,
    last,
    length: Number(range.prefixLen),
    network,
    size: String(range.size),
    tightest_length: Number(range.tightestLength),
    is_full: isFull,
  };
}

module.exports = { described, told };
