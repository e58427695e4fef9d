'use strict';

// Tables in, tables out: what they come to, and what is refused.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const arrow = require('apache-arrow');
const { CounterfoilError, RateCard, bulk, pricing } = require('..');
const { CARD, DAY, FIRST, KINDS, OPTIONS, callOf, cut, usage } = require('./support/usage');

const rater = new bulk.Rater(CARD, OPTIONS);

/** Fails unless it is our error, with the code. */
function refuses(code) {
  return (/** @type {any} */ error) => {
    assert.ok(error instanceof CounterfoilError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

test('each row comes to what the operation says of it', async () => {
  const columns = usage(400);
  const rated = await rater.rate(columns);
  const seen = new Set();
  for (let row = 0; row < 400; row += 1) {
    const { kind, span } = callOf(columns, row);
    const state = rated.state.at(row);
    seen.add(`${state} ${rated.code.at(row)}`);
    if (kind === undefined || kind === 'moon') {
      assert.equal(rated.code.at(row), kind === undefined ? 'arrow.null_in_column' : 'arrow.no_tariff');
      continue;
    }
    const { window, rounding } = OPTIONS;
    let answer;
    try {
      answer = pricing.rate({ card: cardOf(), kind, of: { spans: [span] }, window, rounding });
    } catch (/** @type {any} */ error) {
      assert.deepEqual([state, rated.code.at(row)], ['faulty', error.code]);
      continue;
    }
    const amounts = answer && { original: answer.original.amount, payable: answer.payable.amount };
    assert.deepEqual(rater.row(columns, row), amounts);
    assert.equal(state, answer === null ? 'absent' : 'rated');
    const { original, payable } = rated.at(row);
    assert.deepEqual(amounts ?? { original: null, payable: null }, { original, payable });
    assert.equal(rated.payable[row], amounts === null ? 0n : BigInt(amounts.payable.replace('.', '')));
  }
  // Or this proves little.
  for (const each of [
    'rated null',
    'absent null',
    'faulty units.negative',
    'faulty arrow.no_tariff',
    'faulty arrow.null_in_column',
  ]) {
    assert.ok(seen.has(each), `${each} of ${[...seen]}`);
  }
});

test('threads, batches and forms of a table change nothing', async () => {
  const columns = usage(50_000, 7);
  const once = await rater.rate(columns);
  const bytes = new bulk.Table(columns).toIPC();
  for (const [form, options] of [
    [columns, { threads: 2 }],
    [columns, { threads: 5 }],
    [bytes, {}],
    [bytes, { threads: 2 }],
  ]) {
    assert.ok((await rater.rate(form, options)).toIPC().equals(once.toIPC()));
  }
  const { tableFromIPC, tableToIPC } = arrow;
  const pieces = [];
  const batches = [];
  const [whole] = tableFromIPC(bytes).batches;
  for (let from = 0; from < 50_000; from += 7_001) {
    pieces.push(new bulk.Table(cut(columns, from, from + 7_001)).toIPC());
    batches.push(whole.slice(from, from + 7_001));
  }
  for (const [kind, threads] of [
    ['stream', 1],
    ['stream', 2],
    ['file', 1],
    ['file', 2],
  ]) {
    const rated = await rater.rate(tableToIPC(new arrow.Table(batches), kind), { threads });
    assert.equal(rated.length, 50_000);
    for (const name of ['micros', 'payableMicros', 'original', 'payable']) {
      assert.deepEqual(rated[name], once[name]);
    }
    for (const name of ['state', 'code']) {
      assert.deepEqual([...rated[name]], [...once[name]]);
    }
  }
  const streamed = [];
  for await (const rated of rater.stream(pieces, { threads: 2 })) {
    streamed.push(...rated.payable);
  }
  assert.deepEqual(streamed, [...once.payable]);
});

test('amounts as decimals, and the usage of parts', async () => {
  const columns = usage(300, 3);
  const scaled = await rater.rate(columns);
  const decimal = await new bulk.Rater(CARD, { ...OPTIONS, money: 'decimal', usage: 'parts' }).rate(columns);
  assert.deepEqual([...decimal.payable], [...scaled.column('payable')]);
  assert.equal(decimal.payable.scale, 2);
  for (let row = 0; row < 300; row += 1) {
    const used = decimal.column('cpu_used').at(row);
    const micros = scaled.column('micros').at(row);
    assert.equal(
      used,
      micros === null ? null : KINDS[columns.kind.codes[row]] && String(micros * BigInt(columns.cpu[row])),
    );
  }
});

test('apache-arrow reads what comes out', async () => {
  const rated = await new bulk.Rater(CARD, { ...OPTIONS, money: 'decimal', passed: ['cpu'] }).rate(usage(200, 5));
  const table = arrow.tableFromIPC(rated.toIPC());
  assert.equal(table.numRows, 200);
  assert.deepEqual([...table.getChild('state')], [...rated.state]);
  assert.deepEqual([...table.getChild('code')], [...rated.code]);
  assert.deepEqual([...table.getChild('micros')], [...rated.column('micros')]);
  assert.deepEqual([...table.getChild('cpu')].map(BigInt), [...rated.column('cpu')]);
  const text = (/** @type {any} */ words) =>
    words && [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const scaled = [...rated.payable].map((amount) => amount && BigInt(amount.replace('.', '')));
  assert.deepEqual([...table.getChild('payable')].map(text), scaled);
});

test('columns may be arrays of values', async () => {
  const at = new Date('2024-02-20T12:00:00Z');
  const told = {
    kind: ['server', 'disk', null],
    mode: ['post_paid', 'pre_paid', 'quota'],
    start: [at, FIRST, null],
    end: null,
  };
  const rated = await rater.rate({ ...told, cpu: [2, 0n, 0], ram: [15, 0, 0], disk: [null, 8, 8] });
  assert.deepEqual([...rated.state], ['rated', 'rated', 'faulty']);
  // 12 h × (2 × 0.066 + 1.5 × 0.012) and 24 h × 8 × 0.122, of which nothing is to be paid
  assert.deepEqual([...rated.column('original')], ['1.80', '23.42', null]);
  assert.deepEqual([...rated.payable], [180n, 0n, 0n]);
  assert.deepEqual(rated.counts, { rated: 2n, absent: 0n, faulty: 1n });
  assert.deepEqual([...rated.faults()], [{ row: 2n, code: 'arrow.null_in_column' }]);
  const { text, ...explanation } = rater.explain({ ...told, cpu: [2, 0n, 0], ram: [15, 0, 0], disk: [null, 8, 8] }, 0);
  assert.equal(explanation.payable, '1.80');
  assert.deepEqual(
    explanation.lines.map((/** @type {any} */ line) => line.part),
    ['cpu', 'ram'],
  );
});

test('lists of spans are metered as one resource', async () => {
  const lists = new bulk.Rater(CARD, { ...OPTIONS, spans: 'lists', quantities: { cpu: 'core' }, kind: 'server' });
  const hour = DAY / 24n;
  const history = {
    offsets: Int32Array.of(0, 2, 2, 3),
    spans: {
      start: BigInt64Array.of(FIRST, FIRST + hour, FIRST),
      end: BigInt64Array.of(FIRST + hour, bulk.OPEN, FIRST + 2n * hour),
      mode: ['post_paid', 'post_paid', 'post_paid'],
      cpu: [1, 2, 3],
    },
  };
  const rated = await lists.rate({ history });
  // 0.066 × (1 + 23 × 2), nothing, 0.066 × 2 × 3
  assert.deepEqual([...rated.column('payable')], ['3.10', null, '0.40']);
  for (const offsets of [Int32Array.of(0, 2, 1, 3), Int32Array.of(1, 2), Int32Array.of(0, 4), Int32Array.of(-1, 1)]) {
    await assert.rejects(lists.rate({ history: { ...history, offsets } }), refuses('wire.bad_input'));
  }
});

test('tariffs by their place', async () => {
  const listed = new bulk.Rater(CARD, {
    quantities: { cpu: 'core', base: { constant: 1n, unit: 'count' } },
    rounding: 'portal',
    window: '2024-02-20',
    mode: 'post_paid',
    tariffs: [
      { kind: 'server', at: new Date() },
      { kind: 'disk', at: '2024-02-20T00:00:00Z' },
    ],
  }).rate({ start: BigInt64Array.of(FIRST, FIRST, FIRST), end: null, cpu: [1, 0, 1], tariff: Uint32Array.of(0, 1, 2) });
  await listed.then(
    (rated) => assert.deepEqual([...rated.code].slice(2), ['bulk.unknown_id']),
    refuses('pricing.no_rate'),
  );
});

test('what is disposed of is asked for no more, and what was read of it stays', async () => {
  const kept = new bulk.Table(usage(400));
  const [rated, again] = [await rater.rate(kept), await rater.rate(kept)];
  const running = rater.rate(kept);
  const { payable } = rated;
  const text = payable.join();
  for (const table of [rated, kept]) {
    table.dispose();
    table[Symbol.dispose]();
    const refused = { code: 'wire.bad_input', message: /`table`: it was disposed of/ };
    assert.equal(inspect(table), `${table.constructor.name} that was disposed of`);
    const asked = [() => table.length, () => table.at(0), () => [...table], () => table.toIPC(), () => String(table)];
    for (const ask of asked) {
      assert.throws(ask, refused);
    }
    await assert.rejects(rater.rate(table), refused);
  }
  assert.throws(() => rated.micros, { code: 'wire.bad_input' });
  // Other answers are written where that one was, and the run that had the table has it to its end.
  const others = await Promise.all(Array.from({ length: 20 }, () => rater.rate(usage(400))));
  assert.equal(payable.join(), text);
  assert.equal(rated.payable, payable);
  for (const { payable: other } of [again, await running, ...others]) {
    assert.equal(other.join(), text);
  }
});

test('what is copied may change at once', async () => {
  const columns = usage(100_000, 9);
  const before = await rater.rate(columns);
  const after = rater.rate(columns);
  columns.cpu.fill(-5);
  columns.start.fill(0n);
  columns.end.values.fill(7n);
  assert.ok((await after).toIPC().equals(before.toIPC()));
  const bytes = new bulk.Table(usage(100_000, 9)).toIPC();
  const same = rater.rate(bytes);
  bytes.fill(0xff);
  assert.ok((await same).toIPC().equals(before.toIPC()));
});

test('memory that is shared, cut or detached is read as it is', async () => {
  const shared = new BigInt64Array(new SharedArrayBuffer(24), 8, 2).fill(FIRST);
  const wide = new ArrayBuffer(64);
  const cpu = new Int32Array(wide, 4, 2).fill(2);
  const table = {
    kind: ['server', 'server'],
    mode: Uint8Array.of(0, 0),
    start: shared,
    end: null,
    cpu,
    ram: [0, 0],
    disk: [0, 0],
  };
  assert.deepEqual([...(await rater.rate(table)).column('payable')], ['3.17', '3.17']);
  structuredClone(wide, { transfer: [wide] });
  await assert.rejects(rater.rate(table), refuses('wire.bad_input'));
});

test('a rater is made again of what it says, and of its card in any form', async () => {
  const { card, options } = JSON.parse(JSON.stringify(rater));
  const columns = usage(100);
  const rated = await new bulk.Rater(card, options).rate(columns);
  assert.ok(rated.toIPC().equals((await rater.rate(columns)).toIPC()));
  for (const form of [cardOf(), JSON.stringify(cardOf()), RateCard.fromToml(CARD)]) {
    assert.ok((await new bulk.Rater(form, OPTIONS).rate(columns)).toIPC().equals(rated.toIPC()));
  }
});

/** The card as a document. */
function cardOf() {
  const rate = (
    /** @type {string} */ kind,
    /** @type {string} */ part,
    /** @type {string} */ price,
    /** @type {string} */ per,
  ) => ({ kind, part, price, per, every: 'hour' });
  const server = [
    rate('server', 'cpu', '0.066', 'core'),
    rate('server', 'ram', '0.012', 'GiB'),
    rate('server', 'disk', '0.0031', 'GiB'),
  ];
  const disk = [
    rate('disk', 'cpu', '0', 'core'),
    rate('disk', 'ram', '0.001', 'GiB'),
    rate('disk', 'disk', '0.122', 'GiB'),
  ];
  return { revision: '2024-02', currency: 'CNY', rates: [...server, ...disk] };
}
