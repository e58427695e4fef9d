import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

test('what is grey can not be sold, and says why in both languages; the rest can', async () => {
  const { body } = await portal.get('/api/buy-page');
  const grey = body.products.filter(({ sellable }) => !sellable);
  assert.deepEqual(
    grey.map(({ id }) => id),
    body.greyed,
  );
  assert.ok(grey.length > 0 && grey.length < body.products.length);
  for (const { sellable, count, reason, hint } of body.products) {
    assert.equal(sellable, count !== '0');
    assert.equal(sellable, reason === null);
    assert.equal(sellable, hint === null);
  }
  const [{ reason }] = grey;
  assert.match(reason.en, /^0\/9 nodes are available: .*Insufficient cpu/);
  assert.match(reason.zh, /^0\/9 个节点可用：.*cpu 不足/);
});

test('two T4 are grey while no node has two free, and are not with a node that has four', async () => {
  const { body: page } = await portal.get('/api/buy-page');
  assert.ok(page.greyed.includes('t4-16c64g-2'));
  const node = { name: 'new-1', cpu: '64', memory: '256Gi', gpu: { model: 'T4', count: '4' } };
  const { body } = await portal.post('/api/buy-page/what-if', node);
  assert.deepEqual(body.before, page.greyed);
  assert.ok(!body.after.includes('t4-16c64g-2'));
  // Two each on the new node, none elsewhere.
  assert.deepEqual(
    body.products.find(({ id }) => id === 't4-16c64g-2'),
    { id: 't4-16c64g-2', before: '0', after: '2' },
  );
  assert.deepEqual((await portal.get('/api/buy-page')).body, page, 'nothing was changed');
});

const refused = [
  ['the name of a node that there is', { name: 'cpu-1' }, 409, 'placement.duplicate_node'],
  ['no name', { name: '' }, 400, 'bff.invalid_request'],
  ['cores below zero', { cpu: '-4' }, 422, 'placement.negative_amount'],
  ['memory that is a word', { memory: 'lots' }, 400, 'placement.not_a_quantity'],
  ['cards that are a word', { gpu: { model: 'T4', count: 'x' } }, 400, 'placement.not_a_quantity'],
  ['cards without a model', { gpu: { count: '4' } }, 400, 'bff.invalid_request'],
];

for (const [title, more, status, code] of refused) {
  test(`refused: ${title}`, async () => {
    const answer = await portal.post('/api/buy-page/what-if', { name: 'new-1', cpu: '4', memory: '4Gi', ...more });
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  });
}
