'use strict';

// Bytes that say that they are Arrow: whatever they are, there is an answer or our error, soon.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const arrow = require('apache-arrow');
const { CounterfoilError, bulk } = require('..');
const { CARD, FIRST, OPTIONS, numbers, usage } = require('./support/usage');

const rater = new bulk.Rater(CARD, { ...OPTIONS, passed: ['kind'] });
const stream = new bulk.Table(usage(5)).toIPC();
const file = Buffer.from(arrow.tableToIPC(arrow.tableFromIPC(stream), 'file'));
const EOS = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** What bytes come to: how many rows, or the code of an error of ours. */
async function cameTo(bytes) {
  try {
    const rated = await rater.rate(bytes);
    assert.ok(rated.toIPC().length > 0 && String(rated).length > 0);
    return rated.length;
  } catch (error) {
    assert.ok(error instanceof CounterfoilError, String(error));
    assert.doesNotMatch(error.code, /worker_failed|not_a_batch/, error.message);
    return error.code;
  }
}

test('the streams and files are read', async () => {
  assert.equal(await cameTo(stream), 5);
  assert.equal(await cameTo(file), 5);
  assert.equal(await cameTo(stream.buffer.slice(stream.byteOffset, stream.byteOffset + stream.length)), 5);
  assert.equal(await cameTo(stream.subarray(0, stream.length - EOS.length)), 5);
  assert.equal(await cameTo(Buffer.concat([stream, Buffer.from('and more')])), 5);
  const empty = new bulk.Table(usage(0)).toIPC();
  assert.equal(await cameTo(empty), 0);
  assert.equal((await rater.rate(empty)).column('payable').values.length, 0);
});

test('cut off at each byte', async () => {
  for (let length = 0; length < stream.length - EOS.length; length += 1) {
    const came = await cameTo(stream.subarray(0, length));
    // A stream may end between its messages.
    assert.ok(came === 'arrow.source_failed' || came === 0, `${length}: ${came}`);
  }
  for (let length = 0; length < file.length; length += 1) {
    assert.equal(await cameTo(file.subarray(0, length)), 'arrow.source_failed', `${length}`);
  }
});

test('each bit of the messages turned', async () => {
  for (const bytes of [stream, file]) {
    for (let place = 0; place < bytes.length; place += 1) {
      const turned = Buffer.from(bytes);
      turned[place] ^= 1 << (place % 8);
      await cameTo(turned);
    }
  }
});

test('bytes of any kind', async () => {
  const below = numbers(99);
  for (let round = 0; round < 1_500; round += 1) {
    const bytes = Buffer.from(round % 2 === 0 ? stream : file);
    for (let count = 0; count < 1 + below(6); count += 1) {
      const place = 4 * below(bytes.length >> 2);
      bytes.writeInt32LE(
        [0, -1, 1, 0x7fffffff, -0x80000000, below(1 << 30), 8, 64][below(8)],
        Math.min(place, bytes.length - 4),
      );
    }
    await cameTo(bytes);
  }
});

test('lengths that say more than there is take no memory', async () => {
  const before = process.memoryUsage().rss;
  for (const said of [0x7fffffff, 0xfffffffe, 0x40000000, stream.length]) {
    const bytes = Buffer.from(stream);
    bytes.writeUInt32LE(said, 4);
    assert.equal(await cameTo(bytes), 'arrow.source_failed');
    const footer = Buffer.from(file);
    footer.writeUInt32LE(said, file.length - 10);
    assert.equal(await cameTo(footer), 'arrow.source_failed');
  }
  // Where the length of a body stands is known by changing it: eight bytes that are the length of what follows.
  const body = Buffer.from(stream);
  for (let place = 8; place + 8 <= stream.length; place += 8) {
    for (const said of [2n ** 62n, -1n, 2n ** 40n]) {
      stream.copy(body);
      body.writeBigInt64LE(said, place);
      await cameTo(body);
    }
  }
  assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20);
});

test('a footer that names a block again and again is refused', async () => {
  const batch = arrow.tableFromIPC(stream).batches[0];
  const two = Buffer.from(arrow.tableToIPC(new arrow.Table([batch, batch.slice(0, 4)]), 'file'));
  assert.equal(await cameTo(two), 9);
  // The footer's blocks are structs of offset, length of metadata and length of body: the second becomes the first.
  const footer = two.length - 10 - two.readInt32LE(two.length - 10);
  const offsets = [];
  for (let place = footer; place + 24 <= two.length - 10; place += 4) {
    const offset = Number(two.readBigInt64LE(place));
    const body = Number(two.readBigInt64LE(place + 16));
    if (
      offset >= 8 &&
      offset < footer &&
      offset % 8 === 0 &&
      body > 0 &&
      offset + body < footer &&
      two.readInt32LE(offset) === -1
    ) {
      offsets.push(place);
    }
  }
  assert.ok(offsets.length >= 2, `${offsets}`);
  const large = offsets.reduce((best, place) =>
    two.readBigInt64LE(place + 16) > two.readBigInt64LE(best + 16) ? place : best,
  );
  const again = Buffer.from(two);
  for (const place of offsets) {
    two.copy(again, place, large, large + 24);
  }
  assert.equal(await cameTo(again), 'arrow.source_failed');
});

test('what is no column of usage is refused by its name', async () => {
  const table = (columns) => Buffer.from(arrow.tableToIPC(arrow.tableFromArrays(columns)));
  assert.equal(await cameTo(table({ start: BigInt64Array.of(FIRST) })), 'arrow.column_type');
  assert.equal(await cameTo(table({ cpu: Float64Array.of(1) })), 'arrow.missing_column');
  const { schema } = new bulk.Table(stream);
  assert.deepEqual(
    schema.map(({ name }) => name),
    ['kind', 'mode', 'start', 'end', 'cpu', 'ram', 'disk'],
  );
});
