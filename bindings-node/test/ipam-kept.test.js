'use strict';

// Sets and tables: what is taken and refused, and the family of what has none.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const { LookupTable, RangeSet } = require('..');
const { code } = require('./support/refused');

test('sets without addresses have the family of what they meet', () => {
  const empty = new RangeSet();
  assert.ok(empty.equals(new RangeSet([], { family: 'ipv6' })) && empty.isEmpty && empty.size === 0n);
  assert.deepEqual([empty.family, new RangeSet([], { family: 'ipv6' }).family], [null, 'ipv6']);
  const six = new RangeSet([], { family: 'ipv6' });
  assert.deepEqual([new RangeSet(six).family, new RangeSet(six, { family: 'ipv6' }).family], ['ipv6', 'ipv6']);
  assert.equal(code(() => new RangeSet(six, { family: 'ipv4' })), 'ipam.mixed_families');
  assert.equal(empty.union('::/0').family, 'ipv6');
  assert.ok(new RangeSet(['10.0.0.0/8']).difference([]).equals(new RangeSet(['10.0.0.0/8'])));
  assert.equal(code(() => empty.complement()), 'wire.bad_input');
  assert.equal(new RangeSet([], { family: 'ipv6' }).complement().size, 2n ** 128n);
  assert.equal(code(() => new RangeSet([], { family: 'ipv5' })), 'ipam.unknown_word');
  assert.equal(code(() => new RangeSet(['10.0.0.1-10.0.0.254']).cidrs(13)), 'ipam.too_many_prefixes');
  assert.equal(code(() => new RangeSet(null)), 'wire.bad_input');
});

test('keys of a table are networks, and no members of an object', () => {
  const sly = JSON.parse('{"__proto__": 1}');
  assert.equal(code(() => new LookupTable(sly)), 'ipam.address');
  assert.equal(code(() => new LookupTable(new Map([['__proto__', 1]]))), 'ipam.address');
  assert.equal(code(() => new LookupTable(new Map([[{}, 1]]))), 'wire.bad_input');
  assert.equal(code(() => new LookupTable({ '10.0.0.0-10.0.0.9': 1 })), 'ipam.not_a_network');
  assert.equal(code(() => new LookupTable([['10.0.0.0/8', 1], ['10.0.0.0/8', 2]])), 'ipam.duplicate_range');
  const values = [undefined, null, NaN, Symbol('one'), { __proto__: null }];
  const table = new LookupTable(values.map((value, place) => [`10.${place}.0.0/16`, value]).reverse());
  assert.deepEqual(table.getEach(values.map((_, place) => `10.${place}.0.1`)), values);
  assert.ok(table.equals(new LookupTable(table)) && table.has('10.0.0.1') && !table.has('11.0.0.0'));
  for (const address of ['10.0.0.0/8', '10.0.0.01', '', '10.0.0.1 ', 'fe80::1%eth0', 5, {}, null, undefined, '\ud800']) {
    const calls = [
      () => table.get(address),
      () => table.has(address),
      () => table.matches(address),
      () => table.getEach([address]),
    ];
    for (const call of calls) {
      assert.match(code(call), /^(ipam\.(address|mixed_families)|wire\.bad_input)$/, inspect(address));
    }
  }
});

test('a table of no networks has no family, and no address in it', () => {
  for (const none of [{}, [], new Map()]) {
    const table = new LookupTable(none);
    for (const address of ['10.0.0.1', '::1']) {
      assert.deepEqual([table.get(address), table.get(address, 'x'), table.has(address)], [undefined, 'x', false]);
      assert.deepEqual([table.longestMatch(address), table.matches(address)], [null, []]);
    }
    assert.deepEqual(table.getEach(['10.0.0.1', '::1']), [undefined, undefined]);
    assert.deepEqual([table.family, table.length, [...table], inspect(table)], [null, 0, [], 'LookupTable of 0 networks']);
    for (const call of [() => table.get('10.0.0'), () => table.getEach(['::g']), () => table.matches('10.0.0.0/8')]) {
      assert.equal(code(call), 'ipam.address');
    }
  }
  assert.throws(() => new LookupTable({ '10.0.0.0/8\n': 1 }), { code: 'wire.bad_input', message: /`networks`/ });
});

test('blocks of text, and of bytes', () => {
  const text = '# all\n10.0.0.0/8\r\n\n 11.0.0.0-11.0.0.255 # lab\n10.0.0.1\n';
  const bytes = new TextEncoder().encode(text);
  const part = new Uint8Array([1, ...bytes, 2]).subarray(1, -1);
  for (const block of [text, bytes, Buffer.from(text), bytes.buffer, new DataView(bytes.buffer), part]) {
    assert.deepEqual(RangeSet.read(block, { family: 'ipv4' }).toJSON(), ['10.0.0.0-11.0.0.255/7']);
  }
  assert.throws(() => RangeSet.read(`${text}010.0.0.0/8\n`, { family: 'ipv4' }), (error) => {
    assert.deepEqual([error.code, error.details.line], ['ipam.address', '6']);
    return true;
  });
  assert.equal(RangeSet.read('10.0.0.9/24', { family: 'ipv4', reading: 'lenient' }).size, 256n);
  assert.equal(code(() => RangeSet.read('10.0.0.0/8', { family: 'ipv4', reading: 'my own' })), 'ipam.unknown_word');
  assert.equal(code(() => RangeSet.read(new Uint8Array([0xff, 0xfe]), { family: 'ipv4' })), 'ipam.format');
  for (const wrong of [5, null, ['10.0.0.0/8'], {}, '\ud800']) {
    assert.equal(code(() => RangeSet.read(wrong, { family: 'ipv4' })), 'wire.bad_input', inspect(wrong));
  }
  assert.equal(code(() => RangeSet.read('10.0.0.0/8')), 'wire.bad_input');
});
