'use strict';

// JSON of a value as it is: a document, or what the core is to refuse in its place.

const { types } = require('node:util');
const { asked } = require('./asked');
const { Misfit, badInput, halfPair, isNo, shown } = require('./misfit');
const { textOf } = require('./exact');

/** How deep JSON may be. */
const DEEPEST = 64;
/** The method by which a handle tells what it is as an argument of an operation. */
const ARGUMENT = Symbol('argument');

/**
 * JSON of a value. Refused is what JSON would change: `NaN`, `-0`, a number that may have been rounded, a function.
 *
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {string}
 */
function plain(value, depth = 0) {
  if (depth > DEEPEST) {
    throw badInput(`it is nested deeper than ${DEEPEST}, or holds itself`, `嵌套超过 ${DEEPEST} 层，或包含其自身`);
  }
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'boolean':
      return String(value);
    case 'bigint':
      return value.toString();
    case 'number':
      if (!isExact(value)) {
        throw new Misfit('money.float', Object.is(value, -0) ? '-0' : String(value));
      }
      return String(value);
    case 'object':
      return value === null ? 'null' : ofObject(value, depth);
    default:
      throw badInput(`${shown(value)} can not be passed`, `${shown(value, 'zh')} 无法传递`);
  }
}

/**
 * @param {object} value
 * @param {number} depth
 */
function ofObject(value, depth) {
  if (isList(value)) {
    return `[${Array.from(itemsOf(value), (item, place) => within(item ?? null, `[${place}]`, depth)).join(',')}]`;
  }
  if (!isObject(value)) {
    throw badInput(`${shown(value)} is not what belongs here`, `${shown(value, 'zh')} 不应出现在此处`);
  }
  const members = [];
  for (const [key, item] of entries(value)) {
    if (item !== undefined) {
      members.push(`${quotedKey(key)}:${within(item, key, depth)}`);
    }
  }
  return `{${members.join(',')}}`;
}

/**
 * JSON of a text. Half of a surrogate pair is no character.
 *
 * @param {string} text
 */
function quoted(text) {
  if (!text.isWellFormed()) {
    throw halfPair();
  }
  return JSON.stringify(text);
}

/**
 * JSON of a key, whose place is itself.
 *
 * @param {string} key
 */
function quotedKey(key) {
  try {
    return quoted(key);
  } catch (fault) {
    throw Misfit.within(fault, key.toWellFormed());
  }
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} depth
 */
function within(value, place, depth) {
  try {
    return plain(value, depth + 1);
  } catch (fault) {
    throw Misfit.within(fault, place);
  }
}

/**
 * A handle tells what it is as an argument, where that is not what it is as JSON; all else is what it is.
 *
 * @param {any} value
 */
function told(value) {
  if (typeof value?.[ARGUMENT] === 'function') {
    return value[ARGUMENT]();
  }
  return typeof value?.toJSON === 'function' && !types.isDate(value) ? (asked(value, value.toJSON) ?? value) : value;
}

/**
 * Whether a number is the number that was written: whole and safe, or a fraction that the core refuses by itself.
 *
 * @param {number} value
 */
function isExact(value) {
  return Number.isInteger(value) ? Number.isSafeInteger(value) && !Object.is(value, -0) : Number.isFinite(value);
}

/**
 * Whether a value is an object of members, and no value of its own kind.
 *
 * @param {unknown} value
 * @returns {value is Record<string, unknown> | Map<unknown, unknown>}
 */
function isObject(value) {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (types.isMap(value)) {
    return true;
  }
  return hasMembers(value) && !(types.isDate(value) || isList(value) || textOf(value) !== undefined);
}

/**
 * Whether an object says something by its members: a promise, an error or a class of getters has none of its own.
 *
 * @param {object} value
 */
function hasMembers(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null || Object.keys(value).length > 0;
}

/**
 * @param {object} value
 * @returns {value is Iterable<unknown>}
 */
function isIterable(value) {
  return typeof (/** @type {any} */ (value)[Symbol.iterator]) === 'function';
}

/**
 * @param {unknown} value
 * @returns {value is Iterable<unknown>}
 */
function isList(value) {
  return typeof value === 'object' && value !== null && isIterable(value) && !types.isMap(value);
}

/**
 * What is in a list, one after the other.
 *
 * @template Item
 * @param {Iterable<Item>} list
 * @returns {Iterable<Item>}
 */
function itemsOf(list) {
  if (Array.isArray(list)) {
    return list;
  }
  const iterator = /** @type {Iterator<Item> | undefined} */ (asked(list, list[Symbol.iterator]));
  if (typeof iterator?.next !== 'function') {
    throw isNo(list, 'list: pass an array', '列表：请传入数组');
  }
  return { [Symbol.iterator]: () => iterator };
}

/**
 * The members of an object by texts.
 *
 * @param {Record<string, unknown> | Map<unknown, unknown>} value
 * @returns {[string, unknown][]}
 */
function entries(value) {
  if (!types.isMap(value)) {
    return Object.entries(value);
  }
  return Array.from(value, ([key, item]) => {
    if (typeof key !== 'string') {
      throw isNo(key, 'key: pass text', '键：请传入文本');
    }
    return [key, item];
  });
}

module.exports = { ARGUMENT, entries, isExact, isIterable, isList, isObject, itemsOf, plain, quotedKey, told };
