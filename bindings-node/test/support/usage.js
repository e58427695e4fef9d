'use strict';

// Tables of usage for the tests of bulk: made from numbers, the same for the same seed.

const CARD = `
revision = "2024-02"
currency = "CNY"
rates = [
  { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
  { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
  { kind = "server", part = "disk", price = "0.0031", per = "GiB", every = "hour" },
  { kind = "disk", part = "cpu", price = "0", per = "core", every = "hour" },
  { kind = "disk", part = "ram", price = "0.001", per = "GiB", every = "hour" },
  { kind = "disk", part = "disk", price = "0.122", per = "GiB", every = "hour" },
]
`;
const QUANTITIES = { cpu: 'core', ram: { unit: 'GiB', scale: 1 }, disk: 'GiB' };
const WINDOW = { start: '2024-02-20T00:00:00Z', end: '2024-02-21T00:00:00Z' };
const OPTIONS = { quantities: QUANTITIES, rounding: 'portal', window: WINDOW };

const DAY = 86_400_000_000n;
const FIRST = BigInt(Date.parse(WINDOW.start)) * 1000n;
const KINDS = ['server', 'disk', 'moon'];
const MODES = ['post_paid', 'pre_paid', 'quota'];

/** @param {number} seed */
function numbers(seed) {
  let state = seed * 2654435761 + 1;
  return (/** @type {number} */ below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 12)) >>> 0) % below;
  };
}

/**
 * Columns of so many rows, some of which have a fault or did not live in the window.
 *
 * @param {number} rows
 * @param {number} [seed]
 */
function usage(rows, seed = 1) {
  const below = numbers(seed);
  const columns = {
    kind: { codes: new Int8Array(rows), words: KINDS },
    mode: { codes: new Uint8Array(rows), words: MODES },
    start: new BigInt64Array(rows),
    end: { values: new BigInt64Array(rows), valid: new Uint8Array(rows) },
    cpu: new Int32Array(rows),
    ram: new BigInt64Array(rows),
    disk: { values: new Uint16Array(rows), valid: new Uint8Array(rows) },
  };
  for (let row = 0; row < rows; row += 1) {
    columns.kind.codes[row] = below(40) === 0 ? (below(2) === 0 ? 2 : -1) : below(2);
    columns.mode.codes[row] = below(3);
    columns.start[row] = FIRST - DAY + BigInt(below(3)) * DAY + BigInt(below(1_000_000)) * 1000n;
    columns.end.valid[row] = below(2);
    columns.end.values[row] = columns.end.valid[row] ? columns.start[row] + BigInt(below(1_000_000)) * 100_000n : 0n;
    columns.cpu[row] = below(50) === 0 ? -1 : below(64);
    columns.ram[row] = BigInt(below(2560));
    columns.disk.valid[row] = below(4) === 0 ? 0 : 1;
    columns.disk.values[row] = below(65_536);
  }
  return columns;
}

/** Some rows of such columns. */
function cut(columns, from, to) {
  const part = (value) =>
    ArrayBuffer.isView(value)
      ? value.slice(from, to)
      : Object.fromEntries(
          Object.entries(value).map(([name, item]) => [name, name === 'words' ? item : item.slice(from, to)]),
        );
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, part(value)]));
}

/** One row of such columns as the input of `pricing.rate`; none where no such call can be made of it. */
function callOf(columns, row) {
  const instant = (micros) => new Date(Number(micros / 1000n)).toISOString();
  const kind = KINDS[columns.kind.codes[row]];
  const spec = { cpu: `${columns.cpu[row]} core`, ram: `${Number(columns.ram[row]) / 10} GiB` };
  if (columns.disk.valid[row]) {
    spec.disk = `${columns.disk.values[row]} GiB`;
  }
  const span = { start: instant(columns.start[row]), mode: MODES[columns.mode.codes[row]], spec };
  if (columns.end.valid[row]) {
    span.end = instant(columns.end.values[row]);
  }
  return { kind, span };
}

module.exports = { CARD, DAY, FIRST, KINDS, OPTIONS, QUANTITIES, WINDOW, callOf, cut, numbers, usage };
