'use strict';

// Tables of charged lines, grouped into statements.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { CounterfoilError, bulk } = require('..');
const { CARD, OPTIONS, usage } = require('./support/usage');

/** Fails unless it is our error, with the code. */
function refuses(code) {
  return (/** @type {any} */ error) => {
    assert.ok(error instanceof CounterfoilError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

test('statements of what was rated', async () => {
  const columns = { ...usage(3_000, 11), owner: ownersOf(3_000), unit: new Array(3_000).fill('vm') };
  const passing = new bulk.Rater(CARD, { ...OPTIONS, passed: ['owner', 'unit', 'kind'] });
  const rated = await passing.rate(columns);
  const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2 });
  const placed = await statements.add(rated);
  const { rated: good, absent, faulty } = rated.counts;
  // A row that is faulty is not rated, and so passed over.
  assert.deepEqual(statements.counts, { stated: good, passedOver: absent + faulty, faulty: 0n });
  const stated = await statements.statements();
  const sums = new Map();
  for (const { owner, kind, payable, state } of rated) {
    if (state === 'rated') {
      const key = `${owner} ${kind}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(payable.replace('.', '')));
    }
  }
  assert.equal(stated.length, sums.size);
  stated.column('payable').values.forEach((sum, row) => {
    assert.equal(sum, sums.get(`${stated.column('owner').at(row)} ${stated.column('kind').at(row)}`));
  });
  assert.equal(
    placed.column('group').valid.reduce((sum, one) => sum + one, 0),
    Number(good),
  );
  const decimals = await statements.statements({ money: 'decimal' });
  assert.deepEqual([...decimals.column('payable')], [...stated.column('payable')]);
  const row = [...rated.state].indexOf('rated');
  assert.equal(statements.line(rated, row).owner, columns.owner[row]);
  assert.equal(statements.line(rated, [...rated.state].indexOf('absent')), null);
});

test('of two lines of a resource the first stands, in the order of the calls', async () => {
  const line = (payable) => ({
    owner: ['user:ada'],
    unit: ['vm'],
    kind: ['server'],
    resource: Uint32Array.of(4),
    original: [payable],
    payable: [payable],
  });
  for (let round = 0; round < 20; round += 1) {
    const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2, state: 'all', resources: 10 });
    const placed = await Promise.all([1, 2, 3, 4].map((payable) => statements.add(line(payable))));
    assert.deepEqual(
      placed.map((table) => table.column('code').at(0)),
      [null, ...new Array(3).fill('statement.repeated_reading')],
    );
    assert.deepEqual(statements.counts, { stated: 1n, passedOver: 0n, faulty: 3n });
    assert.deepEqual([...(await statements.statements()).column('payable')], ['0.01']);
  }
});

test('several days, by their dates', async () => {
  const make = (more) => () =>
    new bulk.Statements(['2024-02-20', '2024-02-21'], { currency: 'CNY', scale: 2, state: 'all', ...more });
  assert.throws(make({}), refuses('wire.bad_input'));
  assert.throws(make({ by: 'week' }), refuses('wire.bad_input'));
  assert.throws(make({ by: 'day', currency: 'yuan' }), (error) => refuses(error.code)(error));
  const statements = make({ by: 'day' })();
  const lines = {
    owner: new Array(3).fill('user:ada'),
    unit: new Array(3).fill('vm'),
    kind: new Array(3).fill('disk'),
    original: [1, 2, 4],
    payable: [1, 2, 4],
  };
  const placed = await statements.add({ ...lines, day: ['2024-02-21', '2024-02-20', '2024-02-22'] });
  assert.deepEqual([...placed.column('code')], [null, null, 'arrow.no_day']);
  assert.deepEqual([...(await statements.statements()).column('payable')], ['0.02', '0.01']);
  await assert.rejects(
    statements.add({ ...lines, day: ['2024-02-21', '2024-02-30', '2024-02-22'] }),
    refuses('wire.bad_input'),
  );
  assert.throws(
    () => statements.line({ ...lines, owner: ['ada', 'ada', 'ada'], day: Int32Array.of(19_773, 19_773, 19_773) }, 0),
    refuses('arrow.bad_owner'),
  );
});

function ownersOf(rows) {
  return Array.from({ length: rows }, (_, row) => `user:owner-${row % 17}`);
}

test('what was said makes the same statements again, and of no day there are none', () => {
  const said = { currency: 'CNY', scale: 2n, zone: 'Asia/Shanghai', by: 'day', state: 'all', resources: 3 };
  const statements = new bulk.Statements(['2024-02-20', '2024-02-21'], said);
  const { days, options } = JSON.parse(JSON.stringify(statements));
  assert.deepEqual([days, options], [['2024-02-20', '2024-02-21'], { ...said, scale: 2 }]);
  assert.deepEqual(new bulk.Statements(days, options).toJSON(), statements.toJSON());
  assert.deepEqual(new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2 }).toJSON().days, ['2024-02-20']);
  for (const by of ['day', 'window', undefined]) {
    assert.throws(() => new bulk.Statements([], { ...said, by }), { code: 'wire.bad_input', message: /`days`/ });
  }
});
