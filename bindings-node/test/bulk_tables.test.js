'use strict';

// Tables and columns that are read, shown, and passed again.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const vm = require('node:vm');
const arrow = require('apache-arrow');
const { Temporal } = require('temporal-polyfill');
const { bulk } = require('..');
const { code } = require('./support/refused');
const { CARD, OPTIONS, usage } = require('./support/usage');

const rater = new bulk.Rater(CARD, OPTIONS);
const { makeVector, tableToIPC, vectorFromArray } = arrow;

test('what no array holds is shown as its type, and nothing that is shown throws', () => {
  const of = (columns) => new bulk.Table(tableToIPC(new arrow.Table(columns)));
  const table = of({
    cpu: makeVector(Int32Array.of(4, 8)),
    full: vectorFromArray([true, false]),
    share: makeVector(Float64Array.of(0.5, 1)),
    seen: vectorFromArray([new Date(0), new Date(1)], new arrow.TimestampMillisecond()),
    raw: vectorFromArray([new Uint8Array(1), new Uint8Array(2)], new arrow.Binary()),
  });
  const types = Object.fromEntries(table.schema.map(({ name, type }) => [name, `<${type}>`]));
  assert.deepEqual(types.full, '<Boolean>');
  const { full, share, seen, raw } = types;
  assert.deepEqual(table.toJSON(), [
    { cpu: '4', full, share, seen, raw },
    { cpu: '8', full, share, seen, raw },
  ]);
  for (const text of [String(table), inspect(table), inspect({ table })]) {
    assert.match(text, /^ *4 +\| <Boolean> \| <Float64> \|/m);
  }
  assert.equal(code(() => table.column('full')), 'arrow.column_type');
  assert.equal(code(() => table.at(0)), 'arrow.column_type');
  const lists = new bulk.Table({ history: { offsets: Int32Array.of(0, 1), spans: { start: [new Date(0)] } } });
  assert.match(String(lists), /<List\(.*>$/m);
  assert.deepEqual(of({ full: vectorFromArray([], new arrow.Bool()) }).toJSON(), []);
});

test('bytes that are found wrong when they are read are shown as that', () => {
  const whole = new bulk.Table({ cpu: Int32Array.of(1, 2), kind: ['server', 'disk'] }).toIPC();
  let wrong = 0;
  for (let place = 0; place < whole.length; place += 1) {
    const bytes = Buffer.from(whole);
    bytes[place] ^= 0x11;
    let table;
    try {
      table = new bulk.Table(bytes);
    } catch {
      continue;
    }
    if (table.length > 100) {
      continue; // so many rows are said to be in it
    }
    assert.equal(code(() => (inspect(table), table.toJSON(), String(table))), 'nothing', `byte ${place}`);
    wrong += /<arrow\.source_failed>/.test(String(table)) ? 1 : 0;
  }
  assert.ok(wrong > 0);
});

test('two columns of one name are no column, and both are shown', () => {
  const schema = new arrow.Schema(['cpu', 'ram', 'cpu'].map((name) => new arrow.Field(name, new arrow.Int32())));
  const data = [4, 5, 6].map((value) => makeVector(Int32Array.of(value)).data[0]);
  const batch = new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length: 1, children: data }));
  const table = new bulk.Table(tableToIPC(new arrow.Table(schema, [batch])));
  assert.equal(table.schema.length, 3);
  assert.equal(code(() => table.column('cpu')), 'arrow.repeated_column');
  assert.equal(code(() => [...table]), 'arrow.repeated_column');
  assert.equal(table.column('ram').at(0), 5n);
  assert.deepEqual(table.toJSON(), [{ cpu: '<arrow.repeated_column>', ram: '5' }]);
  assert.match(String(table), /^<arrow\.repeated_column> \| 5 +\| <arrow\.repeated_column>$/m);
});

test('an array of a column is what its readers read', async () => {
  const rated = await rater.rate(usage(400));
  const row = rated.state.values.findIndex((state) => rated.state.words[state] === 'rated');
  const kept = rated.payable.slice();
  rated.payable[row] += 100n;
  assert.notEqual(rated.payable[row], kept[row]);
  const digits = rated.payable[row].toString().padStart(3, '0');
  const written = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  assert.deepEqual([rated.at(row).payable, rated.toJSON()[row].payable], [written, written]);
});

test('a day is read as it is written, and a column that came out goes in again', () => {
  const days = ['2024-02-20', null, '0001-01-01', '9999-12-31'];
  const table = new bulk.Table({ day: days, kind: ['a', 'b', null, 'a'], cpu: [1, null, 3, 4] });
  assert.deepEqual([...table.column('day')], days);
  assert.equal(new bulk.Table({ day: Int32Array.of(2 ** 31 - 1) }).at(0).day, 2_147_483_647n);
  const again = new bulk.Table(Object.fromEntries(table.schema.map(({ name }) => [name, table.column(name)])));
  assert.deepEqual(again.toJSON(), table.toJSON());
  assert.deepEqual(again.schema.map(({ type }) => type), table.schema.map(({ type }) => type));
  assert.deepEqual([...new bulk.Table({ day: table.toJSON().map(({ day }) => day) }).column('day')], days);
});

test('decimals go in as Arrow', async () => {
  const decimals = await new bulk.Rater(CARD, { ...OPTIONS, money: 'decimal' }).rate(usage(3));
  assert.equal(code(() => new bulk.Table({ payable: decimals.payable })), 'wire.bad_input');
  assert.equal(new bulk.Table(decimals.toIPC()).column('payable').length, 3);
});

test('instants of other realms and of Temporal are taken; text and what is finer is not', () => {
  const instant = '2024-02-20T08:00:00.000001Z';
  const micros = BigInt(Date.parse('2024-02-20T08:00:00Z')) * 1000n;
  const starts = [
    vm.runInNewContext("new Date('2024-02-20T08:00:00Z')"),
    Temporal.Instant.from(instant),
    Temporal.Instant.from(instant).toZonedDateTimeISO('Asia/Shanghai'),
  ];
  assert.deepEqual([...new bulk.Table({ start: starts }).column('start')], [micros, micros + 1n, micros + 1n]);
  assert.deepEqual([...new bulk.Table({ day: [Temporal.PlainDate.from('2024-02-20')] }).column('day')], ['2024-02-20']);
  for (const [columns, message] of [
    [{ start: [instant] }, /table\.start\[0\].*is text: pass a `Date`/],
    [{ windowEnd: [new Date(0), instant] }, /table\.windowEnd\[1\].*is text: pass a `Date`/],
    [{ start: [Temporal.Instant.from('2024-02-20T08:00:00.0000001Z')] }, /finer than a microsecond/],
    [{ start: [Temporal.PlainDate.from('2024-02-20')] }, /is no whole number/],
    [{ day: [new Date(0)] }, /is no day/],
  ]) {
    assert.throws(() => new bulk.Table(columns), { code: 'wire.bad_input', message });
  }
});

test('a table of apache-arrow is passed as its bytes', () => {
  const table = new arrow.Table({ cpu: makeVector(Int32Array.of(4)) });
  assert.throws(() => new bulk.Table(table), { code: 'wire.bad_input', message: /tableToIPC\(table\)/ });
  assert.equal(new bulk.Table(tableToIPC(table)).length, 1);
});
