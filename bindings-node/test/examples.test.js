'use strict';

// The examples in the declarations run, and answer what they say.

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const vm = require('node:vm');
const counterfoil = require('..');

const FOLDER = join(__dirname, '..', 'lib', 'operations');
/** The lines of an example: a call, and behind `// =>` what it answers. */
const EXAMPLE = /@example\n((?: \* .*\n)+)/g;

for (const file of readdirSync(FOLDER).filter((file) => file.endsWith('.d.ts') && file !== 'shared.d.ts')) {
  test(`the examples of ${file}`, () => {
    const declarations = readFileSync(join(FOLDER, file), 'utf8');
    const examples = [...declarations.matchAll(EXAMPLE)].map(([, lines]) => lines.replaceAll(/^ \* ?/gm, ''));
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const [call, ...more] = example.split(/^\/\/ =>/m);
      assert.equal(more.length, 1, example);
      const answer = more[0].replaceAll(/^\/\/ /gm, '');
      const isPart = /…,?\s*\}\s*$/.test(answer);
      const run = (text) => vm.runInNewContext(`(${text.trim().replace(/;$/, '')})`, { ...contexts() });
      const told = plain(run(call));
      const shown = plain(run(answer.replace(/…,?/, '')));
      const seen = isPart ? Object.fromEntries(Object.keys(shown).map((key) => [key, told[key]])) : told;
      assert.deepEqual(seen, shown, example);
    }
  });
}

function contexts() {
  return Object.fromEntries(Object.entries(counterfoil).filter(([, value]) => typeof value === 'object'));
}

/** Without the prototypes of another realm, and with those that are none. */
function plain(value) {
  if (Array.isArray(value)) {
    return Array.from(value, plain);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}
