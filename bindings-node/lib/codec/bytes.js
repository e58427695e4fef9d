'use strict';

const { types } = require('node:util');
const { badInput } = require('./misfit');

/**
 * Whether a value is memory, or a part of some, of any realm.
 *
 * @param {unknown} value
 * @returns {value is ArrayBufferView | ArrayBufferLike}
 */
function holdsBytes(value) {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/**
 * Its bytes. Of memory that other threads write to, what it is now is taken.
 *
 * @param {ArrayBufferView | ArrayBufferLike} value
 */
function bytesOf(value) {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value)
    ? value
    : { buffer: value, byteOffset: 0, byteLength: value.byteLength };
  try {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return types.isSharedArrayBuffer(buffer) ? bytes.slice() : bytes;
  } catch {
    throw badInput('its memory was transferred to somebody else', '其内存已转移给他方');
  }
}

module.exports = { bytesOf, holdsBytes };
