'use strict';

// What is passed is heard, once, or refused: nothing is taken for an empty object, and no option is passed over.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const { History, Range, RateCard, Span, Spec, Usage, bulk, ipam, metering, pricing } = require('..');
const { code } = require('./support/refused');

const CARD = `
revision = "2024-02"
currency = "CNY"
rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
`;
const card = RateCard.fromToml(CARD);
const tariff = card.tariff('server', '2024-02-20T00:00:00Z');
const window = { start: '2024-02-20T00:00:00Z', end: '2024-02-21T00:00:00Z' };
const noon = BigInt(Date.parse('2024-02-20T12:00:00Z')) * 1000n;
const usage = () => ({ start: BigInt64Array.of(noon), end: null, cpu: BigInt64Array.of(2n) });
const rater = new bulk.Rater(card, {
  quantities: { cpu: 'core' },
  rounding: 'portal',
  window: '2024-02-20',
  kind: 'server',
  mode: 'post_paid',
});

class Getters {
  get cpu() {
    return '1 core';
  }
}

for (const spec of [Promise.resolve({ cpu: '1 core' }), new Getters(), /x/, new Error('x'), Object(1), new WeakMap()]) {
  test(`what has no members of its own is no empty spec: ${spec.constructor.name}`, () => {
    assert.equal(code(() => tariff.inquire(spec, { months: 8, rounding: 'portal' })), 'wire.bad_input');
    assert.equal(code(() => new Spec(spec)), 'wire.bad_input');
    const given = { card, kind: 'server', spec, for: { start: window.start, term: { months: 8 } }, rounding: 'portal' };
    assert.equal(code(() => pricing.inquire(given)), 'wire.bad_input');
  });
}

test('an empty spec, and one of a class with members, are what they say', () => {
  class Vm {
    cpu = '1 core';
  }
  const payable = (spec) => tariff.inquire(spec, { months: 8, rounding: 'portal' }).payable;
  assert.equal(payable(new Vm()), payable({ cpu: '1 core' }));
  assert.equal(payable({}), '0.00');
  assert.equal(payable(Object.create(null)), '0.00');
  assert.equal(payable(vm.runInNewContext('({})')), '0.00');
});

test('options of a handle are an object, and no `Map` that is not heard', () => {
  const history = new History([Span.quota(window.start, null, { cpu: '1 core' })]);
  assert.equal(history.usage(window, { quota: 'like_post_paid' }).payableHours('cpu'), '24');
  for (const options of [new Map([['quota', 'like_post_paid']]), [], new Date(0)]) {
    assert.equal(code(() => history.usage(window, options)), 'wire.bad_input');
  }
});

test('what is asked for is asked for once', () => {
  let asked = 0;
  const quote = card.inquire(
    { cpu: '1 core' },
    {
      kind: 'server',
      days: 1,
      rounding: 'portal',
      get start() {
        asked += 1;
        return asked === 1 ? '2024-02-20T00:00:00Z' : '2024-02-19T00:00:00Z';
      },
    },
  );
  assert.deepEqual([asked, quote.at, quote.window.start], [1, '2024-02-20T00:00:00Z', '2024-02-20T00:00:00Z']);
  const dated = card.inquire({ cpu: '1 core' }, { kind: 'server', days: 1, rounding: 'portal', start: new Date(window.start) });
  assert.equal(dated.window.start, window.start);
});

test('handles are taken by operations', () => {
  const term = { kind: 'server', for: { start: window.start, term: { months: 8 } }, rounding: 'portal' };
  const quoted = (spec) => pricing.inquire({ card, spec, ...term }).payable;
  assert.deepEqual(quoted(new Spec({ cpu: '1 core' })), quoted({ cpu: '1 core' }));
  assert.ok(metering.usage({ window, of: { counted: new Spec({ cpu: '1 core' }) } }));
  assert.deepEqual(ipam.range({ range: new Range('10.0.0.0/24') }), ipam.range({ range: '10.0.0.0/24' }));
});

test('the facts of a schema can not be changed', async () => {
  const rated = await rater.rate(usage());
  const { metadata } = rated.schema.find((field) => field.name === 'payable');
  assert.throws(() => Object.assign(metadata, { 'counterfoil.scale': '0' }), TypeError);
  assert.equal(rated.at(0).payable, '1.58');
});

test('bytes of Arrow are read from whatever holds them, and nothing else is an empty table', () => {
  const ipc = new bulk.Table(usage()).toIPC();
  const shared = new SharedArrayBuffer(ipc.length);
  new Uint8Array(shared).set(ipc);
  const foreign = vm.runInNewContext(`new ArrayBuffer(${ipc.length})`);
  new Uint8Array(foreign).set(ipc);
  for (const bytes of [shared, foreign, ipc, new Uint8Array(ipc).buffer]) {
    assert.equal(new bulk.Table(bytes).length, 1);
  }
  for (const none of [new Map([['cpu', [1n]]]), Promise.resolve(usage()), new Date(0), card]) {
    assert.equal(code(() => new bulk.Table(none)), 'wire.bad_input');
  }
});

test('what is said in vain is refused', async () => {
  const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2 });
  for (const options of [{ monye: 'decimal' }, 'x', [], null]) {
    await assert.rejects(statements.statements(options), { code: 'wire.bad_input' });
  }
  for (const options of [new Map([[1, 2]]), { quantities: new Map([[1, 'core']]) }]) {
    assert.equal(code(() => new bulk.Rater(card, options)), 'wire.bad_input');
  }
});

test('a column is handed through by the name that JavaScript has for it', async () => {
  const windows = new bulk.Rater(card, {
    quantities: { cpu: 'core' },
    rounding: 'portal',
    kind: 'server',
    mode: 'post_paid',
    at: window.start,
    passed: ['windowStart'],
  });
  const rated = await windows.rate({ ...usage(), windowStart: [noon], windowEnd: [noon + 3_600_000_000n] });
  assert.equal(rated.at(0).payable, '0.13');
  assert.ok(rated.has('windowStart'));
});

test('a window and a tariff have no members that are not heard', () => {
  const options = { quantities: { cpu: 'core' }, rounding: 'portal', mode: 'post_paid' };
  const history = new History([Span.postPaid(window.start, null, { cpu: '1 core' })]);
  const more = { ...window, zone: 'UTC' };
  for (const call of [
    () => history.usage(more),
    () => Usage.timed(more, {}),
    () => new bulk.Rater(card, { ...options, kind: 'server', window: more }),
    () => new bulk.Rater(card, { ...options, window, tariffs: [{ kind: 'server', at: window.start, zone: 'UTC' }] }),
  ]) {
    assert.throws(call, { code: 'wire.bad_input', message: /unknown member `zone`/ });
  }
});

test('what is passed one way is passed so everywhere', async () => {
  const pair = [window.start, new Date(window.end)];
  const options = { rounding: 'portal', kind: 'server', mode: 'post_paid' };
  const text = { toString: () => 'portal' };
  const all = [
    new bulk.Rater(card, { ...options, window: pair, quantities: { cpu: 'core' } }),
    new bulk.Rater(card, { ...options, window, rounding: text, quantities: { cpu: { unit: 'core', part: null, scale: null, constant: null } } }),
  ];
  for (const each of all) {
    assert.equal((await each.rate(usage())).at(0).payable, '1.58');
  }
  const history = new History([Span.quota(window.start, null, { cpu: '1 core' })]);
  assert.ok(history.usage(pair, null).equals(history.usage(window)));
  assert.equal(history.segments(pair, null).length, 1);
  const quote = tariff.inquire({ cpu: '1 core' }, { days: 1, rounding: text });
  assert.ok(quote.equals(tariff.inquire({ cpu: '1 core' }, { days: 1, rounding: 'portal' })));
  assert.equal(quote.explain(null), quote.explain());
});
