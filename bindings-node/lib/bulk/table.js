'use strict';

const { inspect, types } = require('node:util');
const native = require('../native');
const given = require('../given');
const { Misfit, badInput, isNo, shown } = require('../codec/misfit');
const { bytesOf } = require('../codec/bytes');
const { isObject } = require('../codec/plain');
const { WIRE, classOf, describe, wireName } = require('./columns');
const { Column, madeColumn, rowOf } = require('./column');

/** @typedef {InstanceType<typeof Column>} ColumnOf */
/** @typedef {{ name: string, type: string, metadata: Record<string, string> }} Field */

/** How many rows are shown. */
const SHOWN = 10;
/** Names of results, as JavaScript writes them. */
const NAMES = new Map(Array.from(WIRE, ([name, wire]) => [wire, name]));

/** A table that the native module has. */
class Held {
  /** @param {import('../native').External<'Handle'>} table */
  constructor(table) {
    this.table = table;
  }
}

/** Rows of named columns, kept in Rust. */
class Table {
  #native;
  /** @type {readonly Field[] | undefined} */
  #schema;
  /** @type {Map<string, ColumnOf>} */
  #columns = new Map();
  #isDisposed = false;

  /** @param {unknown} from columns, or bytes of Arrow IPC */
  constructor(from) {
    this.#native = from instanceof Held ? from.table : read(from, true);
  }

  /**
   * A table as the native module takes it: a `Table`, or what one is made of.
   *
   * @param {unknown} from
   */
  static nativeOf(from) {
    return Table.passed(from).table;
  }

  /**
   * A table as a run takes it. A copy that is made for the run is not kept: its memory is used again at the end of it.
   *
   * @param {unknown} from
   */
  static passed(from) {
    const isKept = typeof from === 'object' && from !== null && #native in from;
    return { isKept, table: isKept ? from.#native : read(from, false) };
  }

  get length() {
    return native.tableRows(this.#native);
  }

  /** @returns {readonly Field[]} */
  get schema() {
    return (this.#schema ??= JSON.parse(native.tableSchema(this.#native), (_, value) => Object.freeze(value)));
  }

  /** @param {unknown} name */
  has(name) {
    const wire = wireName(given.text(name, 'column'));
    return this.schema.some((field) => field.name === wire);
  }

  /** @param {unknown} name */
  column(name) {
    const wire = wireName(given.text(name, 'column'));
    const known = this.#columns.get(wire);
    if (known !== undefined) {
      return known;
    }
    const place = this.schema.findIndex((field) => field.name === wire);
    if (place === -1) {
      const names = this.schema.map((field) => `\`${field.name}\``).join(', ');
      const fault = `there is no column ${shown(name)}: there are ${names || 'none'}`;
      return given.refused(badInput(fault, `没有列 ${shown(name)}：现有 ${names || '零列'}`), 'column');
    }
    if (this.schema.some((field, other) => other > place && field.name === wire)) {
      return given.refused(new Misfit('arrow.repeated_column', wire), 'column');
    }
    const column = madeColumn(this.#native, place, this.schema[place], this.length);
    this.#columns.set(wire, column);
    return column;
  }

  /** @param {unknown} row */
  at(row) {
    const place = rowOf(row, this.length);
    return place === undefined ? undefined : this.#row(place);
  }

  *[Symbol.iterator]() {
    const { length } = this;
    for (let row = 0; row < length; row += 1) {
      yield this.#row(row);
    }
  }

  toIPC() {
    const { buffer, byteOffset, byteLength } = native.tableToIpc(this.#native);
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  toJSON() {
    const columns = this.#shown();
    return Array.from({ length: this.length }, (_, row) =>
      Object.fromEntries(columns.map(({ name, at }) => [name, textOrNull(at(row))])),
    );
  }

  toString() {
    const columns = this.#shown();
    const names = columns.map(({ name }) => name);
    const rows = Array.from({ length: Math.min(SHOWN, this.length) }, (_, row) =>
      columns.map(({ at }) => String(at(row))),
    );
    const widths = names.map((_, place) => Math.max(...[names, ...rows].map((row) => row[place].length)));
    const lines = [names, ...rows].map((row) =>
      row
        .map((cell, place) => cell.padEnd(widths[place]))
        .join(' | ')
        .trimEnd(),
    );
    const left = this.length - rows.length;
    return [...lines, ...(left > 0 ? [`… ${left} more rows`] : [])].join('\n');
  }

  dispose() {
    this.#isDisposed = true;
    native.tableDispose(this.#native);
  }

  [inspect.custom]() {
    if (this.#isDisposed) {
      return `${this.constructor.name} that was disposed of`;
    }
    return `${this.constructor.name} of ${this.length} rows\n${this}`;
  }

  /**
   * The columns as they are shown: of one that can not be read, what it is stands in each row.
   *
   * @returns {{ name: string, at: (row: number) => string | bigint | null | undefined }[]}
   */
  #shown() {
    return this.schema.map((field) => {
      const name = NAMES.get(field.name) ?? field.name;
      try {
        const column = this.column(field.name);
        column.at(0);
        return { name, at: (row) => column.at(row) };
      } catch (error) {
        const { code } = /** @type {import('../errors').CounterfoilError} */ (error);
        return { name, at: () => `<${code === 'arrow.column_type' ? field.type : code}>` };
      }
    });
  }

  /** @param {number} row */
  #row(row) {
    return Object.fromEntries(
      this.schema.map(({ name }) => [NAMES.get(name) ?? name, this.column(name).at(row) ?? null]),
    );
  }
}

/** @param {string | bigint | null | undefined} value */
function textOrNull(value) {
  return value === null || value === undefined ? null : String(value);
}

// The first releases of Node 20 have no `Symbol.dispose`.
if (Symbol.dispose !== undefined) {
  const { dispose } = Table.prototype;
  Object.defineProperty(Table.prototype, Symbol.dispose, { value: dispose, writable: true, configurable: true });
}

/**
 * The faulty rows of what came out, and their codes.
 *
 * @param {unknown} table
 */
function faults(table) {
  return new Table(new Held(native.tableFaults(Table.nativeOf(table))));
}

/**
 * @param {unknown} from
 * @param {boolean} isKept
 * @returns {import('../native').External<'Handle'>}
 */
function read(from, isKept) {
  if (types.isAnyArrayBuffer(from) || classOf(from) === 'Uint8Array') {
    return native.tableOfIpc(ipcOf(/** @type {Uint8Array} */ (from)), isKept);
  }
  if (isOfArrow(from)) {
    const fault = 'a table of apache-arrow is passed as its bytes: `tableToIPC(table)`';
    return given.refused(badInput(fault, 'apache-arrow 的表请以字节传入：`tableToIPC(table)`'), 'table');
  }
  if (!isObject(from) || types.isMap(from) || ArrayBuffer.isView(from)) {
    const chinese = '表：请传入按名称给出的列，或 Arrow IPC 字节';
    return given.refused(isNo(from, 'table: pass columns by their names, or bytes of Arrow IPC', chinese), 'table');
  }
  const { described, bytes } = describe(from);
  return native.tableOfColumns(described, bytes, isKept);
}

/** @param {ArrayBufferView | ArrayBufferLike} from */
function ipcOf(from) {
  try {
    return bytesOf(from);
  } catch (fault) {
    return given.refused(fault, 'table');
  }
}

/**
 * Whether it is a table of apache-arrow, of any version of it.
 *
 * @param {any} value
 */
function isOfArrow(value) {
  return typeof value === 'object' && value !== null && 'batches' in value && typeof value.getChild === 'function';
}

module.exports = { Column, Held, Table, faults };
