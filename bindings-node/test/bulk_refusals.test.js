'use strict';

// What is no table, and what means nothing: refused with its place, and never taken for something else.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { CounterfoilError, bulk } = require('..');
const { CARD, OPTIONS, usage } = require('./support/usage');

const rater = new bulk.Rater(CARD, OPTIONS);

/** Fails unless it is our error, with the code. */
function refuses(code) {
  return (/** @type {any} */ error) => {
    assert.ok(error instanceof CounterfoilError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

test('tables that are none are refused with their place', async () => {
  const good = usage(3);
  const bad = [
    [{ ...good, cpu: new Float64Array(3) }, 'arrow.float_column', /`cpu` is Float64Array/],
    [{ ...good, cpu: new Float32Array(3) }, 'arrow.float_column', /Float32Array/],
    [{ ...good, cpu: [1, 2.5, 3] }, 'money.float', /2\.5/],
    [{ ...good, cpu: [1, Number.NaN, 3] }, 'money.float', /NaN/],
    [{ ...good, cpu: [1, -0, 3] }, 'money.float', /-0/],
    [{ ...good, cpu: [1, 2 ** 53, 3] }, 'money.float', /9007199254740992/],
    [{ ...good, cpu: [1, 2n ** 63n, 3] }, 'wire.bad_input', /table\.cpu\[1\].*64 bits/],
    [{ ...good, cpu: [1, '2', 3] }, 'wire.bad_input', /table\.cpu\[1\]/],
    [{ ...good, cpu: [1, new Date(Number.NaN), 3] }, 'wire.bad_input', /invalid `Date`/],
    [{ ...good, cpu: new Int32Array(2) }, 'wire.bad_input', /table\.cpu.*2 rows.*3/],
    [{ ...good, cpu: new Uint8ClampedArray(3) }, 'wire.bad_input', /Uint8ClampedArray/],
    [{ ...good, cpu: 7 }, 'wire.bad_input', /table\.cpu/],
    [{ ...good, cpu: null }, 'wire.bad_input', /table\.cpu/],
    [{ ...good, cpu: undefined }, 'arrow.missing_column', /`cpu`/],
    [{ ...good, cpu: { values: new Int32Array(3), valid: new Uint8Array(2) } }, 'wire.bad_input', /table\.cpu\.valid/],
    [{ ...good, kind: ['server', 5, 'disk'] }, 'wire.bad_input', /table\.kind\[1\]/],
    [{ ...good, kind: ['server', '\ud800', 'disk'] }, 'wire.bad_input', /table\.kind\.words\[1\].*surrogate/],
    [{ ...good, kind: { codes: Int32Array.of(0, 1, 9), words: ['server', 'disk'] } }, 'wire.bad_input', /table\.kind/],
    [{ ...good, kind: { codes: BigInt64Array.of(0n, 0n, 0n), words: ['server'] } }, 'wire.bad_input', /32 bits/],
    [{ ...good, kind: { codes: [0, 0, 0], words: ['server'] } }, 'wire.bad_input', /table\.kind\.codes/],
    [{ ...good, mode: new Int16Array(3) }, 'arrow.column_type', /`mode`/],
    [{ ...good, start: new Int32Array(3) }, 'arrow.column_type', /`start`/],
    [{}, 'arrow.missing_column', /`start`/],
    [[good], 'wire.bad_input', /`table`/],
    [null, 'wire.bad_input', /`table`/],
    [new Int32Array(3), 'wire.bad_input', /`table`/],
    ['nothing', 'wire.bad_input', /`table`/],
  ];
  for (const [table, code, message] of bad) {
    await assert.rejects(
      rater.rate(table),
      (error) => refuses(code)(error) && (assert.match(error.message, message), true),
    );
  }
  assert.throws(() => rater.row(good, 3), refuses('bulk.unknown_id'));
  for (const row of [-1, 1.5, 2 ** 32, '1', Number.NaN]) {
    assert.throws(() => rater.row(good, row), refuses('wire.bad_input'));
  }
  assert.throws(
    () => rater.row({ ...good, cpu: [-1, -1, -1], kind: ['server', 'server', 'server'] }, 0),
    refuses('units.negative'),
  );
});

test('options that mean nothing are refused', async () => {
  const make = (more) => () => new bulk.Rater(CARD, { ...OPTIONS, ...more });
  for (const [more, code] of [
    [{ rounded: 'portal' }, 'wire.bad_input'],
    [{ rounding: 'up' }, undefined],
    [{ rounding: 2 }, 'wire.bad_input'],
    [{ quantities: { cpu: 'cores' } }, undefined],
    [{ quantities: { cpu: 7 } }, 'wire.bad_input'],
    [{ quantities: 'cpu' }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', scale: -1 } } }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', scale: 99 } } }, 'bulk.bad_scale'],
    [{ quantities: { cpu: { unit: 'core', constant: 1n, scale: 2 } } }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', constant: 2n ** 64n } } }, 'wire.bad_input'],
    [{ quantities: { cpu: { unit: 'core', parts: 'x' } } }, 'wire.bad_input'],
    [{ window: new Date() }, 'wire.bad_input'],
    [{ window: '2024-02-30' }, undefined],
    [{ window: undefined }, 'wire.bad_input'],
    [{ money: 'float' }, 'wire.bad_input'],
    [{ spans: 'tree' }, 'wire.bad_input'],
    [{ passed: ['a', 'a'] }, 'arrow.repeated_column'],
    [{ passed: 3 }, 'wire.bad_input'],
    [{ kind: 'server', tariffs: [{ kind: 'server', at: '2024-02-20T00:00:00Z' }] }, 'wire.bad_input'],
    [{ tariffs: ['server'] }, 'wire.bad_input'],
  ]) {
    assert.throws(make(more), (error) => refuses(code ?? error.code)(error));
  }
  for (const card of [7, null, undefined, 'revision = 1', { revision: 1 }, []]) {
    assert.throws(
      () => new bulk.Rater(card, OPTIONS),
      (error) => refuses(error.code)(error),
    );
  }
  for (const options of [
    { threads: 0 },
    { threads: -1 },
    { threads: 2 ** 32 },
    { threads: 1.5 },
    { thread: 2 },
    { signal: {} },
    { progress: 7 },
    null,
    7,
  ]) {
    await assert.rejects(rater.rate(usage(3), options), refuses('wire.bad_input'));
  }
  for (const wrong of [{}, new Map(), Object.create(bulk.Rater.prototype)]) {
    assert.throws(() => bulk.Rater.prototype.row.call(wrong, usage(1), 0), TypeError);
  }
});

test('faults are of what came out alone', () => {
  assert.throws(() => bulk.faults(usage(3)), refuses('arrow.missing_column'));
});
