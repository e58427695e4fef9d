'use strict';

// What is refused, and how: never a silent conversion, and nothing but a `CounterfoilError`.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const { CounterfoilError, LookupTable, Range, RangeSet, Ranges, Snapshot, aggregate, mergeRanges } = require('..');
const { code } = require('./support/refused');

const WIDE = new Range('10.0.0.0/16');

test('numbers that are no whole numbers', () => {
  const numbers = [1.7, NaN, -0, Infinity, 2 ** 53, 2 ** 200, 2n ** 200n];
  const wrong = [...numbers, '24', true, {}, [24], new Number(24), Symbol('24'), () => 24];
  const calls = [
    (number) => WIDE.split(number),
    (number) => WIDE.miniSplit(number),
    (number) => WIDE.miniSplit(24, number),
    (number) => WIDE.split(24, { offset: number }),
    (number) => WIDE.split(24, { limit: number }),
    (number) => WIDE.split(24, { mostPieces: number }),
    (number) => WIDE.split(24, { mostLongerBy: number }),
    (number) => WIDE.checkPlan(['10.0.0.0/16'], { limit: number }),
    (number) => mergeRanges([WIDE], number),
    (number) => new Range('10.0.0.0', '10.0.0.9', number),
    (number) => new RangeSet([WIDE]).cidrs(number),
  ];
  for (const [place, call] of calls.entries()) {
    for (const number of wrong) {
      assert.equal(code(() => call(number)), 'wire.bad_input', `${place}: ${inspect(number)}`);
    }
  }
  for (const number of wrong.filter((number) => typeof number !== 'bigint')) {
    assert.equal(code(() => WIDE.split(24).at(number)), 'wire.bad_input', inspect(number));
    assert.equal(code(() => WIDE.split(24).slice(number)), 'wire.bad_input', inspect(number));
  }
  for (const missing of [undefined, null]) {
    assert.equal(code(() => WIDE.split(missing)), 'wire.bad_input');
    assert.equal(code(() => WIDE.miniSplit(missing)), 'wire.bad_input');
  }
});

test('numbers that a family, a limit or a list does not have', () => {
  for (const length of [-1, 33, 255, 256, 280, 2 ** 32 + 24, -(2 ** 40), 24 + 2 ** 52]) {
    assert.equal(code(() => WIDE.split(length)), 'ipam.length', String(length));
    assert.equal(code(() => WIDE.miniSplit(BigInt(length))), 'ipam.length', String(length));
    assert.equal(code(() => mergeRanges([WIDE], length)), 'ipam.length', String(length));
    assert.equal(code(() => new Range('10.0.0.0', '10.0.0.9', length)), 'ipam.length', String(length));
  }
  for (const count of [-1, -1n, 2n ** 128n]) {
    assert.equal(code(() => WIDE.split(24, { offset: count })), 'wire.bad_input');
    assert.equal(code(() => WIDE.split(24, { limit: count })), 'wire.bad_input');
  }
  assert.equal(code(() => WIDE.miniSplit(24, 256 + 3)), 'wire.bad_input');
  assert.equal(code(() => WIDE.split(24, { mostLongerBy: 256 + 8 })), 'wire.bad_input');
  assert.equal(code(() => WIDE.miniSplit(24, 0)), 'ipam.mini_split_diff');
  assert.equal(code(() => WIDE.split(8)), 'ipam.shorter_than_label');
  assert.equal(code(() => WIDE.split(25, { limits: 'portal' })), 'ipam.too_many_pieces');
  assert.equal(code(() => WIDE.split(24, { mostPieces: 255 })), 'ipam.too_many_pieces');
  assert.equal(code(() => WIDE.split(24, { mostLongerBy: 7 })), 'ipam.too_much_longer');
  assert.equal(code(() => WIDE.split(24, { limits: 'mine' })), 'ipam.unknown_word');
  assert.deepEqual(WIDE.split(24, { offset: 2n ** 127n }).texts(), []);
  assert.deepEqual(WIDE.split(24, { offset: 255, limit: 2n ** 128n - 1n }).texts(), ['10.0.255.0/24']);
});

/** What is no range, and the code of each. */
const NO_RANGES = [
  ['10.0.0.9/24', 'ipam.host_bits'],
  ['010.0.0.0/8', 'ipam.address'],
  ['2001:DB8::/32', 'ipam.not_canonical'],
  ['10.0.0.0/33', 'ipam.length'],
  ['10.0.0.9-10.0.0.1', 'ipam.reversed'],
  ['10.0.0.1-10.0.1.1/24', 'ipam.not_one_network'],
  ['10.0.0.0/8/8', 'ipam.format'],
  [' 10.0.0.0/8', 'ipam.address'],
  ['10.0.0.0-::1', 'ipam.mixed_families'],
  ['', 'ipam.format'],
  ['10.0.0.0/8\r', 'ipam.length'],
  ['\u{1f600}', 'ipam.address'],
  ['__proto__', 'ipam.address'],
  ['\udc80', 'wire.bad_input'],
  ['10.0.0.0/8\ud800', 'wire.bad_input'],
  [167772160, 'wire.bad_input'],
  [167772160n, 'wire.bad_input'],
  [true, 'wire.bad_input'],
  [{}, 'wire.bad_input'],
  [{ range: '10.0.0.0/8' }, 'wire.bad_input'],
  [Object.create(null), 'wire.bad_input'],
  [['10.0.0.0/8'], 'wire.bad_input'],
  [new Date(0), 'wire.bad_input'],
  [() => '10.0.0.0/8', 'wire.bad_input'],
  [Symbol('10.0.0.0/8'), 'wire.bad_input'],
  [Buffer.from('10.0.0.0/8'), 'wire.bad_input'],
  [new Map(), 'wire.bad_input'],
  [new Ranges(['10.0.0.0/8']), 'wire.bad_input'],
  [new RangeSet(['10.0.0.0/8']), 'wire.bad_input'],
  [new LookupTable({ '10.0.0.0/8': 1 }), 'wire.bad_input'],
  [new Snapshot([]), 'wire.bad_input'],
];

test('what is no range, wherever one belongs', () => {
  for (const [value, expected] of NO_RANGES) {
    const isIpv6 = typeof value === 'string' && value.includes(':') && !value.includes('-');
    const calls = {
      Range: () => new Range(value),
      Ranges: () => new Ranges([value]),
      'second of Ranges': () => new Ranges([isIpv6 ? '::/0' : '1.0.0.0/8', value]),
      mergeRanges: () => mergeRanges([value]),
      aggregate: () => aggregate([value]),
      contains: () => new Range(isIpv6 ? '::/0' : '1.0.0.0/8').contains(value),
      RangeSet: () => new RangeSet([value]),
      'RangeSet.contains': () => new RangeSet([]).contains(value),
      containsEach: () => new RangeSet([]).containsEach([value]),
      LookupTable: () => new LookupTable([[value, 1]]),
      includes: () => new Ranges([]).includes(value),
      compare: () => Range.compare(value, '10.0.0.0/8'),
    };
    for (const [name, call] of Object.entries(calls)) {
      assert.equal(code(call), expected, `${name}: ${inspect(value)}`);
    }
  }
});

test('a line break in a text never makes two ranges of it', () => {
  const smuggled = '10.0.0.0/25\n10.0.0.128/25';
  const calls = [
    () => new Ranges([smuggled]),
    () => mergeRanges([smuggled]),
    () => aggregate([smuggled]),
    () => new RangeSet(smuggled),
    () => WIDE.checkPlan([smuggled]),
    () => new LookupTable([[smuggled, 1]]),
    () => new RangeSet(['10.0.0.0/8']).containsEach([smuggled]),
    () => new LookupTable({ '10.0.0.0/8': 1 }).getEach(['10.0.0.1\n10.0.0.2']),
    () => new Ranges(['10.0.0.0/8\n']),
    () => new Ranges(['\n10.0.0.0/8']),
    () => new Ranges(['\n']),
  ];
  for (const [place, call] of calls.entries()) {
    assert.equal(code(call), 'wire.bad_input', String(place));
  }
  const single = [() => new Range(smuggled), () => WIDE.contains(smuggled), () => new Range('10.0.0.0\n', '10.0.0.9')];
  for (const call of single) {
    assert.match(code(call), /^ipam\./);
  }
});

test('a list is a list', () => {
  const arrayLike = { length: 1, 0: '10.0.0.0/8' };
  for (const wrong of ['10.0.0.0/8', new Range('10.0.0.0/8'), 5, 5n, null, undefined, {}, arrayLike, new Snapshot([])]) {
    for (const read of [(list) => new Ranges(list), mergeRanges, aggregate, (list) => WIDE.checkPlan(list)]) {
      assert.equal(code(() => read(wrong)), 'wire.bad_input', inspect(wrong));
    }
  }
  for (const wrong of ['10.0.0.0/8', WIDE, 5, null, undefined, new Date(0), new Snapshot([])]) {
    assert.equal(code(() => new LookupTable(wrong)), 'wire.bad_input', inspect(wrong));
  }
  for (const pair of [['10.0.0.0/8'], ['10.0.0.0/8', 1, 2], 'ab', null, 5, {}]) {
    assert.equal(code(() => new LookupTable([pair])), 'wire.bad_input', inspect(pair));
  }
});

test('iterables are read once, and what they throw is thrown', () => {
  function* once() {
    yield '10.0.0.0/25';
    yield new Range('10.0.0.128/25');
  }
  assert.equal(mergeRanges(once(), 24), '10.0.0.0/24');
  const closed = once();
  closed.return();
  assert.equal(new Ranges(closed).length, 0);
  const pieces = WIDE.split(18)[Symbol.iterator]();
  assert.deepEqual(pieces.next(), { done: false, value: '10.0.0.0/18' });
  pieces.return();
  assert.deepEqual([pieces.next().done, new Ranges(pieces).length], [true, 0]);
  const breaks = new TypeError('mine');
  function* broken() {
    yield '10.0.0.0/8';
    throw breaks;
  }
  assert.throws(() => new Ranges(broken()), breaks);
  assert.throws(() => new LookupTable(broken()), CounterfoilError);
  // A list that changes while it is read is read as an array is.
  const growing = ['10.0.0.0/25', { toString: () => (growing.push('10.0.0.128/25'), '10.0.0.128/25') }];
  assert.equal(code(() => mergeRanges(growing)), 'ipam.merge_not_contiguous');
});

test('objects of other libraries are taken by their text', () => {
  class Cidr {
    toString() {
      return '10.0.0.0/24';
    }
  }
  assert.equal(String(new Range(new Cidr())), '10.0.0.0/24');
  assert.deepEqual(new Ranges([new Cidr(), WIDE]).texts(), ['10.0.0.0/24', '10.0.0.0/16']);
  assert.ok(new RangeSet(new Cidr()).contains(new Cidr()));
});

test('handles of one class are refused where another belongs', () => {
  const set = new RangeSet(['10.0.0.0/8']);
  const others = [new Snapshot([]), new LookupTable({ '10.0.0.0/8': 1 }), new Date(0), {}, 5];
  for (const other of others) {
    assert.equal(code(() => set.union(other)), 'wire.bad_input', inspect(other));
    assert.equal(set.equals(other), false);
    assert.equal(WIDE.equals(other), false);
    assert.equal(WIDE.split(18).equals(other), false);
  }
  assert.equal(new LookupTable({}).equals(set), false);
  assert.equal(WIDE.split(18).equals(new RangeSet(WIDE)), false);
  // What only looks like a handle is none.
  for (const made of [RangeSet, Ranges, LookupTable].map((of) => Object.create(of.prototype))) {
    assert.throws(() => new Range('10.0.0.0/8').contains(made), CounterfoilError);
    assert.equal(new RangeSet([]).equals(made), false);
  }
});

test('families never mix', () => {
  const [four, six] = [new Range('10.0.0.0/8'), new Range('::/0')];
  const calls = [
    () => four.contains(six), () => four.overlaps('::1'), () => new Range('10.0.0.1', '::1'),
    () => new RangeSet([four]).union([six]), () => new RangeSet([four]).isSubsetOf(six),
    () => new RangeSet([four], { family: 'ipv6' }), () => new LookupTable([[four, 1], [six, 2]]),
    () => new LookupTable([[four, 1]]).get('::1'), () => new LookupTable([[four, 1]]).getEach(['10.0.0.1', '::1']),
    () => four.checkPlan(six.split(1)), () => mergeRanges([four, six]), () => new Ranges([four, six]),
    () => new RangeSet([four]).containsEach([six]), () => RangeSet.read('::/0', { family: 'ipv4' }),
  ];
  for (const [place, call] of calls.entries()) {
    assert.equal(code(call), 'ipam.mixed_families', String(place));
  }
  assert.ok(!four.equals(six) && !new RangeSet([four]).equals(new RangeSet([six])));
  assert.deepEqual([six, four, WIDE].sort(Range.compare).map(String), ['10.0.0.0/16', '10.0.0.0/8', '::/0']);
});

test('options that there are not, are refused', () => {
  for (const options of [{ ofset: 1 }, 5, 'portal', ['portal'], { __proto__: null, Limit: 1 }, new Range('10.0.0.0/8')]) {
    assert.equal(code(() => WIDE.split(24, options)), 'wire.bad_input', inspect(options));
    assert.equal(code(() => new RangeSet([], options)), 'wire.bad_input', inspect(options));
  }
  assert.equal(WIDE.split(24, JSON.parse('{"limit": 3}')).length, 3);
  assert.equal(code(() => WIDE.split(24, JSON.parse('{"__proto__": 3}'))), 'wire.bad_input');
  assert.equal(code(() => new Range('10.0.0.0/8', undefined, 8)), 'wire.bad_input');
});

test('a plan tells all that is wrong', () => {
  const of = new Range('10.0.0.0/24');
  const wrong = of.planViolations(['9.0.0.9-9.0.0.1/33', '10.0.0.0-10.0.0.200/25', '10.0.0.200-10.0.1.0/7']);
  assert.deepEqual(wrong.map((each) => each.code), [
    'ipam.plan_start', 'ipam.plan_end', 'ipam.plan_length', 'ipam.plan_reversed', 'ipam.plan_not_contiguous',
    'ipam.plan_shorter', 'ipam.plan_not_contiguous', 'ipam.plan_not_one_network',
  ]);
  assert.ok(wrong.every((each) => each instanceof CounterfoilError));
  assert.ok(wrong[3].details.index === '0' && wrong[0].messageIn('zh').includes('方案'));
  assert.equal(code(() => of.checkPlan([])), 'ipam.empty_plan');
  assert.equal(WIDE.checkPlan(WIDE.split(26)).length, 1024);
  assert.equal(code(() => WIDE.checkPlan(WIDE.split(26), { limit: 1023 })), 'ipam.plan_too_long');
});

test('handles never change, and show what they are', () => {
  const pieces = WIDE.split(18);
  pieces.texts().length = 0;
  new Ranges(pieces.texts()).texts().push('10.0.0.0/8');
  assert.equal(pieces.texts().length, 4);
  assert.equal(inspect(WIDE), "Range '10.0.0.0/16'");
  assert.equal(inspect(WIDE.split(17)), "Ranges [ '10.0.0.0/17', '10.0.128.0/17' ]");
  assert.match(inspect(WIDE.split(24)), /^Ranges \[ '10\.0\.0\.0\/24', .*, \.\.\. 256 in all \]$/);
  assert.match(inspect(new Range('::/0').split(128)), /340282366920938463463374607431768211456 in all/);
  assert.equal(inspect(new RangeSet(WIDE)), "RangeSet { '10.0.0.0/16' }");
  assert.equal(inspect(new LookupTable({ '10.0.0.0/8': 1 })), 'LookupTable of 1 networks of ipv4');
  assert.equal(inspect([new Ranges([]), new RangeSet()]), '[ Ranges [], RangeSet {} ]');
});
