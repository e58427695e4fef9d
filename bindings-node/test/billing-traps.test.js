'use strict';

// What would be another amount, another time or another thing if it were taken as it looks.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const test = require('node:test');
const { inspect } = require('node:util');
const { Big } = require('big.js');
const { Decimal } = require('decimal.js');
const { Temporal } = require('temporal-polyfill');
const { History, PortalRows, Quote, RateCard, Rated, Span, Spec, Tariff, Usage, Wallet } = require('..');
const { CARD, CHARGE, DAY, ROUNDING, ZHANG, card, coupon, history, refused, server, wallet } = require('./support/billing');

/** An object whose text is a decimal, as big.js and decimal.js have them. */
const decimal = (text) => ({ toString: () => text, toJSON: () => text, valueOf: () => Number(text) });

/** Where an exact decimal may stand in a call, and what the call makes of it. */
const DECIMALS = {
  'the amount of a plan': (value) => wallet().plan(value, CHARGE).amount.split(' ')[0],
  'the limit of an overdraft': (value) =>
    wallet().plan('1', { ...CHARGE, funding: 'overdraft', limit: value }).amount.replace(/.*/, '1'),
  'the cores of a server': (value) => Spec.server({ cpu: value, ram: 1 }).get('cpu').split(' ')[0],
  'the memory of a server': (value) => Spec.server({ cpu: 1, ram: value }).get('ram').split(' ')[0],
  'the local disk of a server': (value) => Spec.server({ cpu: 1, ram: 1, disk: value }).get('disk').split(' ')[0],
  'the size of a disk': (value) => Spec.disk(value).get('size').split(' ')[0],
};

/** Where a whole number says enough: so many cores. */
const counts = (place) => !place.startsWith('the amount') && !place.startsWith('the limit');

for (const [place, call] of Object.entries(DECIMALS)) {
  test(`a float is refused in ${place}`, () => {
    for (const float of [1.7, 0.1 + 0.2, NaN, Infinity, -Infinity, -0, 2 ** 53, 2 ** 200, Number.MIN_VALUE]) {
      const error = refused(() => call(float), 'money.float', `${float}`);
      assert.ok(error.message.includes(Object.is(float, -0) ? '`-0`' : `\`${float}\``), error.message);
    }
    if (counts(place)) {
      assert.equal(call(4), '4');
    } else {
      refused(() => call(4), 'money.not_text');
    }
  });

  test(`an exact decimal is taken in ${place}`, () => {
    for (const [value, text] of [
      ['1.50', '1.50'],
      [7n, '7'],
      [decimal('1.50'), '1.50'],
      [new Big('1.50'), '1.5'],
      [new Big('1e-7'), '0.0000001'],
      [new Decimal('1e-7'), '0.0000001'],
      [decimal('1.5E+1'), '15'],
    ]) {
      const expected = place.startsWith('the limit') ? '1' : text;
      assert.equal(call(value), expected, inspect(value));
    }
  });

  test(`what is no decimal is refused in ${place}`, () => {
    for (const [value, code] of [
      [undefined, 'wire.bad_input'],
      [null, 'wire.bad_input'],
      [true, 'wire.bad_input'],
      [{}, 'wire.bad_input'],
      [[1], 'wire.bad_input'],
      [new Number(4), 'wire.bad_input'],
      [new Date(), 'wire.bad_input'],
      [Symbol('4'), 'wire.bad_input'],
      [() => 4, 'wire.bad_input'],
      ['', 'money.not_a_decimal'],
      ['1e3', 'money.not_a_decimal'],
      ['0x10', 'money.not_a_decimal'],
      ['1,5', 'money.not_a_decimal'],
      ['NaN', 'money.not_a_decimal'],
      ['٣', 'money.not_a_decimal'],
      [new Decimal(NaN), 'money.not_a_decimal'],
      [new Decimal(Infinity), 'money.not_a_decimal'],
      [new Big('1e+40'), 'money.too_many_digits'],
      [decimal('1e+90'), 'money.too_many_digits'],
      [2n ** 200n, 'money.too_many_digits'],
      ['\ud800', 'wire.bad_input'],
    ]) {
      const optional = value === undefined || value === null;
      if (optional && (place.includes('limit') || place.includes('local disk'))) {
        continue;
      }
      refused(() => call(value), code, inspect(value));
    }
  });
}

test('a large decimal of another library is written out', () => {
  for (const large of [new Big('1e+21'), new Decimal('1e+21')]) {
    assert.equal(String(large), '1e+21');
    assert.equal(Spec.disk(large).get('size'), '1000000000000000000000 GiB');
    refused(() => wallet().plan(large, CHARGE), 'wallet.funds_not_enough');
  }
});

test('money and quantities name what they are of', () => {
  const balance = (value) => new Wallet({ payer: ZHANG, balance: value });
  const part = (value) => new Spec({ cpu: value });
  for (const make of [balance, part]) {
    refused(() => make(1.7), 'money.float');
    refused(() => make(-0), 'money.float');
    refused(() => make(4), 'money.not_text');
    refused(() => make(4n), 'money.not_text');
    refused(() => make(null), 'wire.bad_input');
    refused(() => make(new Number(4)), 'wire.bad_input');
    refused(() => make('4 \ud800'), 'wire.bad_input');
  }
  refused(() => balance('12.30'), 'money.unknown_currency');
  refused(() => part('4'), 'units.unknown_unit');
  refused(() => part('4  core'), 'units.unknown_unit');
  refused(() => part('-4 core'), 'units.negative');
  assert.equal(balance(decimal('12.30 CNY')).balance, '12.30 CNY');
});

/** Where an instant may stand, and the instant that the call took. */
const INSTANTS = {
  'the instant of a tariff': (value) => card().tariff('server', value).at,
  'the start of an inquiry': (value) =>
    card().tariff('server', DAY.start).inquire(server(), { start: value, hours: 1, rounding: ROUNDING }).window.start,
  'the end of an inquiry': (value) =>
    card()
      .tariff('server', '0001-01-01T00:00:00Z')
      .inquire({}, { start: '0001-01-01T00:00:00Z', end: value, rounding: ROUNDING }).window.end,
  'the start of a span': (value) => Span.postPaid(value, null, {}).start,
  'the start of a window': (value) => Usage.counted({ start: value, end: '9999-12-31T23:59:59Z' }, {}).window.start,
  'the creation of rows': (value) =>
    PortalRows.disk({ created: value, start: '9999-01-01T00:00:00Z', mode: 'quota', spec: {} }).created,
  'the expiration of a coupon': (value) =>
    new Wallet({ payer: ZHANG, balance: '0 CNY', coupons: [coupon('C', '1 CNY', value)] }).coupons[0].expiration,
};

for (const [place, call] of Object.entries(INSTANTS)) {
  test(`${place} is the instant that was passed`, () => {
    const temporal = Temporal.Instant.from('2024-02-20T00:00:00.000001Z');
    const zoned = temporal.toZonedDateTimeISO('Asia/Shanghai');
    for (const [value, instant] of [
      [new Date('2024-02-20T00:00:00.123Z'), '2024-02-20T00:00:00.123Z'],
      [new Date('0099-01-01T00:00:00Z'), '0099-01-01T00:00:00Z'],
      [new Date('2999-12-31T23:59:59.999Z'), '2999-12-31T23:59:59.999Z'],
      ['2024-02-20T08:00:00+08:00', '2024-02-20T00:00:00Z'],
      ['2024-02-20T00:00:00.123456Z', '2024-02-20T00:00:00.123456Z'],
      [temporal, '2024-02-20T00:00:00.000001Z'],
      [zoned, '2024-02-20T00:00:00.000001Z'],
    ]) {
      assert.equal(call(value), instant, inspect(value));
    }
  });

  test(`what is no instant is refused in ${place}`, () => {
    class Later extends Date {
      getTime() {
        return 1.5;
      }
    }
    assert.equal(call(new Later('2024-02-20T00:00:00.123Z')), '2024-02-20T00:00:00.123Z');
    for (const [value, codes] of [
      [new Date(NaN), 'wire.bad_input'],
      [new Date(-1e14), 'time.out_of_range time.not_an_instant'],
      [new Date(8.64e15), 'time.out_of_range time.not_an_instant'],
      [1708387200000, 'wire.bad_input'],
      [1708387200000n, 'wire.bad_input'],
      [new Number(0), 'wire.bad_input'],
      [{}, 'wire.bad_input'],
      ['2024-02-20', 'time.not_an_instant'],
      ['2024-02-20T00:00:00', 'time.not_an_instant'],
      ['2024-02-20T00:00:00.0000001Z', 'time.too_fine'],
      ['2024-02-20T00:00:00Z\ud800', 'wire.bad_input'],
    ]) {
      const code = codeOf(() => call(value));
      assert.ok(code !== undefined && codes.split(' ').includes(code), `${inspect(value)}: ${code}`);
    }
  });
}

/** @param {() => unknown} call */
function codeOf(call) {
  try {
    call();
  } catch (error) {
    return error.code;
  }
  return undefined;
}

test('a part of a spec may have any name that the core knows, and no other', () => {
  const parts = JSON.parse('{"__proto__": "1 count", "constructor": "2 count"}');
  const code = codeOf(() => new Spec(parts));
  if (code === undefined) {
    assert.deepEqual([...new Spec(parts)].sort(), [['__proto__', '1 count'], ['constructor', '2 count']]);
    assert.deepEqual(Object.keys(new Spec(parts).toJSON()).sort(), ['__proto__', 'constructor']);
  } else {
    assert.match(code, /^units\./);
  }
  assert.equal(new Spec({}).get('constructor'), null);
  refused(() => new Spec({ '': '1 core' }), 'units.bad_name');
  refused(() => new Spec({ 'c\ud800': '1 core' }), 'wire.bad_input');
  refused(() => new Spec(new Map([[1, '1 core']])), 'wire.bad_input');
  for (const value of [null, 1, 'cpu', [['cpu', '1 core']], new Date(), Symbol('cpu')]) {
    refused(() => new Spec(value), 'wire.bad_input', inspect(value));
  }
});

test('texts that hold what packs them are the texts that were passed', () => {
  const spec = { 'gpu[a"b\\c]': '1 card' };
  const code = codeOf(() => new Spec(spec));
  assert.ok(code === undefined ? new Spec(spec).has('gpu[a"b\\c]') : code.startsWith('units.'));
  const payer = { kind: 'user', id: '","\n\u0000\\' };
  const purse = new Wallet({ payer, balance: '50.00 CNY' });
  assert.deepEqual(purse.payer, payer);
  refused(() => purse.plan('1', { ...CHARGE, unit: 'vm","' , order: '' }), 'wallet.empty_id');
});

test('a handle is not what looks like one', () => {
  const tariff = card().tariff('server', DAY.start);
  const usage = history().usage(DAY);
  for (const other of [undefined, null, {}, usage.toJSON(), Object.create(Usage.prototype), history(), tariff, 'usage']) {
    refused(() => tariff.rate(other, { rounding: ROUNDING }), 'wire.bad_input');
    refused(() => tariff.rate([usage, other], { rounding: ROUNDING }), 'wire.bad_input');
    refused(() => tariff.bill(other, { rounding: ROUNDING }), 'wire.bad_input');
    refused(() => usage.plus(other), 'wire.bad_input');
    refused(() => tariff.rateRows(other, DAY, { rounding: ROUNDING }), 'wire.bad_input');
  }
  refused(() => tariff.rate(new Set([usage]), { rounding: ROUNDING }), 'wire.bad_input');
  for (const spec of [undefined, null, 'cpu', usage, [], new Set()]) {
    refused(() => tariff.inquire(spec, { days: 1, rounding: ROUNDING }), 'wire.bad_input', inspect(spec));
  }
  for (const how of [undefined, null, 'portal', { rounding: 1 }, { rounding: 'portal', round: 1 }]) {
    refused(() => tariff.rate(usage, how), 'wire.bad_input', inspect(how));
    refused(() => tariff.inquire(server(), how), 'wire.bad_input', inspect(how));
  }
  for (const window of [undefined, null, '2024-02-20', [DAY.start], { start: DAY.start }, [DAY.start, null]]) {
    refused(() => history().usage(window), 'wire.bad_input', inspect(window));
  }
  refused(() => history().usage([DAY.end, DAY.start]), 'time.reversed');
  for (const Class of [Usage, RateCard, Tariff, Rated, Quote, PortalRows]) {
    refused(() => new Class({}), 'wire.bad_input', Class.name);
    refused(() => new Class(), 'wire.bad_input', Class.name);
  }
});

test('members that nobody knows are refused and not passed over', () => {
  const span = { start: DAY.start, end: null, spec: {}, mode: 'post_paid' };
  for (const call of [
    () => new Span({ ...span, stop: DAY.end }),
    () => new History([{ ...span, ends: DAY.end }]),
    () => history().usage(DAY, { quotas: 'free' }),
    () => Spec.server({ cpu: 1, ram: 1, public_ip: true }),
    () => Spec.server({ cpu: 1, ram: 1, publicIp: 1 }),
    () => PortalRows.disk({ created: DAY.start, start: DAY.start, mode: 'quota', spec: {}, deleted_at: DAY.end }),
    () => new Wallet({ payer: { ...ZHANG, name: 'Zhang' }, balance: '0 CNY' }),
    () => new Wallet({ payer: ZHANG, balance: '0 CNY', coupons: [coupon('C', '1 CNY', DAY.end, { face_value: '1 CNY' })] }),
    () => wallet().usable({ unit: 'vm', at: DAY.start, orders: 'o' }),
    () => card().inquire(server(), { kind: 'server', starts: DAY.start, days: 1, rounding: ROUNDING }),
    () => card().inquire(server()),
  ]) {
    refused(call, 'wire.bad_input');
  }
});

test('the place of a fault is told', () => {
  const span = { start: DAY.start, end: null, spec: { cpu: '1 core' }, mode: 'post_paid' };
  for (const [place, call] of [
    ['spans[1].start', () => new History([span, { ...span, start: 1 }])],
    ['spans[1].spec.cpu', () => new History([span, { ...span, spec: { cpu: true } }])],
    ['coupons[0].owner.id', () => new Wallet({ payer: ZHANG, balance: '0 CNY', coupons: [coupon('C', '1 CNY', DAY.end, { owner: { kind: 'user', id: 1 } })] })],
    ['archive[0].end', () => PortalRows.disk({ created: DAY.start, start: DAY.start, mode: 'quota', spec: {}, archive: [{ change: 'rebuild', start: DAY.start, spec: {} }] })],
    ['usage[1]', () => card().tariff('server', DAY.start).rate([history().usage(DAY), 1], { rounding: ROUNDING })],
    ['window.end', () => history().usage([DAY.start, 1])],
    ['language', () => card().tariff('server', DAY.start).inquire(server(), { days: 1, rounding: ROUNDING }).explain('fr')],
  ]) {
    assert.equal(refused(call, 'wire.bad_input').details.at, place);
  }
});

test('an error of the caller passes through', () => {
  const mine = new RangeError('mine');
  const thrower = {
    toString() {
      throw mine;
    },
  };
  for (const call of [() => wallet().plan(thrower, CHARGE), () => new Spec({ cpu: thrower }), () => card().tariff('server', thrower)]) {
    assert.throws(call, mine);
  }
});

test('many ways to round do not fill the memory', () => {
  const tariff = card().tariff('disk', DAY.start);
  for (let step = 1; step <= 500; step += 1) {
    const { payable } = tariff.inquire(Spec.disk(1), { days: 100, rounding: `half_up ${step} total` });
    assert.equal(BigInt(payable) % BigInt(step), 0n);
  }
  assert.equal(tariff.inquire(Spec.disk(1), { days: 100, rounding: ROUNDING }).payable, '102.00');
});

test('a million inquiries, and as many calls of other kinds, do not grow the memory', () => {
  const grown = execFileSync(process.execPath, ['--expose-gc', join(__dirname, 'support', 'billing-memory.js')], { encoding: 'utf8' });
  const bytes = JSON.parse(grown);
  for (const [name, more] of Object.entries(bytes)) {
    assert.ok(more < 24 * 2 ** 20, `${name} grew by ${more} bytes`);
  }
});

test('what to do is told in words of no one language', () => {
  const usage = history().usage(DAY);
  const tariff = card().tariff('server', DAY.start);
  for (const at of ['segment', 'month']) {
    const rounding = `half_even 0.01 ${at}`;
    const calls = [
      () => tariff.rate(usage, { rounding }),
      () => tariff.inquire(server(), { days: 1, rounding }),
      () => tariff.bill(usage, { rounding }),
    ];
    for (const call of calls) {
      const error = refused(call, 'pricing.rounds_elsewhere');
      assert.equal(error.details.at, at);
      for (const message of [error.message, error.messageIn('zh')]) {
        assert.match(message, /`total`/);
        assert.doesNotMatch(message, /RoundAt|_at|rate_segments|exact/);
      }
    }
  }
});
