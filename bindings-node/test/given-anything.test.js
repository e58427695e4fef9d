'use strict';

// Whatever is passed to whichever function, constructor or method: there is an answer, or an error of the library.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const counterfoil = require('..');
const { CARD, CHARGE, DAY, card, history, server, wallet } = require('./support/billing');

const { CounterfoilError, Range, RangeSet, LookupTable, Snapshot, bulk, operations } = counterfoil;

const tariff = card().tariff('server', DAY.start);
const usage = history().usage(DAY);
const table = new bulk.Table({ kind: ['a'], cpu: [1n] });
const HANDLES = {
  card: card(),
  column: table.column('cpu'),
  history: history(),
  lookup: new LookupTable({ '10.0.0.0/8': 1 }),
  plan: wallet().plan('1', CHARGE),
  quote: tariff.inquire({ cpu: '1 core' }, { days: 1, rounding: 'portal' }),
  range: new Range('10.0.0.0/16'),
  ranges: new Range('10.0.0.0/16').split(20),
  rated: tariff.rate(usage, { rounding: 'portal' }),
  rater: new bulk.Rater(CARD, { quantities: {}, rounding: 'portal', window: '2024-02-20', kind: 'server' }),
  set: new RangeSet(['10.0.0.0/8']),
  snapshot: new Snapshot([{ name: 'w', resources: { cpu: '4' } }]),
  span: history().spans[0],
  spec: server(),
  statements: new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2 }),
  table,
  tariff,
  usage,
  wallet: wallet(),
};
const detached = new Uint8Array(4);
structuredClone(detached, { transfer: [detached.buffer] });
const VALUES = [
  ...[undefined, null, 0, -1, -1n, 1.7, NaN, 2 ** 60, 2n ** 200n, '', 'x', '\ud800', true, Symbol('s'), () => 1, [], [[]]],
  ...[{}, Object.create(null), new Map([[{}, 1]]), new Set([1]), new Date(NaN), new Date(8.64e15), /x/, new Error('e')],
  ...[Object.create(Date.prototype), Object.create(Map.prototype), detached, detached.buffer, new Float64Array(2), class {}],
  ...[{ [Symbol.iterator]: 5 }, { [Symbol.iterator]: () => 5 }, { [Symbol.asyncIterator]: 5 }, Promise.resolve(1)],
  ...[nested((inner) => [inner]), nested((inner) => ({ inner })), Object(1n), Object(Symbol('x')), new WeakMap()],
  ...[table, usage, HANDLES.range, { length: 5 }, { start: 1, end: 2 }, [Symbol('x')], { kind: Symbol('k') }],
];
const FEW = [null, {}, Symbol('y')];

/** What is nested deeper than the stack of a program is. */
function nested(around) {
  let value = around(null);
  for (let depth = 0; depth < 20_000; depth += 1) {
    value = around(value);
  }
  return value;
}

/** Fails where a call throws, or is rejected with, what is no error of the library. */
async function answers(name, call, given) {
  try {
    const answer = call();
    await (typeof answer?.[Symbol.asyncIterator] === 'function' ? answer.next() : answer);
  } catch (error) {
    if (!(error instanceof CounterfoilError)) {
      assert.fail(`${name} of ${inspect(given, { depth: 0 })}: ${error?.stack}`);
    }
  }
}

/** Calls with each value, and with each beside another. */
async function withEach(name, call) {
  for (const value of VALUES) {
    await answers(name, () => call(value), value);
    for (const other of FEW) {
      await answers(name, () => call(value, other), [value, other]);
      await answers(name, () => call(other, value), [other, value]);
    }
  }
}

/** The names of the methods of an object and of the classes that it is of. */
function methodsOf(object) {
  const names = new Set();
  for (let of = Object.getPrototypeOf(object); of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (typeof value === 'function' && name !== 'constructor') {
        names.add(name);
      }
    }
  }
  return [...names];
}

for (const [name, handle] of Object.entries(HANDLES)) {
  test(`the methods of ${name}`, async () => {
    const methods = methodsOf(handle);
    assert.ok(methods.length > 0);
    for (const method of methods) {
      await withEach(`${name}.${method}`, (...given) => handle[method](...given));
    }
  });
}

test('constructors, functions, and what classes make', async () => {
  const classes = Object.entries({ ...counterfoil, ...bulk }).filter(([, each]) => typeof each === 'function');
  assert.ok(classes.length > 20);
  for (const [name, each] of classes) {
    const isClass = Function.prototype.toString.call(each).startsWith('class');
    await withEach(name, (...given) => (isClass ? new each(...given) : each(...given)));
    for (const method of isClass ? Object.getOwnPropertyNames(each).filter((one) => typeof each[one] === 'function') : []) {
      await withEach(`${name}.${method}`, (...given) => each[method](...given));
    }
  }
});

test('operations', async () => {
  const names = operations();
  assert.ok(names.length > 100);
  const MEMBERS = ['amount', 'weights', 'card', 'spec', 'range', 'ranges', 'period', 'date', 'inventory', 'products', 'text'];
  for (const name of names) {
    const [context, verb] = name.split('.');
    const call = counterfoil[context][verb.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())];
    for (const value of VALUES) {
      await answers(name, () => call(value), value);
    }
    const known = MEMBERS.filter((member) => call.shapes.input.inside(member) !== undefined);
    for (const [member, value] of known.flatMap((one) => VALUES.map((each) => [one, each]))) {
      await answers(`${name} ${member}`, () => call({ [member]: value }), value);
    }
  }
});
