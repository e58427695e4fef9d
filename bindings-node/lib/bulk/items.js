'use strict';

// Arrays of values as columns: for tables of some rows. A million texts are better passed as their codes.

const { types } = require('node:util');
const { Misfit, badInput, isNo, shown } = require('../codec/misfit');
const { textOf } = require('../codec/exact');

/** Columns of text, also where each value of them is missing. */
const TEXTS = new Set(['kind', 'mode', 'owner', 'unit', 'state']);
/** A day of the calendar. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const { getTime } = Date.prototype;

/**
 * A column of the values of an array: texts, whole numbers or instants, and `null` where there is none.
 *
 * @param {string} name
 * @param {any[]} items
 * @param {boolean} isInstant
 */
function fromItems(name, items, isInstant) {
  const first = items.find((item) => item !== null && item !== undefined);
  if (name === 'day' && (typeof first === 'string' || typeof first === 'object')) {
    return numbersOf(items, new Int32Array(items.length), dayOf);
  }
  if (isInstant) {
    return numbersOf(items, new BigInt64Array(items.length), instantOf);
  }
  if (typeof first === 'string' || (first === undefined && TEXTS.has(name))) {
    return wordsOf(items);
  }
  return numbersOf(items, new BigInt64Array(items.length), wholeOf);
}

/** @param {any[]} items */
function wordsOf(items) {
  /** @type {Map<string, number>} */
  const known = new Map();
  const codes = new Int32Array(items.length);
  for (let row = 0; row < items.length; row += 1) {
    const item = items[row];
    let code = -1;
    if (item !== null && item !== undefined) {
      if (typeof item !== 'string') {
        throw Misfit.within(isNo(item, 'text', '文本'), `[${row}]`);
      }
      code = known.get(item) ?? known.set(item, known.size).size - 1;
    }
    codes[row] = code;
  }
  return { codes, words: [...known.keys()] };
}

/**
 * @template {BigInt64Array | Int32Array} Values
 * @param {any[]} items
 * @param {Values} values
 * @param {(item: any) => Values[number]} read
 */
function numbersOf(items, values, read) {
  const valid = new Uint8Array(items.length).fill(1);
  for (let row = 0; row < items.length; row += 1) {
    const item = items[row];
    if (item === null || item === undefined) {
      valid[row] = 0;
      continue;
    }
    try {
      values[row] = read(item);
    } catch (fault) {
      throw Misfit.within(fault, `[${row}]`);
    }
  }
  return { values, valid };
}

/**
 * The microseconds since 1970 of an instant.
 *
 * @param {unknown} item
 */
function instantOf(item) {
  if (typeof item === 'string') {
    throw badInput(
      `${shown(item)} is text: pass a \`Date\`, a \`Temporal.Instant\`, or microseconds since 1970`,
      `${shown(item)} 是文本：请传入 \`Date\`、\`Temporal.Instant\` 或自 1970 年起的微秒数`,
    );
  }
  return wholeOf(item);
}

/**
 * @param {any} item
 * @returns {bigint}
 */
function wholeOf(item) {
  if (typeof item === 'bigint') {
    if (BigInt.asIntN(64, item) !== item) {
      throw badInput('the number has more than 64 bits', '该数超过 64 位');
    }
    return item;
  }
  if (typeof item === 'number') {
    if (!Number.isSafeInteger(item) || Object.is(item, -0)) {
      throw new Misfit('money.float', Object.is(item, -0) ? '-0' : String(item));
    }
    return BigInt(item);
  }
  if (types.isDate(item)) {
    const milliseconds = getTime.call(item);
    if (Number.isNaN(milliseconds)) {
      throw badInput('an invalid `Date` is no instant', '无效的 `Date` 不是时刻');
    }
    return BigInt(milliseconds) * 1000n;
  }
  if (typeof item?.epochNanoseconds === 'bigint') {
    if (item.epochNanoseconds % 1000n !== 0n) {
      throw badInput('it is finer than a microsecond: round it first', '精度超过微秒：请先舍入');
    }
    return item.epochNanoseconds / 1000n;
  }
  throw isNo(
    item,
    'whole number: pass a `bigint`, a whole `number`, a `Date` or a `Temporal.Instant`',
    '整数：请传入 `bigint`、整数 `number`、`Date` 或 `Temporal.Instant`',
  );
}

/**
 * The days since 1970 of a date.
 *
 * @param {unknown} item
 */
function dayOf(item) {
  const text = typeof item === 'string' ? item : (textOf(item) ?? '');
  const time = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw isNo(item, 'day: write it as `2024-02-20`', '日期：请写成 `2024-02-20` 的形式');
  }
  return time / DAY_MS;
}

module.exports = { fromItems };
