// What a row costs in bulk from Node: the servers of `bulk/meter and rate, one core`, number for number.
//
// The rater is made before. What is timed is `rate` on one thread, from typed arrays or bytes of Arrow in JavaScript's
// memory to amounts in it, with the copies; what was rated is then disposed of, as columns of Rust are used again.

import { createRequire } from 'node:module';

const { bulk } = createRequire(import.meta.url)('../../bindings-node');

/** As `ROWS` of `benches/benches/bulk.rs`. */
const ROWS = 200_000;
const FIRST = BigInt(Date.parse('2024-02-20T00:00:00Z')) * 1000n;
const CARD = `
revision = "bench"
currency = "CNY"
rates = [
    { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
    { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
    { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
]
`;
const QUANTITIES = { base: { constant: 1n, unit: 'count' }, cpu: 'core', ram: 'GiB', disk: 'GiB', public_ip: 'count' };

/** `Numbers` of the benches in Rust. */
function* numbers(state) {
  for (;;) {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    yield state >> 32n;
  }
}

/** `Servers` of the benches in Rust: one in eight is pre-paid, one in sixteen began or ended during the day. */
export function servers(rows = ROWS) {
  const words = numbers(23n);
  const column = (first, step, values) =>
    BigInt64Array.from({ length: rows }, () => first + step * (words.next().value % values));
  const [cpu, ram, disk] = [column(1n, 1n, 64n), column(1n, 1n, 256n), column(40n, 10n, 200n)];
  const [public_ip, kind, micros] = [column(0n, 1n, 2n), column(0n, 1n, 32n), column(1n, 1_000n, 86_000_000n)];
  const inside = (wanted, otherwise) => kind.map((of, row) => (of === wanted ? FIRST + micros[row] : otherwise));
  const mode = Uint8Array.from(kind, (of) => (of % 8n === 3n ? 1 : 0));
  return { mode, start: inside(1n, FIRST - 1_000_000n), end: inside(2n, bulk.OPEN), cpu, ram, disk, public_ip };
}

export function rater(options) {
  return new bulk.Rater(CARD, {
    quantities: QUANTITIES,
    rounding: 'portal',
    window: '2024-02-20',
    kind: 'server',
    ...options,
  });
}

/** What is timed; before that, that no row has a fault, and that a row alone comes to the same. */
export async function cases() {
  const columns = servers();
  const [cents, decimals] = [rater(), rater({ money: 'decimal' })];
  const table = new bulk.Table(columns);
  const valid = Uint8Array.from(columns.end, (end) => (end === bulk.OPEN ? 0 : 1));
  const bytes = new bulk.Table({ ...columns, end: { values: columns.end, valid } }).toIPC();
  const rated = await cents.rate(columns);
  if (rated.counts.rated !== BigInt(ROWS)) {
    throw new Error('a row is not rated');
  }
  for (let row = 0; row < ROWS; row += ROWS / 50) {
    if (cents.row(table, row).payable !== rated.at(row).payable) {
      throw new Error(`row ${row} comes to something else by itself`);
    }
  }
  const amounts = (rated) => {
    const { original, payable } = rated;
    rated.dispose();
    return [original, payable];
  };
  const named = (name, ours) => ({ name: `bulk: meter and rate, ${name}`, ours, peers: {}, elements: ROWS });
  return [
    named('typed arrays', async () => amounts(await cents.rate(columns))),
    named('a table made before', async () => amounts(await cents.rate(table))),
    named('Arrow IPC to typed arrays', async () => amounts(await cents.rate(bytes))),
    named('Arrow IPC in and out', async () => (await decimals.rate(bytes)).toIPC()),
  ];
}
