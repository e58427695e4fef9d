'use strict';

// What JavaScript would lose without a word is a typed error, wherever it is passed.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');
const Big = require('big.js');
const { Decimal } = require('decimal.js');
const { Temporal } = require('temporal-polyfill');
const { CounterfoilError, bulk, evaluate, ipam, metering, money, placement, pricing, time, units, wallet } = require('..');

/** Places at which a decimal crosses. */
const DECIMALS = {
  amount: (value) => money.allocate({ amount: value, weights: ['1'], step: '0.01' }),
  'item of a list': (value) => money.allocate({ amount: '1.00', weights: [value], step: '0.01' }),
  step: (value) => money.allocate({ amount: '1.00', weights: ['1'], step: value }),
};

/** The error of a call. */
function fault(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CounterfoilError, error.stack);
    return error;
  }
  return assert.fail('nothing was refused');
}

for (const [place, call] of Object.entries(DECIMALS)) {
  for (const value of [0.1, -0, NaN, Infinity, -Infinity, 1e300, 2 ** 200, Number.MIN_VALUE, 2 ** 53]) {
    test(`a number is no ${place}: ${Object.is(value, -0) ? '-0' : value}`, () => {
      const error = fault(() => call(value));
      assert.equal(error.code, 'money.float');
      assert.match(error.message, /pass the amount as text/);
      assert.match(error.messageIn('zh'), /文本/);
    });
  }

  const refused = [
    [5, 'money.not_text'],
    [Object(5), 'wire.bad_input'],
    [Object(1.5), 'wire.bad_input'],
    [true, 'wire.bad_input'],
    [null, 'wire.bad_input'],
    [undefined, 'wire.bad_input'],
    [[], 'wire.bad_input'],
    [['1'], 'wire.bad_input'],
    [{}, 'wire.bad_input'],
    [new Date(0), 'wire.bad_input'],
    [/1/, 'wire.bad_input'],
    [new Uint8Array([1]), 'wire.bad_input'],
    [Symbol('1'), 'wire.bad_input'],
    [() => '1', 'wire.bad_input'],
    ['', 'money.not_a_decimal'],
    ['1,000', 'money.not_a_decimal'],
    ['1e3', 'money.not_a_decimal'],
    ['٣', 'money.not_a_decimal'],
    ['-0', 'money.negative_zero'],
    ['0x10', 'money.not_a_decimal'],
    ['1'.repeat(30), 'money.too_many_digits'],
    [10n ** 40n, 'money.too_many_digits'],
    [2n ** 200n, 'money.too_many_digits'],
    [new Decimal(NaN), 'money.not_a_decimal'],
    [new Decimal('-Infinity'), 'money.not_a_decimal'],
    [new Decimal('1e+999999'), 'money.too_many_digits'],
    [new Decimal('1e-40'), 'money.too_many_digits'],
    ['\ud800', 'wire.bad_input'],
    ['1\udc00', 'wire.bad_input'],
  ];
  for (const [value, code] of refused) {
    if (place === 'item of a list' && value === undefined) {
      continue; // which is `null` there
    }
    test(`what is no exact decimal is refused as ${place}: ${typeof value} ${printed(value)}`, () => {
      assert.equal(fault(() => call(value)).code, code);
    });
  }
}

test('an exact decimal of another library is its digits', () => {
  const parts = (amount, step) => money.allocate({ amount, weights: ['1'], step }).parts;
  assert.deepEqual(parts(new Big('12.30'), '0.01'), ['12.30']);
  assert.deepEqual(parts(new Big('0.0000001'), '0.0000001'), ['0.0000001']); // which big.js writes `1e-7`
  assert.deepEqual(parts(new Decimal('123456789012345678901234'), '1'), ['123456789012345678901234']);
  assert.equal(String(new Decimal('1.5e21')), '1.5e+21');
  assert.deepEqual(parts(new Decimal('1.5e21'), '1'), ['1500000000000000000000']);
  assert.deepEqual(parts(new Decimal('-1.25e-7'), '0.000000001'), ['-0.000000125']);
  assert.deepEqual(parts(25n, '0.01'), ['25.00']);
  assert.deepEqual(parts({ toString: () => '7.5' }, '0.5'), ['7.5']);
});

test('a text of an object is asked for once for each time it is passed, and what it throws is thrown', () => {
  const amount = {
    toString() {
      throw new RangeError('mine');
    },
  };
  assert.throws(() => money.allocate({ amount, weights: ['1'], step: '1' }), { name: 'RangeError', message: 'mine' });
  assert.equal(fault(() => money.allocate({ amount: { toString: () => 5 }, weights: ['1'], step: '1' })).code, 'wire.bad_input');
});

test('a count takes what is whole and exact, and nothing else', () => {
  const months = (months) => time.plusMonths({ date: '2024-01-31', months });
  assert.deepEqual(months(1), months(1n));
  for (const value of [1.7, NaN, Infinity, -0, 2 ** 200, 2 ** 53, 2n ** 200n, '1', true, [1], {}, Object(1), new Date(1)]) {
    assert.equal(fault(() => months(value)).code, 'wire.bad_input', printed(value));
  }
});

test('what counts comes out as a bigint, however large', () => {
  const { size } = ipam.range({ range: '2001:db8::/32' });
  assert.equal(size, 2n ** 96n);
});

test('an instant is a Date, text or of Temporal', () => {
  const instants = (from) => time.period({ period: { start: from, end: '2024-02-21T00:00:00Z' } });
  const same = [
    '2024-02-20T00:00:00Z',
    '2024-02-20T08:00:00+08:00',
    new Date('2024-02-20T00:00:00Z'),
    vm.runInNewContext("new Date('2024-02-20T00:00:00Z')"),
    Temporal.Instant.from('2024-02-20T00:00:00Z'),
    Temporal.ZonedDateTime.from('2024-02-20T08:00:00[Asia/Shanghai]'),
  ].map(instants);
  same.forEach((answer) => assert.deepEqual(answer, same[0]));
  const refused = [
    [new Date(NaN), 'wire.bad_input'],
    [new Date(8.64e15), 'time.out_of_range'],
    [new Date(-1e15), 'time.out_of_range'],
    [Temporal.PlainDateTime.from('2024-02-20T00:00:00'), 'time.not_an_instant'],
    [Temporal.PlainDate.from('2024-02-20'), 'time.not_an_instant'],
    [Temporal.Instant.from('2024-02-20T00:00:00.000000001Z'), 'time.too_fine'],
    ['2024-02-20T00:00:00', 'time.not_an_instant'],
    [1708387200, 'wire.bad_input'],
    [1708387200n, 'wire.bad_input'],
    [{}, 'wire.bad_input'],
    [null, 'wire.bad_input'],
  ];
  for (const [value, code] of refused) {
    assert.equal(fault(() => instants(value)).code, code, printed(value));
  }
});

test('a day is text or of Temporal, and no Date', () => {
  const month = (date) => time.plusMonths({ date, months: 1 }).date;
  assert.equal(month('2024-01-31'), '2024-02-29');
  assert.equal(month(Temporal.PlainDate.from('2024-01-31')), '2024-02-29');
  assert.match(fault(() => month(new Date('2024-01-31'))).message, /which day|instant/);
  assert.equal(fault(() => month(Temporal.Now.instant())).code, 'time.not_a_date');
});

test('what JSON brings can not reach a prototype', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": true}, "amount": "1", "weights": ["1"], "step": "1"}');
  const error = fault(() => money.allocate(hostile));
  assert.deepEqual([error.code, error.details.at], ['wire.bad_input', '__proto__']);
  for (const name of ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']) {
    const given = JSON.parse(`{"${name}": "1", "amount": "1", "weights": ["1"], "step": "1"}`);
    assert.equal(fault(() => money.allocate(given)).code, 'wire.bad_input', name);
  }
  assert.equal({}.polluted, undefined);
});

test('a map keeps whatever keys it has, and its answer has no prototype', () => {
  const resources = JSON.parse('{"__proto__": "1", "constructor": "2", "cpu": "3"}');
  const nodes = [{ name: 'n', capacity: resources }];
  const call = () => placement.free({ nodes });
  const told = evaluate('placement.free', JSON.stringify({ nodes: [{ name: 'n', capacity: resources }] }));
  const answer = JSON.parse(told);
  if ('error' in answer) {
    assert.equal(fault(call).code, answer.error.code);
  } else {
    assert.ok(call());
  }
  assert.equal({}.cpu, undefined);
});

test('members are those of the object itself', () => {
  class Call {
    get amount() {
      return '1';
    }
  }
  assert.equal(fault(() => money.allocate(Object.assign(new Call(), { weights: ['1'], step: '1' }))).code, 'wire.bad_input');
  const inherited = Object.create({ amount: '1' }, { weights: { value: ['1'], enumerable: true } });
  assert.match(fault(() => money.allocate(inherited)).message, /amount|step/);
});

test('the place of a fault is told in the names of JavaScript', () => {
  const place = (coupons) => fault(() => wallet.plan({ funds: { coupons } })).details.at;
  assert.equal(place([{ faceValue: () => 1 }]), 'funds.coupons[0].faceValue');
  assert.equal(place([{}, { owner: { kynd: 'user' } }]), 'funds.coupons[1].owner.kynd');
  assert.match(fault(() => wallet.plan({ face_value: '1' })).message, /unknown member `face_value`/);
});

test('half of a surrogate pair is told with its place', () => {
  const card = (text) => ({ revision: text, currency: 'CNY', rates: [] });
  const half = 'a\ud800';
  for (const [call, place] of [
    [() => money.parse({ text: half }), 'text'],
    [() => money.allocate({ amount: '1', weights: ['1', half], step: '1' }), 'weights[1]'],
    [() => money.allocate({ amount: '1', weights: ['1', { toString: () => half }], step: '1' }), 'weights[1]'],
    [() => pricing.rate({ card: card(half) }), 'card.revision'],
    [() => pricing.rate({ card: { [half]: 1 } }), 'card.a\ufffd'],
    [() => pricing.inquire({ spec: { [half]: '1 core' } }), 'spec.a\ufffd'],
    [() => wallet.plan({ funds: { coupons: [{ owner: { id: half } }] } }), 'funds.coupons[0].owner.id'],
  ]) {
    const { code, details } = fault(call);
    assert.deepEqual([code, details.at], ['wire.bad_input', place]);
    assert.match(details.fault, /surrogate/);
  }
});

test('what all share can not be changed', () => {
  const { shapes } = money.add;
  for (const shared of [money, money.add, shapes, shapes.input, shapes.answer, shapes.input.inside('amounts').shape, money.parse.shapes.input.inside('text').shape]) {
    assert.ok(Object.isFrozen(shared), printed(shared));
  }
  const rater = new bulk.Rater(`revision = "1"\ncurrency = "CNY"\nrates = [{ kind = "vm", part = "cpu", price = "1", per = "core", every = "hour" }]`, {
    quantities: { cpu: 'core' },
    rounding: 'portal',
    window: '2024-02-20',
    mode: 'post_paid',
  });
  const explained = rater.explain({ kind: ['vm'], start: [new Date('2024-02-20')], end: null, cpu: [1] }, 0);
  for (const part of [explained, explained.lines, explained.lines[0], explained.lines[0].window]) {
    assert.ok(Object.isFrozen(part), printed(part));
  }
});

test('what holds itself or is too deep is refused', () => {
  const card = {};
  card.rates = [card];
  assert.match(fault(() => pricing.rate({ card })).message, /nested deeper/);
});

test('a call takes one object', () => {
  for (const given of [5, 'x', null, [], true]) {
    assert.equal(fault(() => money.parse(given)).code, 'wire.bad_input', printed(given));
  }
  assert.equal(fault(() => money.parse(new Map([[1, '1']]))).code, 'wire.bad_input');
  assert.deepEqual(money.parse(new Map([['text', '1.5']])), { amount: '1.5' });
  assert.equal(fault(() => evaluate(5, '{}')).code, 'wire.bad_input');
  assert.equal(fault(() => evaluate('money.parse', '"\ud800"')).code, 'wire.bad_input');
  assert.equal(JSON.parse(evaluate('money.parse', 'no JSON')).error.code, 'wire.bad_input');
});

test('what is too long is refused before it is read', () => {
  assert.equal(fault(() => money.parse({ text: 'x'.repeat(5 << 20) })).code, 'wire.too_long');
});

test('objects of another realm are what they are', () => {
  const given = vm.runInNewContext("({ amount: '10.00', weights: ['1', '1'], step: '0.01' })");
  assert.deepEqual(money.allocate(given).parts, ['5.00', '5.00']);
});

test('an error is an Error, says its category, and goes into JSON', () => {
  const error = fault(() => units.convert({ quantity: '1 GiB', to: 'hour' }));
  assert.ok(error instanceof Error && error.stack.includes('traps.test.js'));
  assert.equal(error.name, 'CounterfoilError');
  const json = JSON.parse(JSON.stringify(error));
  assert.deepEqual([json.code, json.category], [error.code, error.category]);
  assert.equal(json.messageZh, error.messageIn('zh'));
  assert.ok(Object.isFrozen(error.details) && Object.getPrototypeOf(error.details) === null);
});

/** A value as the name of a test shows it. */
function printed(value) {
  return typeof value === 'symbol' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
}
