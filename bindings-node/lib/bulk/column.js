'use strict';

const { inspect } = require('node:util');
const native = require('../native');
const given = require('../given');
const { MADE, checkMade } = require('../handle');

/** The typed arrays of whole numbers, by what the native module calls them. */
const ARRAYS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  decimal128: BigInt64Array,
  words: Int32Array,
};

const DAY_MS = 86_400_000;
/** The first day of the year 0 and the last of the year 9999: others have longer texts. */
const [FIRST_DAY, LAST_DAY] = [Date.parse('0000-01-01') / DAY_MS, Date.parse('9999-12-31') / DAY_MS];

/** A column of a table, read when it is asked for. */
class Column {
  #table;
  #place;
  #storage;
  /** @type {any} */
  #values;
  /** @type {Uint8Array | null | undefined} */
  #valid;
  /** @type {readonly string[] | null | undefined} */
  #words;

  /**
   * @param {unknown} token
   * @param {import('../native').External<'Handle'>} table
   * @param {number} place
   * @param {{ name: string, type: string, metadata: Record<string, string> }} field
   * @param {number} length
   */
  constructor(token, table, place, field, length) {
    checkMade(token, Column, 'table.column(name)');
    const { name, type, metadata } = field;
    this.#table = table;
    this.#place = place;
    this.#storage = /** @type {keyof typeof ARRAYS} */ (native.columnStorage(table, place));
    // Microseconds are counted; amounts that are scaled say by how much.
    const isCount = metadata['counterfoil.unit'] === 'us';
    const scale = native.columnScale(table, place) ?? (isCount ? null : metadata['counterfoil.scale']);
    this.name = name;
    this.type = type;
    this.length = length;
    this.scale = scale === undefined || scale === null ? null : Number(scale);
    Object.freeze(this);
  }

  get values() {
    if (this.#values === undefined) {
      const read = this.#storage === 'words' ? native.columnCodes : native.columnValues;
      const { buffer, byteOffset, byteLength } = read(this.#table, this.#place);
      const Values = /** @type {any} */ (ARRAYS[this.#storage]);
      this.#values = new Values(buffer, byteOffset, byteLength / Values.BYTES_PER_ELEMENT);
    }
    return this.#values;
  }

  get valid() {
    if (this.#valid === undefined) {
      this.#valid = this.#storage === 'words' ? null : (native.columnValid(this.#table, this.#place) ?? null);
    }
    return this.#valid;
  }

  get words() {
    if (this.#words === undefined) {
      this.#words = this.#storage === 'words' ? Object.freeze(native.columnWords(this.#table, this.#place)) : null;
    }
    return this.#words;
  }

  /**
   * @param {unknown} row
   * @returns {string | bigint | null | undefined}
   */
  at(row) {
    const place = rowOf(row, this.length);
    return place === undefined ? undefined : this.#value(place);
  }

  /**
   * @param {number} place
   * @returns {string | bigint | null}
   */
  #value(place) {
    if (this.valid?.[place] === 0) {
      return null;
    }
    switch (this.#storage) {
      case 'words':
        return this.words?.[this.values[place]] ?? null;
      case 'decimal128': {
        const [low, high] = this.values.subarray(2 * place, 2 * place + 2);
        return decimalText((high << 64n) | BigInt.asUintN(64, low), this.scale ?? 0);
      }
      default: {
        const number = BigInt(this.values[place]);
        if (this.type === 'Date32') {
          return dayText(Number(number));
        }
        return this.scale === null ? number : decimalText(number, this.scale);
      }
    }
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; row += 1) {
      yield this.#value(row);
    }
  }

  toJSON() {
    return Array.from(this, (value) => (typeof value === 'bigint' ? value.toString() : value));
  }

  [inspect.custom]() {
    return `Column ${this.name}: ${this.type}, ${this.length} rows`;
  }
}

/**
 * A column of what the native module has.
 *
 * @param {import('../native').External<'Handle'>} table
 * @param {number} place
 * @param {{ name: string, type: string, metadata: Record<string, string> }} field
 * @param {number} length
 */
function madeColumn(table, place, field, length) {
  return new Column(MADE, table, place, field, length);
}

/**
 * The place of a row, which is counted from the end where it is negative; none where there is no such row.
 *
 * @param {unknown} row
 * @param {number} length
 */
function rowOf(row, length) {
  const number = given.wholeNumber(row, 'row');
  const place = number < 0 ? number + length : number;
  return place >= 0 && place < length ? place : undefined;
}

/**
 * A whole number of the last digit, as text with its point.
 *
 * @param {bigint} number
 * @param {number} scale
 */
function decimalText(number, scale) {
  const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, '0');
  const sign = number < 0n ? '-' : '';
  return scale <= 0
    ? `${sign}${digits}${'0'.repeat(-scale)}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * A day of the calendar, by the days since 1970. None of a year beyond 9999: that is told by its number.
 *
 * @param {number} days
 */
function dayText(days) {
  const isNear = days >= FIRST_DAY && days <= LAST_DAY;
  return isNear ? new Date(days * DAY_MS).toISOString().slice(0, 10) : BigInt(days);
}

module.exports = { Column, madeColumn, rowOf };
