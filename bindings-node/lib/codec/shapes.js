'use strict';

// What stands in a place of a call or an answer. A shape writes what people pass as JSON of the wire, and reads JSON of
// an answer: members are in camelCase here, and in snake_case there.
//
// A value that is not what belongs in its place is written as it is, so that the core says what is wrong with it.

const { types } = require('node:util');
const { instantText, plainDecimal, textOf } = require('./exact');
const { badInput, isNo } = require('./misfit');
const { isExact, isList, plain, told } = require('./plain');

/**
 * @typedef {object} Shape
 * @property {(value: any) => string} write
 * @property {(json: any) => any} read of JSON that is not `null`
 * @property {((key: string) => Member | undefined) | undefined} [inside] what stands inside, by its name on the wire
 *
 * @typedef {{ name: string, shape: Shape }} Member
 */

/** @param {any} json */
const same = (json) => json;

/** @type {Shape} */
const bool = { write: (value) => plain(value), read: same };

/** @type {Shape} */
const text = { write: (value) => plain(told(value)), read: same };

/** @type {Shape} */
const integer = {
  write(value) {
    if (typeof value === 'number' && !isExact(value)) {
      throw isNo(value, 'exact whole number: pass a `bigint`', '精确的整数：请传入 `bigint`');
    }
    return plain(value);
  },
  read: (json) => BigInt(json),
};

/**
 * A whole number that is a text on the wire.
 *
 * @type {Shape}
 */
const bigInteger = { write: (value) => (typeof value === 'bigint' ? `"${value}"` : integer.write(value)), read: integer.read };

/** @type {Shape} */
const decimal = {
  write(value) {
    if (typeof value === 'bigint') {
      return `"${value}"`;
    }
    const told = textOf(value);
    return told === undefined ? plain(value) : plain(plainDecimal(told));
  },
  read: same,
};

/**
 * Money, a quantity, an address, a range: text, or an object that is written as its text.
 *
 * @type {Shape}
 */
const value = { write: (given) => plain(textOf(given) ?? given), read: same };

/** @type {Shape} */
const instant = {
  write: (given) => plain(typeof given === 'object' && given !== null && !isList(given) ? instantText(given) : given),
  read: same,
};

/**
 * A day of the calendar. A `Date` is none: which day it is depends on where.
 *
 * @type {Shape}
 */
const date = {
  write(given) {
    if (types.isDate(given)) {
      throw badInput(
        'a `Date` is an instant: pass the day as text like `2024-02-20`, or a `Temporal.PlainDate`',
        '`Date` 是时刻：请以 `2024-02-20` 形式的文本或 `Temporal.PlainDate` 传入日期',
      );
    }
    return value.write(given);
  },
  read: same,
};

/**
 * A document, JSON here and there: a rate card in the form of its files.
 *
 * @type {Shape}
 */
const document = { write: (given) => plain(told(given)), read: same };

/**
 * A number, or `unlimited`. A number that JSON does not hold is a text on its way here.
 *
 * @type {Shape}
 */
const countOrWord = { write: integer.write, read: (json) => (/^-?\d+$/.test(json) ? BigInt(json) : json) };

for (const shape of [bigInteger, bool, countOrWord, date, decimal, document, instant, integer, text, value]) {
  Object.freeze(shape);
}

module.exports = { bigInteger, bool, countOrWord, date, decimal, document, instant, integer, text, value };
