'use strict';

// What people pass by mistake, wherever they pass it: an error of the library with a code, and no other.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const vm = require('node:vm');
const counterfoil = require('..');
const { CounterfoilError, LookupTable, Range, RangeSet, RateCard, Span, Spec, Wallet, bulk, ipam, money, pricing, time } = counterfoil;
const { code } = require('./support/refused');
const { CARD, card, server } = require('./support/billing');

const table = new bulk.Table({ kind: ['server', 'disk', null], cpu: [1n, 2n, 3n] });
const detached = (/** @type {Uint8Array} */ bytes) => (structuredClone(bytes, { transfer: [bytes.buffer] }), bytes);

/** What a call throws. */
function thrown(call) {
  try {
    call();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof CounterfoilError, `${error.stack} ${call}`);
    return error;
  }
}

test('places of rows are whole numbers, and a `bigint` is one', () => {
  const columns = [table, table.column('kind'), table.column('cpu')];
  for (const of of columns) {
    for (const wrong of [Symbol('0'), Object.create(null), '0', 1.7, {}, null, undefined, true, [0], NaN, -0, 2 ** 53]) {
      assert.equal(code(() => of.at(wrong)), 'wire.bad_input', inspect(wrong));
    }
    assert.deepEqual(of.at(0n), of.at(0));
    assert.deepEqual([of.at(-1n), of.at(-3)], [of.at(2), of.at(0)]);
    assert.deepEqual([of.at(3), of.at(-4), of.at(3n), of.at(-4n)], [undefined, undefined, undefined, undefined]);
  }
  assert.equal(code(() => table.has(5)), 'wire.bad_input');
  assert.equal(code(() => table.column(Symbol('kind'))), 'wire.bad_input');
});

test('what the library makes is not made by hand', () => {
  for (const Made of [bulk.Column, CounterfoilError]) {
    for (const given of [[], [undefined], [{}, 0, { name: 'a' }, 1], [Symbol('made')]]) {
      assert.equal(code(() => new Made(...given)), 'wire.bad_input');
    }
  }
  assert.equal('of' in CounterfoilError, false);
});

test('memory that was transferred is refused', () => {
  const stream = () => Uint8Array.from(table.toIPC());
  for (const bytes of [detached(stream()), detached(stream()).buffer]) {
    assert.equal(code(() => new bulk.Table(bytes)), 'wire.bad_input');
    assert.equal(code(() => RangeSet.read(bytes, { family: 'ipv4' })), 'wire.bad_input');
  }
  const columns = { cpu: detached(new Uint8Array(2)) };
  assert.equal(code(() => new bulk.Table(columns)), 'wire.bad_input');
});

test('text is read from memory of other threads and realms', () => {
  const text = new TextEncoder().encode('10.0.0.0/8\n');
  const shared = new Uint8Array(new SharedArrayBuffer(text.length));
  shared.set(text);
  const foreign = vm.runInNewContext(`new ArrayBuffer(${text.length})`);
  new Uint8Array(foreign).set(text);
  for (const block of [shared, shared.buffer, foreign]) {
    assert.deepEqual(RangeSet.read(block, { family: 'ipv4' }).toJSON(), ['10.0.0.0/8']);
  }
});

test('what only says that it is a list, is none', () => {
  const wallet = { payer: { kind: 'user', id: 'zhang' }, balance: '1 CNY' };
  for (const none of [{ [Symbol.iterator]: 5 }, { [Symbol.iterator]: null }]) {
    const calls = [
      () => new RangeSet(none),
      () => new RangeSet(['10.0.0.0/8']).union(none),
      () => new LookupTable(none),
      () => new counterfoil.Ranges(none),
      () => counterfoil.mergeRanges(none),
      () => new counterfoil.History(none),
      () => new Wallet({ ...wallet, coupons: none }),
      () => money.allocate({ amount: '1', weights: none, step: '0.01' }),
      () => new bulk.Rater(CARD, { quantities: {}, rounding: 'portal', passed: none }),
      () => card().tariff('server', '2024-02-20T00:00:00Z').rate(none, { rounding: 'portal' }),
    ];
    for (const call of calls) {
      assert.equal(code(call), 'wire.bad_input', String(call));
    }
  }
});

test('what has the prototype of another class, and is none of it', () => {
  for (const { prototype } of [Date, Number, BigInt, Symbol, Function, vm.runInNewContext('Date')]) {
    const impostor = Object.create(prototype);
    const calls = [
      () => time.period({ period: { start: impostor, end: '2024-02-21T00:00:00Z' } }),
      () => card().tariff('server', impostor),
      () => Span.postPaid(impostor, null, server()),
      () => new bulk.Table({ start: [impostor] }),
      () => new bulk.Table({ day: [impostor] }),
    ];
    for (const call of calls) {
      assert.equal(code(call), 'wire.bad_input', `${inspect(prototype)} ${call}`);
    }
  }
});

test('a `Date` is its milliseconds, of whichever realm and class it is', () => {
  class Sly extends Date {
    getTime() {
      return 5;
    }
    toISOString() {
      return '2020-01-01T00:00:00.000Z';
    }
  }
  const instant = '2024-02-20T08:00:00Z';
  for (const date of [new Sly(instant), vm.runInNewContext(`new Date('${instant}')`)]) {
    assert.equal(card().tariff('server', date).at, instant);
    assert.equal(Span.postPaid(date, null, server()).start, instant);
    assert.equal(new bulk.Table({ start: [date] }).at(0).start, BigInt(Date.parse(instant)) * 1000n);
    assert.equal(time.period({ period: { start: instant, end: date } }).empty, true);
  }
  for (const far of [new Date(8.64e15), new Date('0000-01-01')]) {
    assert.equal(code(() => card().tariff('server', far)), 'time.out_of_range');
    assert.equal(code(() => Span.postPaid(far, null, server())), 'time.out_of_range');
    assert.equal(code(() => time.period({ period: { start: far, end: far } })), 'time.out_of_range');
  }
});

test('what is refused before it crosses is told in Chinese, and in nothing else', () => {
  const span = { start: '2024-02-20T00:00:00Z', end: null, spec: {}, mode: 'post_paid' };
  const tariff = card().tariff('server', '2024-02-20T00:00:00Z');
  const statements = { currency: 'CNY', scale: 2 };
  const rater = new bulk.Rater(CARD, { quantities: { cpu: 'core' }, rounding: 'portal', window: '2024-02-20', kind: 'server' });
  const calls = [
    ...[bulk.Column, CounterfoilError, counterfoil.Plan, counterfoil.Quote, counterfoil.PortalRows, RateCard].map((Made) => () => new Made()),
    ...[counterfoil.Tariff, counterfoil.Usage, counterfoil.Rated].map((Made) => () => new Made()),
    ...['5', {}, Symbol('a'), null, 5, true, () => 5, [], new Date(0), Object.create(null)].flatMap((value) => [
      () => money.allocate(typeof value === 'object' && value !== null && !Array.isArray(value) ? { amounts: 1 } : value),
      () => table.at(value === 5 ? 5.5 : value),
      () => table.column(value === '5' ? 'none' : value),
      () => new Span({ ...span, start: value === '5' ? 5 : value }),
      () => new Span(value),
      () => new counterfoil.History(value),
      () => new Spec(Array.isArray(value) || value === null ? 5 : { cpu: value === '5' ? 5 : value }),
      () => counterfoil.Usage.timed(value, {}),
      () => tariff.rate(value === '5' ? {} : value, { rounding: 'portal' }),
      () => tariff.inquire({}, value),
      () => new Wallet(value),
      () => new RangeSet(value === '5' ? 5 : value === null || Array.isArray(value) ? [value] : value),
      () => new LookupTable(value === '5' || (typeof value === 'object' && value !== null) ? [value] : value),
      () => new bulk.Table({ cpu: value === '5' || Array.isArray(value) ? ['5', 5] : value }),
      () => new bulk.Table({ start: [value === 5 || value === null ? '5' : value instanceof Date ? {} : value] }),
      () => new bulk.Rater(CARD, value),
      () => new bulk.Statements(value instanceof Date ? value : [], statements),
      () => rater.row(table, value === 5 ? -1 : value),
    ]),
    () => money.allocate({ amount: '1', weights: ['\ud800'], step: '1' }),
    () => counterfoil.wallet.plan({ payer: { kind: 'x', user: 'a' } }),
    () => new Range('10.0.0.0', null, 8),
    () => RangeSet.read(5, { family: 'ipv4' }),
    () => new Range('::/0').split(128).length,
    () => new bulk.Table({ cpu: [1], ram: [1, 2] }),
    () => new bulk.Table({ kind: { codes: 5, words: [] } }),
    () => new bulk.Table({ kind: { codes: new Int8Array(1), words: 5 } }),
    () => new bulk.Table({ history: { offsets: 5 } }),
    () => new bulk.Table({ cpu: { values: new Int8Array(1), valid: 5 } }),
    () => new bulk.Table({ cpu: new Uint8ClampedArray(1) }),
    () => new bulk.Statements(['2024-02-20', '2024-02-21'], statements),
    () => tariff.inquire({}, { rounding: 'portal', end: span.start, days: 1 }),
    () => tariff.rate(counterfoil.Usage.timed([span.start, span.start], {}), { rounding: 'portal' }).explain('de'),
    () => time.plusMonths({ date: new Date(0), months: 1 }),
  ];
  let refused = 0;
  for (const call of calls) {
    const error = thrown(call);
    if (error === undefined || error.code !== 'wire.bad_input') {
      continue; // what crosses is the core's to tell
    }
    refused += 1;
    const chinese = error.messageIn('zh').replace(/`[^`]*`?/g, '').replace(/Arrow IPC|UTF-8|ISO 8601/g, '');
    assert.doesNotMatch(chinese, /[A-Za-z]{2}/, `${error.messageIn('zh')} ${call}`);
  }
  assert.ok(refused > 150, `${refused} of ${calls.length}`);
});

test('however deep it is nested', () => {
  for (const levels of [17, 126, 20_000]) {
    let columns = { cpu: [1n] };
    for (let level = 0; level < levels; level += 1) {
      columns = { history: { offsets: Int32Array.of(0, 1), spans: columns } };
    }
    assert.equal(code(() => new bulk.Table(columns)), 'wire.bad_input');
  }
  const itself = { offsets: Int32Array.of(0, 1), spans: {} };
  itself.spans.history = itself;
  assert.equal(code(() => new bulk.Table({ history: itself })), 'wire.bad_input');
  const json = '['.repeat(100_000);
  assert.match(code(() => RateCard.fromJson(json)), /^(wire|pricing)\./);
  let list = [];
  for (let level = 0; level < 20_000; level += 1) {
    list = [list];
  }
  const calls = [
    () => money.allocate({ amount: '1', weights: list, step: '0.01' }),
    () => pricing.inquire({ card: list }),
    () => new Spec({ cpu: list }),
    () => new Spec(list),
    () => ipam.aggregate({ ranges: list }),
    () => new RangeSet(list),
    () => new bulk.Rater(list, {}),
    () => new LookupTable(list),
    () => new counterfoil.Snapshot(list),
  ];
  for (const call of calls) {
    assert.equal(code(call), 'wire.bad_input', String(call));
  }
});

test('what the README says of handles: nobody sees into one, and methods are those of their own', () => {
  const [one, other] = [new Spec({ cpu: '1 core' }), new Spec({ cpu: '2 core' })];
  assert.deepStrictEqual(one, other);
  assert.ok(!one.equals(other));
  assert.deepEqual(structuredClone(one), {});
  const { get } = one;
  for (const call of [() => Spec.prototype.get.call({}, 'cpu'), () => get('cpu'), () => new Proxy(one, {}).get('cpu')]) {
    assert.throws(call, TypeError);
  }
});
