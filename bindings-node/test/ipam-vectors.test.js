'use strict';

// The vectors of ranges, answered by handles.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { LookupTable, Range, RangeSet } = require('..');
const { described, told } = require('./support/ranges');
const { files } = require('./support/vectors');

/** The operations that a handle answers too, on the input of a vector. */
const AS_HANDLES = {
  range: ({ range }) => described(new Range(range)),
  split: ({ range, length, limits, most_pieces: mostPieces, most_longer_by: mostLongerBy, from, take }) => {
    const of = new Range(range);
    const offset = BigInt(from ?? 0);
    const all = of.split(length, { limits, mostPieces: mostPieces && BigInt(mostPieces), mostLongerBy });
    const page = all.slice(offset, offset + BigInt(Math.min(take ?? 10_000, 10_000)));
    const next = offset + page.pieceCount;
    return {
      count: String(all.pieceCount),
      unchanged: all.pieceCount === 1n && all.at(0) === String(of),
      pieces: page.texts(),
      next: next < all.pieceCount ? String(next) : null,
    };
  },
  mini_split: ({ range, length, diff }) => {
    const pieces = new Range(range).miniSplit(length, diff).texts();
    const lengths = pieces.map((piece) => Number(new Range(piece).prefixLen));
    return { count: pieces.length, of_length: lengths.filter((each) => each === length).length, pieces };
  },
  aggregate: ({ ranges, limit }) => prefixes(new RangeSet(ranges), limit),
  cidrs: ({ range, limit }) => prefixes(new RangeSet(range), limit),
  combine_sets: ({ how, left, right }) => {
    const method = how.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    return shown(new RangeSet(left)[method](new RangeSet(right)));
  },
  compare_sets: ({ left, right }) => {
    const [one, other] = [new RangeSet(left), new RangeSet(right)];
    return {
      equal: one.equals(other),
      overlap: !one.isDisjointFrom(other),
      left_covers_right: one.isSupersetOf(other),
      right_covers_left: one.isSubsetOf(other),
    };
  },
  lookup: ({ table, addresses }) => {
    const kept = new LookupTable(table.map(({ prefix, value }) => [prefix, value]));
    const matches = addresses.map((address) => kept.longestMatch(address));
    return { matches: matches.map((match) => match && { prefix: match.network, value: match.value }) };
  },
  matches: ({ table, address }) => {
    const kept = new LookupTable(table.map(({ prefix, value }) => [prefix, value]));
    return { matches: kept.matches(address).map(({ network: prefix, value }) => ({ prefix, value })) };
  },
  check_plan: ({ range, entries, limit, mode }) => {
    const of = new Range(range);
    if (mode === 'portal') {
      return { plan: of.checkPlan(entries, { limit }).texts(), codes: [] };
    }
    const violations = of.planViolations(entries, { limit });
    const plan = violations.length === 0 ? of.checkPlan(entries, { limit }).texts() : null;
    return { plan, codes: violations.map((each) => each.code) };
  },
};

function prefixes(set, limit) {
  const prefixes = set.prefixes(limit);
  return { count: prefixes.length, size: String(set.size), prefixes };
}

function shown(set) {
  const ranges = [...set].map((text) => `${new Range(text).first}-${new Range(text).last}`);
  return { ranges, size: String(set.size), prefix_count: Number(set.prefixCount) };
}

/** What a word of an operation chooses, a handle has a method for. */
const WORDS = ['mode', 'way to combine sets'];

/** Throws an error of a vector. */
function refuse({ code, details }) {
  throw Object.assign(new Error(code), { name: 'CounterfoilError', code, details });
}

/** What an operation answers about a plan, in the words of the handle. */
function asPlan(answer) {
  const { code, plan, violations } = answer;
  return code ? answer : { plan: plan?.pieces ?? null, codes: violations.map(({ error }) => error.code) };
}

test('the vectors that fit a handle', () => {
  const seen = {};
  for (const { vectors } of files().filter(({ name }) => name.startsWith('ipam/'))) {
    for (const { id, op, input, expect } of vectors) {
      const name = op.split('.')[1];
      const handle = AS_HANDLES[name];
      const code = expect.error?.code;
      // A handle has no input that is not understood, takes ranges of any shape, and a method for each word.
      const isItsOwn = code === 'wire.bad_input' || code === 'ipam.format' || WORDS.includes(expect.error?.details.what);
      if (handle === undefined || isItsOwn) {
        continue;
      }
      const answer = told(() => handle(input));
      const said = code ? told(() => refuse(expect.error)) : expect.ok;
      assert.deepEqual(answer, name === 'check_plan' ? asPlan(said) : said, id);
      seen[name] = (seen[name] ?? 0) + 1;
    }
  }
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(AS_HANDLES).sort());
});
