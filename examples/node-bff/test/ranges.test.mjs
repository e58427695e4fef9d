import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

const ask = async (path, body) => (await portal.post(`/api/ranges/${path}`, body)).body;
const rangesOf = ({ pieces }) => pieces.map(({ range }) => range);

/** The sum of the pieces, and of the areas that are drawn for them. */
function areaOf({ pieces }) {
  return pieces.reduce((sum, { path, fill }) => sum + fill.share / 2 ** path.length, 0);
}

function sizeOf({ pieces }) {
  return pieces.reduce((sum, { size }) => sum + BigInt(size), 0n);
}

test('a split has all pieces of the length, in order, each at its place', async () => {
  const answer = await ask('split', { range: '10.40.0.0/22', length: 24 });
  assert.deepEqual(rangesOf(answer), ['10.40.0.0/24', '10.40.1.0/24', '10.40.2.0/24', '10.40.3.0/24']);
  assert.deepEqual(
    answer.pieces.map(({ path }) => path),
    ['00', '01', '10', '11'],
  );
  assert.deepEqual([answer.count, answer.next, answer.size], ['4', null, '1024']);
});

test('of 2^64 pieces a page comes, and the count is exact', async () => {
  const first = await ask('split', { range: '2001:db8::/32', length: 96 });
  assert.deepEqual([first.count, first.pieces.length, first.next], ['18446744073709551616', 256, '256']);
  const second = await ask('split', { range: '2001:db8::/32', length: 96, from: first.next });
  assert.equal(second.pieces[0].range, '2001:db8::100:0:0/96');
});

test('what is clipped is drawn as large as it is', async () => {
  const answer = await ask('split', { range: '10.0.0.1-10.0.0.200/24', length: 27 });
  assert.equal(sizeOf(answer), 200n);
  assert.equal(answer.pieces[0].fill.from, 1 / 32);
  assert.ok(Math.abs(areaOf(answer) - 200 / 256) < 1e-9);
});

const cuts = [
  ['split', { range: '10.40.0.0/22', length: 26 }],
  ['mini-split', { range: '10.40.0.0/22', length: 26 }],
  ['minimal-plan', { range: '10.40.0.0/16', length: 24, count: '5' }],
  ['mini-split', { range: '2001:db8::/44', length: 48 }],
  ['minimal-plan', { range: '2001:db8::/32', length: 64, count: '3' }],
];

for (const [path, body] of cuts) {
  test(`${path} of ${body.range} into ${body.length} leaves nothing out, and areas add up to the whole`, async () => {
    const answer = await ask(path, body);
    assert.equal(sizeOf(answer).toString(), answer.size);
    assert.equal(areaOf(answer), 1);
  });
}

test('a minimal plan says which pieces are wanted, and needs fewer than a split', async () => {
  const answer = await ask('minimal-plan', { range: '10.40.0.0/22', length: 26, count: '3' });
  const wanted = answer.pieces.filter(({ purpose }) => purpose === 'wanted');
  assert.deepEqual(
    wanted.map(({ length }) => length),
    [26, 26, 26],
  );
  assert.equal(answer.pieces.length, Number(answer.count));
  assert.ok(answer.pieces.length < (await ask('split', { range: '10.40.0.0/22', length: 26 })).pieces.length);
});

test('what was split can be merged again, to what it was', async () => {
  const within = '10.40.0.0/22';
  const answer = await ask('split', { range: within, length: 26 });
  const whole = await ask('merge', { within, pieces: rangesOf(answer) });
  assert.deepEqual([whole.piece.range, whole.piece.path, whole.violations], [within, '', []]);
  const half = await ask('merge', { within, pieces: rangesOf(answer).slice(2, 4) });
  assert.deepEqual([half.piece.range, half.piece.path], ['10.40.0.128/25', '001']);
});

test('pieces that do not touch are not merged, and it is told in both languages', async () => {
  const { piece, violations } = await ask('merge', {
    within: '10.40.0.0/22',
    pieces: ['10.40.0.0/26', '10.40.0.128/26'],
  });
  assert.equal(piece, null);
  assert.equal(violations[0].code, 'ipam.merge_not_contiguous');
  assert.match(violations[0].message.en, /10\.40\.0\.0\/26.*10\.40\.0\.128\/26/);
  assert.match(violations[0].message.zh, /不连续/);
});

test('a range is described', async () => {
  const answer = await ask('describe', { range: '10.0.0.1-10.0.0.200/24' });
  assert.deepEqual([answer.network, answer.size, answer.family, answer.length], ['10.0.0.0/24', '200', 'ipv4', 24]);
});

const refused = [
  ['host bits', 'split', { range: '10.0.0.1/24', length: 26 }, 400, 'ipam.host_bits'],
  ['a length that is shorter', 'split', { range: '10.0.0.0/24', length: 20 }, 422, 'ipam.shorter_than_label'],
  ['a length beyond the family', 'split', { range: '10.0.0.0/24', length: 64 }, 422, 'ipam.length'],
  ['a length below zero', 'split', { range: '10.0.0.0/24', length: -1 }, 400, 'wire.bad_input'],
  ['no range', 'describe', { range: 'here' }, 400, 'ipam.format'],
  ['an end before the start', 'describe', { range: '10.0.0.9-10.0.0.1/24' }, 400, 'ipam.reversed'],
  [
    'more blocks than there are',
    'minimal-plan',
    { range: '10.0.0.0/16', length: 24, count: '1000' },
    409,
    'ipam.not_enough_room',
  ],
  [
    'more pieces than are drawn',
    'minimal-plan',
    { range: '10.0.0.0/8', length: 32, count: '1000' },
    422,
    'ipam.minimal_plan_too_long',
  ],
  ['blocks below zero', 'minimal-plan', { range: '10.0.0.0/24', length: 26, count: '-1' }, 400, 'ipam.size'],
  ['nothing to merge', 'merge', { within: '10.0.0.0/22', pieces: [] }, 400, 'bff.invalid_request'],
  [
    'pieces of elsewhere',
    'merge',
    { within: '10.0.0.0/22', pieces: ['11.0.0.0/26', '11.0.0.64/26'] },
    400,
    'bff.not_within',
  ],
  [
    'both families',
    'merge',
    { within: '10.0.0.0/22', pieces: ['2001:db8::/64', '10.0.0.64/26'] },
    409,
    'ipam.mixed_families',
  ],
];

for (const [title, path, body, status, code] of refused) {
  test(`refused: ${title}`, async () => {
    const answer = await portal.post(`/api/ranges/${path}`, body);
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  });
}
