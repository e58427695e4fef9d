'use strict';

// The examples in the declarations of bulk run, and answer what they say.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { bulk } = require('..');

const EXAMPLE = /@example\n((?: *\* .*\n)+)/g;
const AsyncFunction = /** @type {any} */ (async () => {}).constructor;

const card = `
revision = "2024-02"
currency = "CNY"
rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
`;
const began = new Date('2024-02-20T12:00:00Z');
const usage = {
  kind: ['server', 'server'],
  mode: ['post_paid', 'pre_paid'],
  start: [began, began],
  end: null,
  cpu: [2, 8],
};
const rater = new bulk.Rater(card, { quantities: { cpu: 'core' }, rounding: 'portal', window: '2024-02-20' });

for (const [file, least] of Object.entries({ tables: 5, rating: 5, stating: 1 })) {
  test(`the examples of ${file}`, async () => {
    const text = readFileSync(join(__dirname, '..', 'lib', 'bulk', `${file}.d.ts`), 'utf8');
    const examples = [...text.matchAll(EXAMPLE)].map(([, lines]) => lines.replaceAll(/^ *\* ?/gm, ''));
    assert.ok(examples.length >= least);
    for (const example of examples) {
      const [code, answer, ...more] = example.split(/^\/\/ =>/m);
      assert.ok(answer !== undefined && more.length === 0, example);
      const lines = code.trimEnd().split('\n');
      const last = lines.findLastIndex((line) => !line.startsWith(' ') && !/^[\]})]/.test(line));
      lines[last] = `return ${lines[last]}`;
      const run = new AsyncFunction('bulk', 'card', 'usage', 'rater', `{ ${lines.join('\n')} }`);
      const given = [bulk, card, usage, rater];
      assert.deepEqual(
        await run(...given),
        await new AsyncFunction(`return ${answer.replaceAll(/^\/\/ /gm, '')}`)(),
        example,
      );
    }
  });
}
