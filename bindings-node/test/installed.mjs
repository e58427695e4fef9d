// Run where the package was installed from its archive: by `import`, by `require` and in a worker thread.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import counterfoil, { CounterfoilError, money } from 'counterfoil';

const parts = () => money.allocate({ amount: '10.00', weights: ['1', '1', '1'], step: '0.01' }).parts;

if (isMainThread) {
  const required = createRequire(import.meta.url)('counterfoil');
  assert.equal(required, counterfoil);
  assert.equal(required.money, money);
  assert.throws(() => money.parse({ text: '1,5' }), CounterfoilError);
  assert.deepEqual(parts(), ['3.34', '3.33', '3.33']);
  const answers = await Promise.all([1, 2].map(() => answerOf(new Worker(new URL(import.meta.url)))));
  assert.deepEqual(answers, [parts(), parts()]);
  console.log(`works in ${decodeURI(new URL('.', import.meta.url).pathname)}, and in two workers of it`);
} else {
  assert.throws(() => money.parse({ text: '1,5' }), { code: 'money.not_a_decimal' });
  parentPort.postMessage(parts());
}

function answerOf(worker) {
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}
