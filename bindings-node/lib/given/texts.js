'use strict';

// Texts, and objects of known members.

const { types } = require('node:util');
const { Misfit, halfPair, isNo, unknownMember } = require('../codec/misfit');
const { textOf } = require('../codec/exact');
const { isObject } = require('../codec/plain');

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
 * An object of known members: another one would be passed and not be heard.
 *
 * @param {any} value
 * @param {Set<string>} known
 * @param {string} at
 * @returns {any}
 */
function members(value, known, at) {
  if (!isPlain(value) && (!isObject(value) || types.isMap(value))) {
    return refused(isNo(value, `object of ${quoted(known)}`, `由 ${quoted(known)} 组成的对象`), at);
  }
  for (const name in value) {
    if (!known.has(name)) {
      refused(unknownMember(name, known), at);
    }
  }
  return value;
}

/**
 * Whether a value is an object as it is written in braces, which most are: nothing else of it needs a look.
 *
 * @param {any} value
 */
function isPlain(value) {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @param {Set<string>} names */
function quoted(names) {
  return Array.from(names, (name) => `\`${name}\``).join(', ');
}

/**
 * @param {unknown} fault
 * @param {string} at
 * @returns {never}
 */
function refused(fault, at) {
  return Misfit.throw(Misfit.within(fault, at));
}

module.exports = { members, refused, text, textLike };
