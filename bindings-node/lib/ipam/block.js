'use strict';

// Many texts in one: each with a line break after it, or, as the native module answers, between them.

const given = require('../given');
const { halfPair } = require('../codec/misfit');

/** @typedef {{ block: string, count: number }} Block */

/**
 * Texts packed for one crossing of the border. The native module counts them, so that a line break in one of them is
 * an error.
 *
 * @param {Iterable<unknown>} values
 * @param {string} at
 * @param {(value: unknown, at: string) => string} read
 * @returns {Block}
 */
function packed(values, at, read) {
  let block = '';
  let count = 0;
  for (const value of values) {
    block += typeof value === 'string' ? value : read(value, `${at}[${count}]`);
    block += '\n';
    count += 1;
  }
  if (!block.isWellFormed()) {
    const place = block.split('\n').findIndex((text) => !text.isWellFormed());
    return given.refused(halfPair(), `${at}[${place}]`);
  }
  return { block, count };
}

/**
 * The texts of a block that the native module answered.
 *
 * @param {string} block
 */
function unpacked(block) {
  return block === '' ? [] : block.split('\n');
}

module.exports = { packed, unpacked };
