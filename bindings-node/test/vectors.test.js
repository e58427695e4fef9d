'use strict';

// The vectors: the same files, the same number, the same answers as in Rust and Python.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const counterfoil = require('..');
const { COUNT, files, parse, stringify } = require('./support/vectors');
const { asPassed, functionOf, hasWholeFloat, isSame } = require('./support/typed');

test('as many as in Rust', () => {
  const count = files().reduce((count, { vectors }) => count + vectors.length, 0);
  assert.equal(count, COUNT);
});

for (const { name, vectors } of files()) {
  test(`${name}, by JSON text`, () => {
    for (const { id, op, input, expect } of vectors) {
      const answer = parse(counterfoil.evaluate(op, stringify(input)));
      if ('ok' in expect) {
        assert.deepEqual(answer, expect, id);
      } else {
        const { code, details } = answer.error;
        assert.deepEqual({ code, details }, expect.error, id);
      }
    }
  });

  test(`${name}, by the function of each operation`, () => {
    for (const { id, op, input, expect: written } of vectors) {
      // What is meant by `1.0` is what is answered to `1`.
      const expect = hasWholeFloat(input) ? JSON.parse(counterfoil.evaluate(op, JSON.stringify(asPassed(undefined, input)))) : written;
      const operation = functionOf(op);
      const call = () => operation(asPassed(operation.shapes.input, input));
      if ('ok' in expect) {
        const answer = call();
        const written = answer === null ? null : parse(operation.shapes.answer.write(answer));
        assert.ok(isSame(written, expect.ok), `${id}: ${stringify(written)}`);
      } else {
        assert.throws(call, (/** @type {any} */ error) => {
          assert.ok(error instanceof counterfoil.CounterfoilError, `${id}: ${error.stack}`);
          assert.equal(error.code, expect.error.code, id);
          if (error.code !== 'wire.bad_input') {
            assert.deepEqual({ ...error.details }, expect.error.details, id); // which tells a place in the text of JSON
          }
          return true;
        });
      }
    }
  });
}
