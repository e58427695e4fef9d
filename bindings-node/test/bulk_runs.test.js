'use strict';

// Runs off the main thread: the event loop goes on, a signal stops them, progress is told, and nothing is half done.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const vm = require('node:vm');
const { CounterfoilError, bulk } = require('..');
const { CARD, OPTIONS, usage } = require('./support/usage');

const ROWS = 400_000;
const PACKAGE = require.resolve('..');
const SUPPORT = require.resolve('./support/usage');
const rater = new bulk.Rater(CARD, OPTIONS);
const many = new bulk.Table(usage(ROWS, 2));
const some = usage(1_000, 4);

test('the event loop goes on while many rows are rated', async () => {
  let ticks = 0;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    ticks += 1;
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const began = performance.now();
  await rater.rate(many);
  const took = performance.now() - began;
  clearInterval(timer);
  // A timer of a millisecond on a busy machine: it ran all through, and never waited for the run.
  assert.ok(ticks >= 3, `${ticks} ticks in ${took} ms`);
  assert.ok(longest < took / 2, `the loop stood still for ${longest} of ${took} ms`);
});

test('progress is told in order, up to all rows', async () => {
  for (const threads of [1, 2]) {
    const seen = [];
    await rater.rate(many, { threads, progress: (rows, of) => seen.push([rows, of]) });
    assert.deepEqual(seen.at(-1), [ROWS, ROWS]);
    assert.ok(seen.length >= 2, `${seen}`);
    seen.forEach(([rows, of], place) => assert.ok(of === ROWS && (place === 0 || rows > seen[place - 1][0])));
    const told = seen.length;
    await sleep(80);
    assert.equal(seen.length, told);
  }
});

test('what progress throws is what the promise is rejected with', async () => {
  const thrown = new Error('as a test');
  const fail = () => {
    throw thrown;
  };
  const atTheEnd = (/** @type {number} */ rows, /** @type {number} */ of) => rows === of && fail();
  for (const progress of [fail, async () => fail(), atTheEnd, async (rows, of) => atTheEnd(rows, of)]) {
    await assert.rejects(rater.rate(some, { progress }), (error) => error === thrown);
  }
  await assert.rejects(rater.rate(many, { progress: fail }), (error) => error === thrown);
  const undefinedIsThrown = rater.rate(many, {
    progress: () => {
      throw undefined;
    },
  });
  await assert.rejects(undefinedIsThrown, (error) => error === undefined);
  assert.equal((await rater.rate(some)).length, 1_000);
});

test('a signal that was said before rates nothing', async () => {
  const reason = new Error('as a test');
  let told = 0;
  await assert.rejects(
    rater.rate(many, { signal: AbortSignal.abort(reason), progress: () => (told += 1) }),
    (error) => error === reason,
  );
  await assert.rejects(rater.rate(many, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  // What was wrong besides is not looked for.
  await assert.rejects(rater.rate(7, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(told, 0);
});

test('a signal stops a run in the middle, and the rater works again', async () => {
  for (const threads of [1, 2]) {
    const controller = new AbortController();
    const reason = new Error('as a test');
    let seen = 0;
    const progress = (rows) => {
      seen = rows;
      controller.abort(reason);
    };
    await assert.rejects(
      rater.rate(many, { threads, signal: controller.signal, progress }),
      (error) => error === reason,
    );
    assert.ok(seen < ROWS, `${seen}`);
    await assert.rejects(rater.rate(many, { threads, signal: AbortSignal.timeout(5) }), { name: 'TimeoutError' });
  }
  const whole = await rater.rate(many);
  assert.deepEqual(
    [...whole.payable.subarray(0, 1000)],
    [...(await rater.rate(usage(ROWS, 2))).payable.subarray(0, 1000)],
  );
});

test('a signal that is said after changes nothing, and is let go of', async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given) => void ((listeners += 1), add(...given));
  signal.removeEventListener = (...given) => void ((listeners -= 1), remove(...given));
  const rated = await rater.rate(some, { signal });
  assert.equal(listeners, 0);
  controller.abort();
  assert.equal(rated.length, 1_000);
});

test('several runs at once come to what each comes to alone', async () => {
  const tables = Array.from({ length: 12 }, (_, seed) => usage(30_000, seed));
  const alone = [];
  for (const table of tables) {
    alone.push((await rater.rate(table)).toIPC());
  }
  const controller = new AbortController();
  const stopped = rater.rate(many, { signal: controller.signal });
  const together = Promise.all(tables.map((table, place) => rater.rate(table, { threads: 1 + (place % 3) })));
  controller.abort();
  await assert.rejects(stopped, { name: 'AbortError' });
  (await together).forEach((rated, place) => assert.ok(rated.toIPC().equals(alone[place])));
});

test('statements that were stopped in the middle say so', async () => {
  const lines = linesOf(ROWS);
  const make = () => new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2, state: 'all' });
  const before = make();
  await assert.rejects(before.add(lines, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  await before.add(linesOf(10));
  assert.equal(before.counts.stated, 10n);
  const controller = new AbortController();
  const stopped = make();
  const add = stopped.add(lines, { signal: controller.signal, progress: () => controller.abort() });
  const later = assert.rejects(
    stopped.add(linesOf(1)),
    (error) => error instanceof CounterfoilError && error.code === 'arrow.cancelled',
  );
  await assert.rejects(add, { name: 'AbortError' });
  await later;
  await assert.rejects(stopped.statements(), { code: 'arrow.cancelled' });
  // Counts and lines are read while a table is added.
  const busy = make();
  const adding = busy.add(lines);
  await sleep(5);
  const counts = busy.counts;
  assert.equal(busy.line(linesOf(1), 0).payable, '0.00');
  await adding;
  assert.ok(counts.stated < busy.counts.stated && busy.counts.stated === BigInt(ROWS));
});

test('workers rate at the same time', async () => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const { bulk } = require(${JSON.stringify(PACKAGE)});
    const { CARD, OPTIONS, usage } = require(${JSON.stringify(SUPPORT)});
    new bulk.Rater(CARD, OPTIONS).rate(usage(30000, 6)).then((rated) => parentPort.postMessage(rated.toIPC()));
  `;
  const workers = Array.from({ length: 3 }, () => new Worker(source, { eval: true }));
  const answers = workers.map(
    (worker) => new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject)),
  );
  const own = (await rater.rate(usage(30_000, 6))).toIPC();
  for (const answer of await Promise.all(answers)) {
    assert.ok(Buffer.from(answer).equals(own));
  }
});

test('a worker that is terminated while it rates takes nothing with it', async () => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const { bulk } = require(${JSON.stringify(PACKAGE)});
    const { CARD, OPTIONS, usage } = require(${JSON.stringify(SUPPORT)});
    new bulk.Rater(CARD, OPTIONS).rate(usage(300000, 6), { progress: () => {} });
    parentPort.postMessage('rating');
  `;
  for (let round = 0; round < 3; round += 1) {
    const worker = new Worker(source, { eval: true });
    await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    await worker.terminate();
  }
  assert.equal((await rater.rate(some)).length, 1_000);
});

test('a process may end while it rates, and waits for what it rates', () => {
  const begin = `
    const { bulk } = require(${JSON.stringify(PACKAGE)});
    const { CARD, OPTIONS, usage } = require(${JSON.stringify(SUPPORT)});
    const rater = new bulk.Rater(CARD, OPTIONS);
    const rating = rater.rate(usage(200000, 6), { threads: 2, progress: () => {} });
  `;
  const ended = (more) => spawnSync(process.execPath, ['-e', begin + more], { encoding: 'utf8' });
  const left = ended('process.exit(3)');
  assert.deepEqual([left.status, left.signal, left.stderr], [3, null, '']);
  const soon = ended('setTimeout(() => process.exit(4), 5)');
  assert.deepEqual([soon.status, soon.signal, soon.stderr], [4, null, '']);
  const done = ended('rating.then((rated) => console.log(rated.length))');
  assert.deepEqual([done.status, done.stdout], [0, '200000\n']);
});

test('the memory of tables is let go of', async () => {
  const rows = 30_000;
  const columns = usage(rows, 8);
  const round = async () => {
    for (let count = 0; count < 25; count += 1) {
      const rated = await rater.rate(columns);
      assert.equal(rated.payable.length, rows);
    }
    return process.memoryUsage().rss / 2 ** 20;
  };
  const first = await round();
  await round();
  const last = await round();
  // Each table and its answer have 2.5 MiB: of 50 more that stayed, there would be 125.
  assert.ok(last - first < 60, `from ${first} to ${last} MiB`);
});

function linesOf(rows) {
  const words = (/** @type {string[]} */ ...words) => ({ codes: new Int8Array(rows), words });
  const amounts = new BigInt64Array(rows);
  return { owner: words('user:ada'), unit: words('vm'), kind: words('server'), original: amounts, payable: amounts };
}

test('a progress that is never done waiting does not outlive the signal', async () => {
  const never = () => new Promise(() => {});
  const stated = () => new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2, state: 'all' });
  const lines = { owner: ['user:ada'], unit: ['vm'], kind: ['server'], original: [1n], payable: [1n] };
  for (const [run, rows] of [
    [(options) => rater.rate(some, options), 1_000],
    [(options) => stated().add(lines, options), 1],
  ]) {
    const reason = new Error('as a test');
    const controller = new AbortController();
    const progress = (done) => {
      if (done === rows) {
        setTimeout(() => controller.abort(reason), 5);
      }
      return never();
    };
    await assert.rejects(run({ signal: controller.signal, progress }), (error) => error === reason);
  }
  // What an earlier one fails with ends the waiting for the last.
  const thrown = new Error('as a test');
  const fails = (done, of) => (done === of ? never() : sleep(30).then(() => Promise.reject(thrown)));
  await assert.rejects(rater.rate(many, { progress: fails }), (error) => error === thrown);
});

test('whatever has a `then` is waited for, and stops the run where it fails', async () => {
  const thrown = new Error('as a test');
  const foreign = vm.runInNewContext('(error) => Promise.reject(error)');
  const sly = {
    get then() {
      throw thrown;
    },
  };
  for (const told of [() => foreign(thrown), () => ({ then: (_, fail) => fail(thrown) }), () => sly]) {
    await assert.rejects(rater.rate(some, { progress: told }), (error) => error === thrown);
  }
  let isDone = false;
  const later = (done) => setTimeout(() => done((isDone = true)), 20);
  await rater.rate(some, { progress: () => ({ then: later }) });
  assert.ok(isDone);
});

test('tables in a row are that, and their options are heard though there is no table', async () => {
  const first = (tables, options) => rater.stream(tables, options).next();
  for (const tables of [undefined, null, {}, 5, 'kind', many, new Uint8Array(8), { [Symbol.iterator]: 5 }, rater]) {
    await assert.rejects(first(tables), { code: 'wire.bad_input', message: /`tables`/ });
  }
  await assert.rejects(first([], { thread: 2 }), { code: 'wire.bad_input' });
  await assert.rejects(first([], { threads: -1 }), { code: 'wire.bad_input' });
  assert.equal((await first(new Set([some]))).value.length, 1_000);
});
