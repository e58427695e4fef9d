'use strict';

// Ranges as handles: the same as the operations by their names, on every case of small worlds and on the vectors.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { LookupTable, Range, RangeSet, Ranges, aggregate, evaluate, mergeRanges } = require('..');
const { described, told } = require('./support/ranges');
const { stringify } = require('./support/vectors');

/** What an operation answers, or the code of its error. */
function operation(name, input) {
  const answer = JSON.parse(evaluate(`ipam.${name}`, stringify(input)));
  return answer.ok ?? { code: answer.error.code, details: answer.error.details };
}

/** Every range in a network of sixteen addresses, with its tightest label and with the label of a /24. */
function* world() {
  for (let first = 96; first < 112; first += 1) {
    for (let last = first; last < 112; last += 1) {
      const tightest = new Range(`10.0.0.${first}`, `10.0.0.${last}`);
      yield String(tightest);
      yield `10.0.0.${first}-10.0.0.${last}/24`;
    }
  }
}

test('every range of a small world is what the operation says', () => {
  for (const text of world()) {
    const range = new Range(text);
    assert.deepEqual(described(range), operation('range', { range: String(range) }));
    assert.deepEqual(range.prefixes(), operation('cidrs', { range: text }).prefixes);
    assert.ok(range.equals(new Range(range.first, range.last, range.prefixLen)) && range.equals(new Range(range)));
    assert.equal(range.toJSON(), String(range));
  }
});

test('every split of a small world is what the operation says', () => {
  for (const text of world()) {
    const range = new Range(text);
    for (let length = 23; length <= 33; length += 1) {
      const said = operation('split', { range: String(range), length });
      const seen = told(() => range.split(length));
      if (!(seen instanceof Ranges)) {
        assert.deepEqual(seen, said, `${text} ${length}`);
        continue;
      }
      assert.deepEqual(seen.texts(), said.pieces);
      assert.deepEqual([...seen], said.pieces);
      assert.deepEqual(said.pieces.map((_, place) => seen.at(place)), said.pieces);
      assert.deepEqual([seen.length, seen.pieceCount, seen.size], [said.pieces.length, BigInt(said.count), range.size]);
      assert.ok(said.pieces.every((piece) => seen.includes(piece)) && new Ranges(seen.texts()).equals(seen));
      assert.equal(seen.merge(range.prefixLen), String(range));
      assert.deepEqual(range.split(length, { offset: 2, limit: 3n }).texts(), said.pieces.slice(2, 5));
    }
  }
});

test('every mini split of a small world is what the operation says, and a plan', () => {
  for (const text of world()) {
    const range = new Range(text);
    for (const length of [24, 26, 28, 29, 30, 32]) {
      for (const diff of [0, 1, 2, 3, 10, 11]) {
        const said = operation('mini_split', { range: String(range), length, diff });
        const seen = told(() => range.miniSplit(length, diff));
        assert.deepEqual(seen instanceof Ranges ? seen.texts() : seen, said.pieces ?? said, `${text} ${length} ${diff}`);
        if (seen instanceof Ranges) {
          assert.ok(range.checkPlan(seen).equals(seen) && range.checkPlan(seen.texts()).equals(seen));
          assert.deepEqual(range.planViolations(seen), []);
        }
      }
    }
  }
});

test('slices and places are those of an array', () => {
  const pieces = new Range('10.0.0.1-10.0.0.254/24').split(28);
  const array = pieces.texts();
  for (const kept of [pieces, new Ranges(array)]) {
    for (let start = -18; start <= 18; start += 1) {
      assert.equal(kept.at(start), array.at(start));
      assert.equal(kept.at(BigInt(start)), array.at(start));
      assert.deepEqual(kept.slice(start).texts(), array.slice(start));
      for (let end = -18; end <= 18; end += 1) {
        assert.deepEqual(kept.slice(start, end).texts(), array.slice(start, end));
        assert.deepEqual(kept.slice(1, -1).slice(start, end).texts(), array.slice(1, -1).slice(start, end));
      }
    }
  }
});

/** Sets of five addresses, as numbers and as a set: all of them. */
const SETS = Array.from({ length: 32 }, (_, bits) => {
  const model = [0, 1, 2, 3, 4].filter((place) => (bits >> place) & 1);
  return { model: new Set(model), set: new RangeSet(model.map((place) => `10.0.0.${250 + place}`)) };
});

/** The addresses of a set, as numbers. */
function members(set) {
  const last = (address) => Number(address.split('.')[3]) - 250;
  return [...set].flatMap((text) => {
    const { first, size } = new Range(text);
    return Array.from({ length: Number(size) }, (_, place) => last(first) + place);
  });
}

test('all pairs of small sets are sets of addresses', () => {
  const sorted = (model) => [...model].sort((one, other) => one - other);
  for (const { model: a, set: one } of SETS) {
    assert.deepEqual(members(one), sorted(a));
    assert.deepEqual([one.size, one.isEmpty], [BigInt(a.size), a.size === 0]);
    assert.deepEqual(one.cidrs().texts(), aggregate(one).texts());
    assert.deepEqual([one.prefixCount, one.rangeCount], [BigInt(one.prefixes().length), BigInt(one.ranges().length)]);
    const places = [0, 1, 2, 3, 4, 5];
    const asked = places.map((place) => `10.0.0.${250 + place}`);
    assert.deepEqual(one.containsEach(asked), places.map((place) => a.has(place)));
    if (a.size > 0) {
      assert.equal(one.complement().size, 2n ** 32n - one.size);
      assert.ok(one.complement().complement().equals(one) && one.complement().isDisjointFrom(one));
    }
    for (const { model: b, set: other } of SETS) {
      assert.deepEqual(members(one.union(other)), sorted(new Set([...a, ...b])));
      assert.deepEqual(members(one.intersection([...other])), sorted([...a].filter((place) => b.has(place))));
      assert.deepEqual(members(one.difference(other.ranges())), sorted([...a].filter((place) => !b.has(place))));
      const either = [...[...a].filter((place) => !b.has(place)), ...[...b].filter((place) => !a.has(place))];
      assert.deepEqual(members(one.symmetricDifference(other)), sorted(either));
      const inside = [...a].every((place) => b.has(place));
      assert.deepEqual([one.isSubsetOf(other), other.isSupersetOf(one)], [inside, inside]);
      assert.equal(one.isDisjointFrom(other), ![...a].some((place) => b.has(place)));
      assert.equal(one.equals(other), one === other);
    }
  }
});

test('a lookup finds the longest of any networks, by a search through all', () => {
  const networks = [28, 29, 30, 31, 32].flatMap((length) => new Range('10.0.0.0/28').split(length).texts());
  const length = (network) => Number(network.split('/')[1]);
  for (let seed = 1; seed <= 200; seed += 1) {
    const some = networks.filter((_, place) => (Math.imul(seed, 2654435761 + place * 40503) >>> 13) & 1);
    const networksOf = new Map(some.map((network) => [network, { network }]));
    const table = new LookupTable(seed % 2 ? networksOf : [...networksOf].reverse());
    const asked = Array.from({ length: 20 }, (_, place) => `10.0.0.${place}`);
    const longest = asked.map((address) => {
      const inside = some.filter((network) => new Range(network).contains(address));
      return inside.sort((one, other) => length(other) - length(one));
    });
    const values = longest.map(([first]) => networksOf.get(first));
    assert.deepEqual(table.getEach(asked), values);
    assert.deepEqual(asked.map((address) => table.get(address, 'no')), values.map((value) => value ?? 'no'));
    assert.deepEqual(asked.map((address) => table.matches(address).map((match) => match.network)), longest);
    assert.ok(table.entries().every(([network, value]) => value === networksOf.get(network)));
    assert.deepEqual([table.length, new Map(table)], [networksOf.size, networksOf]);
    assert.ok(table.equals(new LookupTable(table)) && (some.length === 0 || !table.equals(new LookupTable([]))));
  }
});

test('handles are passed to operations', () => {
  const counterfoil = require('..');
  const range = new Range('10.0.0.0/24');
  assert.deepEqual(counterfoil.ipam.aggregate({ ranges: range.split(26) }).prefixes, ['10.0.0.0/24']);
  assert.deepEqual(counterfoil.ipam.aggregate({ ranges: new RangeSet(range) }).prefixes, ['10.0.0.0/24']);
  assert.deepEqual(counterfoil.ipam.split({ range: String(range), length: 25 }).pieces, range.split(25).texts());
  const table = new LookupTable({ '10.0.0.0/8': 'campus' });
  assert.equal(counterfoil.ipam.lookup({ ...table.toJSON(), addresses: ['10.1.0.0'] }).matches[0].value, 'campus');
  const written = JSON.stringify({ range, pieces: range.split(25) });
  assert.equal(written, '{"range":"10.0.0.0/24","pieces":["10.0.0.0/25","10.0.0.128/25"]}');
});

test('splits of IPv6 are counted exactly and cost nothing', () => {
  const all = new Range('::/0').split(128);
  assert.deepEqual([all.pieceCount, all.size, new Range('::/0').size], [2n ** 128n, 2n ** 128n, 2n ** 128n]);
  assert.equal(all.at(2n ** 127n), '8000::/128');
  assert.equal(all.at(-1), 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128');
  assert.equal(all.at(2n ** 128n), undefined);
  assert.ok(all.includes('::7') && !all.includes('::/127') && !all.includes('10.0.0.0/8'));
  assert.deepEqual([all.slice(2n ** 127n).pieceCount, all.slice(-3).texts().length], [2n ** 127n, 3]);
  assert.equal(new RangeSet(all).size, 2n ** 128n);
  assert.equal(told(() => all.length).code, 'wire.bad_input');
  for (const call of [() => all.texts(), () => mergeRanges(all), () => aggregate(all)]) {
    assert.equal(told(call).code, 'ipam.too_many_pieces');
  }
  const [first] = all;
  assert.equal(first, '::/128');
  assert.ok(all.equals(new Range('::/0').split(128)) && !all.equals(all.slice(1)));
});

test('a merge is that of the operation, in any order', () => {
  for (const text of world()) {
    const range = new Range(text);
    const length = Math.max(30, Number(range.prefixLen));
    const pieces = range.split(length).texts();
    const shuffled = pieces.toSorted((one, other) => (one < other ? 1 : -1));
    for (const of of [pieces, shuffled, new Ranges(shuffled), range.split(length), new Set(pieces)]) {
      assert.equal(mergeRanges(of, range.prefixLen), String(range));
    }
  }
  assert.equal(told(() => mergeRanges(['10.0.0.0/24', '10.0.2.0/24'])).code, 'ipam.merge_not_contiguous');
  assert.equal(told(() => mergeRanges([])).code, 'ipam.empty_merge');
});
