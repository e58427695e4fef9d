'use strict';

// The examples of handles run, line by line, and answer what they say behind `// =>`.

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const vm = require('node:vm');
const counterfoil = require('..');

const LIB = join(__dirname, '..', 'lib');
const FOLDERS = ['ipam', 'metering', 'placement', 'pricing', 'wallet'];
const EXAMPLE = /@example\n((?: *\* (?! *Rule|@).*\n)+)/g;

for (const folder of FOLDERS) {
  test(`the examples of ${folder}`, () => {
    const files = readdirSync(join(LIB, folder)).filter((file) => file.endsWith('.d.ts'));
    const declarations = files.map((file) => readFileSync(join(LIB, folder, file), 'utf8')).join('');
    const examples = [...declarations.matchAll(EXAMPLE)];
    assert.equal(examples.length, declarations.split('@example').length - 1);
    const counts = examples.map(([, lines]) => answersOf(lines.replaceAll(/^ *\* /gm, '')));
    assert.ok(counts.length > 0 && counts.every((count) => count > 0));
  });
}

/** Runs an example; how many answers it says. */
function answersOf(example) {
  const context = vm.createContext({ ...counterfoil });
  const lines = example
    .trimEnd()
    .replaceAll(/\n\/\/ =>/g, ' // =>')
    .split('\n');
  let count = 0;
  for (const line of lines) {
    const [statement, answer] = line.split(' // => ');
    const given = vm.runInContext(statement, context);
    if (answer !== undefined) {
      assert.deepEqual(plain(given), plain(vm.runInContext(`(${answer})`, context)), line);
      count += 1;
    }
  }
  return count;
}

/** Without the prototypes of another realm. */
function plain(value) {
  if (Array.isArray(value)) {
    return Array.from(value, plain);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}
