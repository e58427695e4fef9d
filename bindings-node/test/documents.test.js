'use strict';

// The examples of README.md run in order, and each line with `// =>` answers what it says.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { test } = require('node:test');

const README = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const BLOCKS = [...README.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
const ANSWER = /^(.*?);? \/\/ => (.*)$/gm;

test('the examples of the README', async () => {
  const said = [...README.matchAll(ANSWER)].length;
  assert.ok(BLOCKS.length > 1 && said > 4);
  const script = BLOCKS.join('\n').replaceAll(ANSWER, (_, expression, answer) => `said(${expression}, ${answer});`);
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  let count = 0;
  const check = (/** @type {unknown} */ told, /** @type {unknown} */ answer) => {
    assert.deepEqual(told, answer);
    count += 1;
  };
  // The package by its own name, as people load it.
  await new AsyncFunction('require', 'said', script)(createRequire(__filename), check);
  assert.equal(count, said);
});
