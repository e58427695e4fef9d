'use strict';

// Handles of metering, pricing and the wallet, and what they answer.

const assert = require('node:assert/strict');
const test = require('node:test');
const { inspect } = require('node:util');
const { History, PortalRows, RateCard, Span, Spec, Usage, Wallet, evaluate } = require('..');
const { CARD, CHARGE, DAY, ROUNDING, ZHANG, card, coupon, history, refused, server, wallet } = require('./support/billing');

const HALF_A_DAY = [DAY.start, '2024-02-20T12:00:00Z'];

/** Cents of an amount of two digits. */
const cents = (text) => BigInt(text.replace(/ .*|\./g, ''));

/** An exact value times 60: all times of these tests are minutes. */
const minutes = (text) => Number(text) * 60;

function rows(members = {}) {
  const archive = [{ change: 'rebuild', start: '2024-02-19T12:00:00Z', end: DAY.start, spec: server(), mode: 'quota' }];
  const current = { created: '2024-02-19T12:00:00Z', start: DAY.start, mode: 'post_paid', spec: server() };
  return PortalRows.server({ ...current, archive, ...members });
}

/** How to make one of each class; called twice, it makes equal ones. */
const EVERY = {
  Spec: () => server(),
  'Spec of a disk': () => Spec.disk('1.5'),
  Span: () => Span.postPaid('2024-02-19T12:00:00Z', null, server()),
  'Span of a quota': () => Span.quota('2024-02-19T12:00:00Z', DAY.end, server()),
  History: () => history(),
  Usage: () => history().usage(DAY),
  'Usage that is counted': () => Usage.counted(DAY, { web: '1 count' }),
  PortalRows: () => rows({ deleted: DAY.end }),
  'PortalRows that go on': () => rows(),
  RateCard: () => card(),
  Tariff: () => card().tariff('server', DAY.start),
  Rated: () => card().tariff('server', DAY.start).rate(history().usage(DAY), { rounding: ROUNDING }),
  'Rated of segments': () =>
    card().tariff('server', DAY.start).rate(history().segments(HALF_A_DAY), { rounding: ROUNDING }),
  'Rated of rows': () => card().tariff('server', DAY.start).rateRows(rows(), DAY, { rounding: ROUNDING }),
  Quote: () => card().tariff('server', DAY.start).inquire(server(), { days: 2, count: 3, rounding: ROUNDING }),
  'Quote that bills': () => card().tariff('server', DAY.start).bill(history().usage(DAY), { rounding: ROUNDING }),
  Wallet: () => wallet(),
  'Wallet that owes': () => new Wallet({ payer: ZHANG, balance: '50.00 CNY', debt: '1.00 CNY' }),
};

for (const [name, make] of Object.entries(EVERY)) {
  test(`${name} is what it shows`, () => {
    const [value, same] = [make(), make()];
    assert.ok(value.equals(same) && same.equals(value));
    assert.deepEqual(value.toJSON(), same.toJSON());
    assert.equal(JSON.stringify(value), JSON.stringify(same));
    assert.equal(String(value), String(same));
    assert.notEqual(String(value), '[object Object]');
    assert.equal(inspect(value), inspect(same));
    assert.ok(inspect(value, { depth: 8 }).startsWith(`${value.constructor.name} `), inspect(value));
    assert.equal(inspect({ of: value }, { depth: 0 }), `{ of: [${value.constructor.name}] }`);
    for (const other of [undefined, null, 1, 'text', {}, value.toJSON(), Object.create(value.constructor.prototype)]) {
      assert.equal(value.equals(other), false);
    }
  });
}

test('different values differ', () => {
  const values = Object.values(EVERY).map((make) => make());
  for (const [place, value] of values.entries()) {
    assert.deepEqual(values.map((other) => other.equals(value)).flatMap((equal, at) => (equal ? [at] : [])), [place]);
  }
});

test('what is written otherwise is the same value', () => {
  assert.ok(new Spec({ cpu: '1 core' }).equals(new Spec({ cpu: '1.0 core' })));
  const utc = new History([{ start: '2024-02-20T00:00:00Z', spec: { cpu: '1 core' }, mode: 'post_paid' }]);
  const china = new History([{ start: '2024-02-20T08:00:00+08:00', spec: { cpu: '1.0 core' }, mode: 'post_paid' }]);
  assert.ok(utc.equals(china) && utc.spans[0].equals(china.spans[0]));
  assert.ok(card().equals(RateCard.fromJson(CARD.replace('0.066', '0.0660'))));
});

test('a spec is a map of its parts', () => {
  const spec = new Spec({ 'gpu[A100]': '2 card', cpu: '16 core', ram: undefined });
  assert.deepEqual([...spec], [['cpu', '16 core'], ['gpu[A100]', '2 card']]);
  assert.deepEqual([spec.size, spec.get('gpu[A100]'), spec.get('ram'), spec.has('ram')], [2, '2 card', null, false]);
  assert.deepEqual([[...spec.keys()], [...spec.values()]], [['cpu', 'gpu[A100]'], ['16 core', '2 card']]);
  assert.ok(new Spec(spec).equals(spec) && new Spec(new Map(spec)).equals(spec) && new Spec(spec.toJSON()).equals(spec));
  assert.ok(Spec.bucket(5n).equals(new Spec({ base: '1 count', size: '5 byte' })), String(Spec.bucket(5n)));
  assert.ok(Spec.bucket(2n ** 60n).equals(new Spec({ base: '1 count', size: `${2n ** 60n} byte` })));
  const parts = { base: '1 count', cpu: '4 core', ram: '8192 MiB', disk: '1.5 GiB', public_ip: '0 count' };
  assert.ok(Spec.server({ cpu: 4n, ram: '8192 MiB', disk: '1.5' }).equals(new Spec(parts)));
});

test('a span is told as operations take it', () => {
  const span = Span.prePaid(new Date('2024-02-20T00:00:00.5Z'), '2024-02-20T08:00:01+08:00', { cpu: '1 core' });
  const { start, end, mode, spec } = span;
  assert.deepEqual([start, end, mode], ['2024-02-20T00:00:00.500Z', '2024-02-20T00:00:01Z', 'pre_paid']);
  assert.ok(spec.equals(new Spec({ cpu: '1 core' })) && new Span(span.toJSON()).equals(span));
});

test('segments add up', () => {
  const [usage, segments] = [history().usage(DAY), history().segments(DAY)];
  assert.equal(segments.length, 3);
  for (const part of usage.parts) {
    const sum = (of) => segments.reduce((total, segment) => total + minutes(segment[of](part)), 0);
    assert.equal(minutes(usage.hours(part)), sum('hours'));
    assert.equal(minutes(usage.payableHours(part)), sum('payableHours'));
  }
  assert.deepEqual(segments.reduce((sum, segment) => sum + minutes(segment.hours('cpu')), 0), 60 * 0.3 + 4 * 60 * 23.7);
});

test('windows that meet add up and come apart', () => {
  const days = [20, 21].map((day) => ({ start: `2024-02-${day}T00:00:00Z`, end: `2024-02-${day + 1}T00:00:00Z` }));
  const [first, second] = days.map((day) => history().usage(day));
  assert.ok(first.plus(second).equals(history().usage([days[0].start, days[1].end])));
  assert.equal(first.minus(first).payableHours('cpu'), '0');
  refused(() => second.plus(first), 'metering.windows_apart');
  refused(() => first.minus(second), 'metering.other_window');
});

test('a third of an hour is exact', () => {
  const usage = Usage.timed(['2024-02-20T00:00:00Z', '2024-02-20T00:20:00Z'], { cpu: '1 core' });
  assert.equal(usage.hours('cpu'), '1/3');
  assert.equal(usage.hours('ram'), '0');
  assert.deepEqual(usage.window, { start: '2024-02-20T00:00:00Z', end: '2024-02-20T00:20:00Z' });
});

test('what a portal computes of its rows is rated in one call as from its segments', () => {
  const tariff = card().tariff('server', DAY.start);
  const [how, of] = [{ rounding: 'half_even 0.01 segment' }, rows({ deleted: '2024-02-20T10:00:00Z' })];
  const [rated, segments] = [tariff.rateRows(of, DAY, how), of.segments(DAY)];
  assert.ok(rated.equals(tariff.rate(segments, how)) && rated.payable !== '0.00');
  assert.equal(rated.usage, null);
  assert.ok(rated.segments.every((segment, place) => segment.equals(segments[place])));
  assert.equal(tariff.rateRows(of, { start: '2024-02-18T00:00:00Z', end: '2024-02-19T00:00:00Z' }, how), null);
  assert.deepEqual([of.rowsOf, of.mode, of.deleted, of.archive.length], ['server', 'post_paid', '2024-02-20T10:00:00Z', 1]);
  assert.equal(of.history().spans.length, 2);
});

test('a rated usage is that of the operation, and adds up', () => {
  const tariff = card().tariff('server', DAY.start);
  const rated = tariff.rate(history().usage(DAY), { rounding: ROUNDING });
  const call = { card: card(), kind: 'server', of: history(), window: DAY, rounding: ROUNDING };
  const { ok } = JSON.parse(evaluate('pricing.rate', JSON.stringify(call)));
  assert.deepEqual([rated.original, rated.payable], [ok.original.amount, ok.payable.amount]);
  assert.deepEqual([rated.payableExact, rated.currency], [ok.payable.exact, ok.currency]);
  assert.notEqual(rated.original, rated.payable);
  assert.deepEqual(rated.recompute(), { original: rated.original, payable: rated.payable });
  assert.equal(rated.lines.reduce((sum, { subtotal }) => sum + cents(subtotal), 0n), cents(rated.payable));
  assert.ok(rated.usage.equals(history().usage(DAY)) && rated.tariff === tariff && rated.segments.length === 1);
});

test('segments are rated as they were when they were passed', () => {
  const tariff = card().tariff('server', DAY.start);
  const segments = history().segments(DAY);
  const rated = tariff.rate(segments, { rounding: 'half_even 0.01 segment' });
  const lines = rated.segments.length;
  segments.length = 0;
  assert.equal(rated.segments.length, lines);
  assert.equal(new Set(rated.lines.map(({ window }) => window.start)).size, 1);
  assert.deepEqual(rated.recompute(), { original: rated.original, payable: rated.payable });
  assert.equal(tariff.rate([], { rounding: ROUNDING }).payable, '0.00');
});

test('a quote is the bill for the same facts', () => {
  const tariff = card().tariff('server', new Date(DAY.start));
  const quote = tariff.inquire(server(), { days: 1, rounding: ROUNDING });
  const bill = tariff.bill(Usage.timed(DAY, server()), { rounding: ROUNDING });
  assert.ok(quote.equals(bill));
  assert.deepEqual(quote.lines, bill.lines);
  const asked = { kind: 'server', ...DAY, rounding: ROUNDING };
  assert.ok(quote.equals(card().inquire(server(), asked)));
  assert.ok(quote.equals(card().inquire(server().toJSON(), { ...asked, start: new Date(DAY.start), count: 1n })));
  assert.equal(quote.lines.reduce((sum, { subtotal }) => sum + cents(subtotal), 0n), cents(quote.payable));
  assert.deepEqual(quote.recompute(), { original: quote.original, payable: quote.payable });
  assert.ok(quote.explain().includes(quote.payableMoney) && quote.explain('zh').includes(quote.payableMoney));
  assert.notEqual(quote.explain(), quote.explain('zh'));
});

test('a quote does not change with what was passed for it', () => {
  const [asked, parts] = [{ days: 1, count: 2, rounding: ROUNDING, start: new Date(DAY.start) }, { cpu: '1 core' }];
  const quote = card().tariff('server', DAY.start).inquire(parts, asked);
  asked.start.setUTCFullYear(2030);
  Object.assign(asked, { days: 9, count: 7, rounding: 'half_up 1 total' });
  parts.cpu = '64 core';
  const { window, count, rounding, lines, payable } = quote;
  assert.deepEqual([window, count, rounding], [DAY, 2n, ROUNDING]);
  assert.equal(lines.reduce((sum, { subtotal }) => sum + cents(subtotal), 0n), cents(payable));
});

test('the terms of an inquiry', () => {
  const [tariff, disk] = [card().tariff('disk', '2024-02-01T00:00:00Z'), Spec.disk(1)];
  const quote = (term) => tariff.inquire(disk, { rounding: ROUNDING, ...term });
  const days = (term) => Number(cents(quote(term).payable) / 102n);
  assert.equal(days({ months: 1 }), 30);
  assert.equal(days({ months: 1, zone: 'UTC' }), 29);
  assert.equal(days({ years: 1, zone: 'UTC' }), 366);
  assert.equal(days({ weeks: 1, days: 2n, hours: 24 }), 10);
  assert.equal(days({ end: '2024-02-03T00:00:00Z', months: undefined, zone: null }), 2);
  assert.equal(days({ start: new Date('2024-02-03T00:00:00.001Z'), end: '2024-02-05T00:00:00.001000Z' }), 2);
  for (const [term, code] of [
    [{}, 'pricing.no_duration'],
    [{ end: '2024-02-03T00:00:00Z', days: 1 }, 'wire.bad_input'],
    [{ end: '2024-02-03T00:00:00Z', zone: 'UTC' }, 'wire.bad_input'],
    [{ day: 1 }, 'wire.bad_input'],
    [{ days: true }, 'wire.bad_input'],
    [{ days: '1' }, 'wire.bad_input'],
    [{ days: 1.5 }, 'wire.bad_input'],
    [{ days: -0 }, 'wire.bad_input'],
    [{ days: NaN }, 'wire.bad_input'],
    [{ days: -1 }, 'wire.bad_input'],
    [{ days: 2 ** 40 }, 'wire.bad_input'],
    [{ days: 2n ** 200n }, 'wire.bad_input'],
    [{ days: 1, count: 0 }, 'pricing.no_items'],
    [{ days: 1, zone: 'Mars' }, 'time.unknown_zone'],
    [{ days: 1, rounding: 'up' }, 'money.unknown_rounding'],
    [{ days: 1, rounding: undefined }, 'wire.bad_input'],
  ]) {
    refused(() => quote(term), code, inspect(term));
  }
});

test('a plan conserves, and nothing is taken', () => {
  const purse = wallet();
  const before = purse.toJSON();
  for (const amount of ['0', '0.01', '20.00', '20.01', '120.00', '169.99', '170.00']) {
    const plan = purse.plan(amount, CHARGE);
    const sum = plan.legs.reduce((total, leg) => total + Math.round(Number(leg.amount.split(' ')[0]) * 100), 0);
    assert.equal(sum, Math.round(Number(amount) * 100));
    for (const { amount: taken, before: found, after } of plan) {
      assert.equal(cents(found) - cents(after), cents(taken));
    }
    assert.equal(plan.length, [...plan].length);
  }
  const plan = purse.plan('123.45', { ...CHARGE, at: new Date(CHARGE.at) });
  assert.deepEqual(plan.legs.map(({ source, after }) => [source, after]), [
    [{ kind: 'coupon', coupon: 'C2' }, '0.00 CNY'],
    [{ kind: 'coupon', coupon: 'C1' }, '0.00 CNY'],
    [{ kind: 'balance' }, '46.55 CNY'],
  ]);
  const { method, fromCoupons, fromAccount } = plan;
  assert.deepEqual({ method, fromCoupons, fromAccount }, {
    method: 'mixed',
    fromCoupons: '120.00 CNY',
    fromAccount: '3.45 CNY',
  });
  assert.deepEqual(purse.toJSON(), before);
  assert.deepEqual(purse.plan('30', { ...CHARGE, coupons: ['C1'] }).legs.map(({ source }) => source.coupon), ['C1']);
  assert.equal(purse.usable({ unit: 'vm', at: CHARGE.at }), '170.00 CNY');
});

test('what a wallet refuses', () => {
  const purse = wallet();
  for (const [amount, code] of [
    ['170.01', 'wallet.funds_not_enough'],
    ['1 USD', 'money.currency_mismatch'],
    ['-1', 'wallet.negative_amount'],
    [1, 'money.not_text'],
    [0.5, 'money.float'],
  ]) {
    refused(() => purse.plan(amount, CHARGE), code, inspect(amount));
  }
  for (const [more, code] of [
    [{ coupons: ['C9'] }, 'wallet.no_such_coupon'],
    [{ coupons: 'C1' }, 'wire.bad_input'],
    [{ funding: 'magic' }, 'wallet.unknown_word'],
    [{ limit: '1' }, 'wire.bad_input'],
    [{ order: '' }, 'wallet.empty_id'],
    [{ at: '2025-03-14T00:00:00' }, 'time.not_an_instant'],
    [{ units: 'vm' }, 'wire.bad_input'],
  ]) {
    refused(() => purse.plan('1', { ...CHARGE, ...more }), code, inspect(more));
  }
});

test('a coupon of one order pays that one', () => {
  const scopes = ['unit', { kind: 'unit' }, { order: 'o' }, { kind: 'order', order: 'other' }, undefined];
  const coupons = scopes.map((scope, place) => coupon(`C${place}`, '1.00 CNY', '2025-06-01T00:00:00Z', { scope }));
  const purse = new Wallet({ payer: ZHANG, balance: '0.00 CNY', coupons });
  assert.equal(purse.usable({ unit: 'vm', order: 'o', at: CHARGE.at }), '4.00 CNY');
  assert.deepEqual(purse.coupons.map(({ scope }) => scope.order ?? scope.kind), ['unit', 'unit', 'o', 'other', 'unit']);
  assert.ok(new Wallet(purse.toJSON()).equals(purse));
  for (const scope of ['order', {}, { kind: 'order' }, { kind: 'unit', order: 'o' }, { kind: 'unit', group: 'o' }, 1]) {
    const of = () => new Wallet({ payer: ZHANG, balance: '0 CNY', coupons: [coupon('C', '1 CNY', DAY.end, { scope })] });
    refused(of, 'wire.bad_input', inspect(scope));
  }
});

test('an id of a coupon is any text', () => {
  const ids = ['a\nb', '"', '\\', '\u0000', '优惠券', '😀', ' ', '__proto__'];
  const coupons = ids.map((id) => coupon(id, '1.00 CNY', '2025-06-01T00:00:00Z'));
  const legs = new Wallet({ payer: ZHANG, balance: '0.00 CNY', coupons }).plan('8', CHARGE).legs;
  assert.deepEqual(new Set(legs.map(({ source }) => source.coupon)), new Set(ids));
});

test('a card is read, written and told', () => {
  const read = card();
  assert.ok(RateCard.fromToml(read.toToml()).equals(read) && RateCard.fromJson(JSON.stringify(read)).equals(read));
  assert.deepEqual([read.revision, read.currency, read.validFrom, read.validTo], ['2024-02', 'CNY', null, null]);
  const { line, cause } = refused(() => RateCard.fromToml(read.toToml().replace('"0.066"', '"0,066"')), 'pricing.bad_card')
    .details;
  assert.equal(cause, 'money.not_a_decimal');
  assert.ok(read.toToml().split('\n')[Number(line) - 1].includes('[[rates]]'));
  const float = refused(() => RateCard.fromJson(read.toJson().replace('"0.066"', '0.066')), 'pricing.bad_card');
  assert.equal(float.details.cause, 'money.float');
  const { kind, at, revision, currency } = read.tariff('disk', '2024-02-20T08:00:00+08:00');
  assert.deepEqual([kind, at, revision, currency], ['disk', DAY.start, '2024-02', 'CNY']);
  refused(() => read.tariff('server', '2024-02-20'), 'time.not_an_instant');
});

test('the figures of the rules', () => {
  const rated = card().tariff('server', DAY.start).rate(
    new History([
      Span.postPaid('2024-02-20T00:00:00Z', '2024-02-20T00:18:00Z', Spec.server({ cpu: 1, ram: 2, disk: 50, publicIp: true })),
    ]).usage(DAY),
    { rounding: 'portal' },
  );
  assert.deepEqual([rated.payable, rated.payableExact], ['2.06', '2.055']);

  const rate = (kind, [part, price, per, every = 'hour']) => ({ kind, part, price, per, every });
  const portal = [['base', '3.90', 'count'], ['ram', '3.97', 'GiB'], ['cpu', '1.46', 'core'], ['public_ip', '3.50', 'count']];
  const centre = [
    ['cpu', '1.5', 'core'],
    ['memory', '0.005', 'MiB'],
    ['disk', '0.01', 'GiB'],
    ['gpu', '6', 'card'],
  ];
  const rates = [...portal.map((row) => rate('server', row)), ...centre.map((row) => rate('container', row))];
  rates.push(rate('server', ['disk', '0', 'GiB']), rate('disk', ['size', '1.02', 'GiB', 'day']));
  const of = RateCard.fromJson(JSON.stringify({ revision: 'rules', currency: 'CNY', rates }));

  const large = Spec.server({ cpu: 100, ram: '1000 MiB', publicIp: true });
  const listed = of.inquire(large, { kind: 'server', start: DAY.start, months: 8, rounding: ROUNDING });
  assert.equal(cents(listed.payable) * 90n / 100n, 81532372n); // 815323.725 at 90 %, to the even cent

  const disk = of.tariff('disk', '2024-03-01T00:00:00Z');
  const renewed = disk.inquire({ size: '100 GiB' }, { end: '2024-03-20T12:00:00Z', rounding: ROUNDING });
  assert.equal(cents(renewed.payable) * 66n / 100n, 131274n);
  assert.equal(cents(disk.inquire(Spec.disk(100), { days: 60, rounding: ROUNDING }).payable) * 66n / 100n, 403920n);

  const parts = { cpu: '4 core', memory: '8192 MiB', disk: '512 GiB', gpu: '2 card' };
  const tariff = of.tariff('container', '2025-07-01T00:00:00Z');
  for (const [term, payable] of [
    [{ hours: 1 }, '64.08'],
    [{ days: 2 }, '3075.84'],
    [{ weeks: 1 }, '10765.44'],
    [{ months: 1, zone: 'UTC' }, '47675.52'],
  ]) {
    assert.equal(tariff.inquire(parts, { ...term, rounding: 'reseller' }).payable, payable);
  }
});
