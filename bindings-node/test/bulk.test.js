'use strict';

// Tables in, tables out: what they come to, and what is refused.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const arrow = require('apache-arrow');
const { CounterfoilError, bulk, pricing } = require('..');
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
  for (const each of ['rated null', 'absent null', 'faulty units.negative', 'faulty arrow.no_tariff', 'faulty arrow.null_in_column']) {
    assert.ok(seen.has(each), `${each} of ${[...seen]}`);
  }
});

test('threads, batches and forms of a table change nothing', async () => {
  const columns = usage(50_000, 7);
  const once = await rater.rate(columns);
  const bytes = new bulk.Table(columns).toIPC();
  for (const [form, options] of [[columns, { threads: 2 }], [columns, { threads: 5 }], [bytes, {}], [bytes, { threads: 2 }]]) {
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
  for (const [kind, threads] of [['stream', 1], ['stream', 2], ['file', 1], ['file', 2]]) {
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
    assert.equal(used, micros === null ? null : KINDS[columns.kind.codes[row]] && String(micros * BigInt(columns.cpu[row])));
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
  const text = (/** @type {any} */ words) => words && [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const scaled = [...rated.payable].map((amount) => amount && BigInt(amount.replace('.', '')));
  assert.deepEqual([...table.getChild('payable')].map(text), scaled);
});

test('columns may be arrays of values', async () => {
  const at = new Date('2024-02-20T12:00:00Z');
  const told = { kind: ['server', 'disk', null], mode: ['post_paid', 'pre_paid', 'quota'], start: [at, FIRST, null], end: null };
  const rated = await rater.rate({ ...told, cpu: [2, 0n, 0], ram: [15, 0, 0], disk: [null, 8, 8] });
  assert.deepEqual([...rated.state], ['rated', 'rated', 'faulty']);
  // 12 h × (2 × 0.066 + 1.5 × 0.012) and 24 h × 8 × 0.122, of which nothing is to be paid
  assert.deepEqual([...rated.column('original')], ['1.80', '23.42', null]);
  assert.deepEqual([...rated.payable], [180n, 0n, 0n]);
  assert.deepEqual(rated.counts, { rated: 2n, absent: 0n, faulty: 1n });
  assert.deepEqual([...rated.faults()], [{ row: 2n, code: 'arrow.null_in_column' }]);
  const { text, ...explanation } = rater.explain({ ...told, cpu: [2, 0n, 0], ram: [15, 0, 0], disk: [null, 8, 8] }, 0);
  assert.equal(explanation.payable, '1.80');
  assert.deepEqual(explanation.lines.map((/** @type {any} */ line) => line.part), ['cpu', 'ram']);
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
    quantities: { cpu: 'core', base: { constant: 1n, unit: 'count' } }, rounding: 'portal', window: '2024-02-20', mode: 'post_paid',
    tariffs: [{ kind: 'server', at: new Date() }, { kind: 'disk', at: '2024-02-20T00:00:00Z' }],
  }).rate({ start: BigInt64Array.of(FIRST, FIRST, FIRST), end: null, cpu: [1, 0, 1], tariff: Uint32Array.of(0, 1, 2) });
  await listed.then((rated) => assert.deepEqual([...rated.code].slice(2), ['bulk.unknown_id']), refuses('pricing.no_rate'));
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
  const table = { kind: ['server', 'server'], mode: Uint8Array.of(0, 0), start: shared, end: null, cpu, ram: [0, 0], disk: [0, 0] };
  assert.deepEqual([...(await rater.rate(table)).column('payable')], ['3.17', '3.17']);
  structuredClone(wide, { transfer: [wide] });
  await assert.rejects(rater.rate(table), refuses('wire.bad_input'));
});

test('tables that are none are refused with their place', async () => {
  const good = usage(3);
  const bad = [
    [{ ...good, cpu: new Float64Array(3) }, 'arrow.float_column', /`cpu` is Float64Array/],
    [{ ...good, cpu: new Float32Array(3) }, 'arrow.float_column', /Float32Array/],
    [{ ...good, cpu: [1, 2.5, 3] }, 'money.float', /2\.5/],
    [{ ...good, cpu: [1, Number.NaN, 3] }, 'money.float', /NaN/],
    [{ ...good, cpu: [1, -0, 3] }, 'money.float', /-0/],
    [{ ...good, cpu: [1, 2 ** 53, 3] }, 'money.float', /9007199254740992/],
    [{ ...good, cpu: [1, 2n ** 63n, 3] }, 'wire.bad_input', /table\.cpu\[1\].*64 bits/],
    [{ ...good, cpu: [1, '2', 3] }, 'wire.bad_input', /table\.cpu\[1\]/],
    [{ ...good, cpu: [1, new Date(Number.NaN), 3] }, 'wire.bad_input', /invalid `Date`/],
    [{ ...good, cpu: new Int32Array(2) }, 'wire.bad_input', /table\.cpu.*2 rows.*3/],
    [{ ...good, cpu: new Uint8ClampedArray(3) }, 'wire.bad_input', /Uint8ClampedArray/],
    [{ ...good, cpu: 7 }, 'wire.bad_input', /table\.cpu/],
    [{ ...good, cpu: null }, 'wire.bad_input', /table\.cpu/],
    [{ ...good, cpu: undefined }, 'arrow.missing_column', /`cpu`/],
    [{ ...good, cpu: { values: new Int32Array(3), valid: new Uint8Array(2) } }, 'wire.bad_input', /table\.cpu\.valid/],
    [{ ...good, kind: ['server', 5, 'disk'] }, 'wire.bad_input', /table\.kind\[1\]/],
    [{ ...good, kind: ['server', '\ud800', 'disk'] }, 'wire.bad_input', /table\.kind\.words\[1\].*surrogate/],
    [{ ...good, kind: { codes: Int32Array.of(0, 1, 9), words: ['server', 'disk'] } }, 'wire.bad_input', /table\.kind/],
    [{ ...good, kind: { codes: BigInt64Array.of(0n, 0n, 0n), words: ['server'] } }, 'wire.bad_input', /32 bits/],
    [{ ...good, kind: { codes: [0, 0, 0], words: ['server'] } }, 'wire.bad_input', /table\.kind\.codes/],
    [{ ...good, mode: new Int16Array(3) }, 'arrow.column_type', /`mode`/],
    [{ ...good, start: new Int32Array(3) }, 'arrow.column_type', /`start`/],
    [{}, 'arrow.missing_column', /`start`/],
    [[good], 'wire.bad_input', /`table`/],
    [null, 'wire.bad_input', /`table`/],
    [new Int32Array(3), 'wire.bad_input', /`table`/],
    ['nothing', 'wire.bad_input', /`table`/],
  ];
  for (const [table, code, message] of bad) {
    await assert.rejects(rater.rate(table), (error) => refuses(code)(error) && (assert.match(error.message, message), true));
  }
  assert.throws(() => rater.row(good, 3), refuses('bulk.unknown_id'));
  for (const row of [-1, 1.5, 2 ** 32, '1', Number.NaN]) {
    assert.throws(() => rater.row(good, row), refuses('wire.bad_input'));
  }
  assert.throws(() => rater.row({ ...good, cpu: [-1, -1, -1], kind: ['server', 'server', 'server'] }, 0), refuses('units.negative'));
});

test('options that mean nothing are refused', async () => {
  const make = (more) => () => new bulk.Rater(CARD, { ...OPTIONS, ...more });
  for (const [more, code] of [
    [{ rounded: 'portal' }, 'wire.bad_input'], [{ rounding: 'up' }, undefined], [{ rounding: 2 }, 'wire.bad_input'],
    [{ quantities: { cpu: 'cores' } }, undefined], [{ quantities: { cpu: 7 } }, 'wire.bad_input'], [{ quantities: 'cpu' }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', scale: -1 } } }, 'wire.bad_input'], [{ quantities: { cpu: { unit: 'core', scale: 99 } } }, 'bulk.bad_scale'],
    [{ quantities: { cpu: { unit: 'core', constant: 1n, scale: 2 } } }, 'wire.bad_input'], [{ quantities: { cpu: { unit: 'core', constant: 2n ** 64n } } }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', parts: 'x' } } }, 'wire.bad_input'], [{ window: new Date() }, 'wire.bad_input'], [{ window: '2024-02-30' }, undefined],
    [{ window: undefined }, 'wire.bad_input'], [{ money: 'float' }, 'wire.bad_input'], [{ spans: 'tree' }, 'wire.bad_input'],
    [{ passed: ['a', 'a'] }, 'arrow.repeated_column'], [{ passed: 3 }, 'wire.bad_input'],
    [{ kind: 'server', tariffs: [{ kind: 'server', at: '2024-02-20T00:00:00Z' }] }, 'wire.bad_input'], [{ tariffs: ['server'] }, 'wire.bad_input'],
  ]) {
    assert.throws(make(more), (error) => refuses(code ?? error.code)(error));
  }
  for (const card of [7, null, undefined, 'revision = 1', { revision: 1 }, []]) {
    assert.throws(() => new bulk.Rater(card, OPTIONS), (error) => refuses(error.code)(error));
  }
  for (const options of [{ threads: 0 }, { threads: -1 }, { threads: 2 ** 32 }, { threads: 1.5 }, { thread: 2 }, { signal: {} }, { progress: 7 }, null, 7]) {
    await assert.rejects(rater.rate(usage(3), options), refuses('wire.bad_input'));
  }
  for (const wrong of [{}, new Map(), Object.create(bulk.Rater.prototype)]) {
    assert.throws(() => bulk.Rater.prototype.row.call(wrong, usage(1), 0), TypeError);
  }
});

test('a rater is made again of what it says', async () => {
  const again = Object.assign(JSON.parse(JSON.stringify(rater)));
  const columns = usage(100);
  const rated = await new bulk.Rater(again.card, again.options).rate(columns);
  assert.ok(rated.toIPC().equals((await rater.rate(columns)).toIPC()));
  const { toml } = { toml: cardOf() };
  assert.deepEqual(new bulk.Rater(toml, OPTIONS).row(columns, 1), rater.row(columns, 1));
});

test('statements of what was rated', async () => {
  const columns = { ...usage(3_000, 11), owner: ownersOf(3_000), unit: new Array(3_000).fill('vm') };
  const passing = new bulk.Rater(CARD, { ...OPTIONS, passed: ['owner', 'unit', 'kind'] });
  const rated = await passing.rate(columns);
  const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2 });
  const placed = await statements.add(rated);
  const { rated: good, absent, faulty } = rated.counts;
  // A row that is faulty is not rated, and so passed over.
  assert.deepEqual(statements.counts, { stated: good, passedOver: absent + faulty, faulty: 0n });
  const stated = await statements.statements();
  const sums = new Map();
  for (const { owner, kind, payable, state } of rated) {
    if (state === 'rated') {
      const key = `${owner} ${kind}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(payable.replace('.', '')));
    }
  }
  assert.equal(stated.length, sums.size);
  stated.column('payable').values.forEach((sum, row) => {
    assert.equal(sum, sums.get(`${stated.column('owner').at(row)} ${stated.column('kind').at(row)}`));
  });
  assert.equal(placed.column('group').valid.reduce((sum, one) => sum + one, 0), Number(good));
  const decimals = await statements.statements({ money: 'decimal' });
  assert.deepEqual([...decimals.column('payable')], [...stated.column('payable')]);
  const row = [...rated.state].indexOf('rated');
  assert.equal(statements.line(rated, row).owner, columns.owner[row]);
  assert.equal(statements.line(rated, [...rated.state].indexOf('absent')), null);
});

test('of two lines of a resource the first stands, in the order of the calls', async () => {
  const line = (payable) => ({ owner: ['user:ada'], unit: ['vm'], kind: ['server'], resource: Uint32Array.of(4), original: [payable], payable: [payable] });
  for (let round = 0; round < 20; round += 1) {
    const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2, state: 'all', resources: 10 });
    const placed = await Promise.all([1, 2, 3, 4].map((payable) => statements.add(line(payable))));
    assert.deepEqual(placed.map((table) => table.column('code').at(0)), [null, ...new Array(3).fill('statement.repeated_reading')]);
    assert.deepEqual(statements.counts, { stated: 1n, passedOver: 0n, faulty: 3n });
    assert.deepEqual([...(await statements.statements()).column('payable')], ['0.01']);
  }
});

test('several days, by their dates', async () => {
  const make = (more) => () => new bulk.Statements(['2024-02-20', '2024-02-21'], { currency: 'CNY', scale: 2, state: 'all', ...more });
  assert.throws(make({}), refuses('wire.bad_input'));
  assert.throws(make({ by: 'week' }), refuses('wire.bad_input'));
  assert.throws(make({ by: 'day', currency: 'yuan' }), (error) => refuses(error.code)(error));
  const statements = make({ by: 'day' })();
  const lines = { owner: new Array(3).fill('user:ada'), unit: new Array(3).fill('vm'), kind: new Array(3).fill('disk'), original: [1, 2, 4], payable: [1, 2, 4] };
  const placed = await statements.add({ ...lines, day: ['2024-02-21', '2024-02-20', '2024-02-22'] });
  assert.deepEqual([...placed.column('code')], [null, null, 'arrow.no_day']);
  assert.deepEqual([...(await statements.statements()).column('payable')], ['0.02', '0.01']);
  await assert.rejects(statements.add({ ...lines, day: ['2024-02-21', '2024-02-30', '2024-02-22'] }), refuses('wire.bad_input'));
  assert.throws(() => statements.line({ ...lines, owner: ['ada', 'ada', 'ada'], day: Int32Array.of(19_773, 19_773, 19_773) }, 0), refuses('arrow.bad_owner'));
});

test('faults are of what came out alone', () => {
  assert.throws(() => bulk.faults(usage(3)), refuses('arrow.missing_column'));
});

/** The card as a document. */
function cardOf() {
  const rate = (/** @type {string} */ kind, /** @type {string} */ part, /** @type {string} */ price, /** @type {string} */ per) => ({ kind, part, price, per, every: 'hour' });
  const server = [rate('server', 'cpu', '0.066', 'core'), rate('server', 'ram', '0.012', 'GiB'), rate('server', 'disk', '0.0031', 'GiB')];
  const disk = [rate('disk', 'cpu', '0', 'core'), rate('disk', 'ram', '0.001', 'GiB'), rate('disk', 'disk', '0.122', 'GiB')];
  return { revision: '2024-02', currency: 'CNY', rates: [...server, ...disk] };
}

function ownersOf(rows) {
  return Array.from({ length: rows }, (_, row) => `user:owner-${row % 17}`);
}
