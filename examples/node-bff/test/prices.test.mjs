import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { money } from 'counterfoil';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

const server = {
  region: 'cn-north',
  kind: 'server',
  spec: { cpu: '2 core', ram: '4 GiB' },
  term: { months: 0, days: 1 },
  count: 1,
  payment: 'post_paid',
  start: '2026-11-23T00:00:00Z',
};

function sum(lines, currency) {
  return money.add({ currency, amounts: lines.map(({ subtotal }) => `${subtotal} ${currency}`) }).sum;
}

test('a day of two cores and 4 GiB is 48 core hours and 96 GiB hours at their prices', async () => {
  const { status, body } = await portal.post('/api/inquiry', server);
  assert.equal(status, 200);
  assert.deepEqual(
    body.lines.map(({ part, used, price }) => [part, used, price]),
    [
      ['cpu', '48', '0.066'],
      ['ram', '96', '0.012'],
    ],
  );
  // 48 × 0.066 + 96 × 0.012 = 3.168 + 1.152
  assert.equal(body.payable, '4.32');
  assert.match(body.explanation.en, /rate card 2026-autumn-north/);
  assert.match(body.explanation.zh, /价目表 2026-autumn-north/);
});

test('the lines add up to what is payable, for every flavour in every region, whatever the term', async () => {
  const { body: catalogue } = await portal.get('/api/catalogue');
  for (const { id: region } of catalogue.regions) {
    for (const { kind, spec } of catalogue.flavours) {
      for (const term of [
        { months: 0, days: 7 },
        { months: 13, days: 2 },
      ]) {
        const { status, body } = await portal.post('/api/inquiry', {
          ...server,
          region,
          kind,
          spec,
          term,
          count: 3,
          payment: 'pre_paid',
        });
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(sum(body.lines, body.currency), `${body.payable} ${body.currency}`);
      }
    }
  }
});

test('who pays ahead pays less, and less still for a year', async () => {
  const priceOf = async (more) => (await portal.post('/api/inquiry', { ...server, ...more })).body;
  const month = { term: { months: 1, days: 0 } };
  const year = { term: { months: 12, days: 0 } };
  const [later, ahead, yearAhead] = [
    await priceOf(month),
    await priceOf({ ...month, payment: 'pre_paid' }),
    await priceOf({ ...year, payment: 'pre_paid' }),
  ];
  assert.equal(later.payable, later.original);
  assert.equal(ahead.original, later.original);
  // 129.60 and 5 % less; a year is 365 days, and 17 % less.
  assert.equal(later.payable, '129.60');
  assert.equal(ahead.payable, '123.12');
  assert.equal(yearAhead.original, '1576.80');
  assert.equal(yearAhead.payable, '1308.74');
});

test('a month is a month of the calendar of the region', async () => {
  // It is the 31st in Shanghai already, and the 30th in Berlin: a month on, it is the 28th in both.
  const endOf = async (region) => {
    const more = { region, start: '2026-01-30T17:00:00Z', term: { months: 1, days: 0 } };
    return (await portal.post('/api/inquiry', { ...server, ...more })).body.window.end;
  };
  assert.equal(await endOf('cn-north'), '2026-02-27T17:00:00Z');
  assert.equal(await endOf('eu-central'), '2026-02-28T17:00:00Z');
});

test('a disk is cheaper by tiers', async () => {
  const { body } = await portal.post('/api/inquiry', { ...server, kind: 'disk', spec: { size: '250 GiB' } });
  // 100 × 0.010 + 150 × 0.008
  assert.equal(body.payable, '2.20');
});

test('without a start it is from now on', async () => {
  const { start: _, ...rest } = server;
  const { body } = await portal.post('/api/inquiry', rest);
  assert.ok(Math.abs(new Date(body.window.start) - Date.now()) < 60_000);
});

const refused = [
  ['a region that there is not', { region: 'moon' }, 404, 'bff.no_such_region'],
  ['a kind without a price', { kind: 'rocket' }, 404, 'pricing.no_rate'],
  ['a part without a price', { spec: { wings: '2 count' } }, 404, 'pricing.no_rate'],
  ['nothing to price', { count: 0 }, 400, 'pricing.no_items'],
  ['fewer than nothing', { count: -1 }, 400, 'wire.bad_input'],
  ['more than can be counted', { count: Number.MAX_SAFE_INTEGER }, 400, 'wire.bad_input'],
  ['months below zero', { term: { months: -1, days: 0 } }, 400, 'wire.bad_input'],
  ['a term that is nothing', { term: { months: 0, days: 0 } }, 400, 'pricing.no_duration'],
  ['a term beyond the years', { term: { months: 120_000, days: 0 } }, 422, 'time.not_a_month'],
  ['an amount that is a word', { spec: { cpu: 'many core' } }, 400, 'money.not_a_decimal'],
  ['an amount that is none', { spec: { cpu: 'NaN core' } }, 400, 'money.not_a_decimal'],
  ['an amount with an exponent', { spec: { cpu: '1e400 core' } }, 400, 'money.not_a_decimal'],
  ['an amount below zero', { spec: { cpu: '-2 core' } }, 400, 'units.negative'],
  ['a start that is no instant', { start: 'tomorrow' }, 400, 'time.not_an_instant'],
  ['a payment that there is not', { payment: 'never' }, 400, 'bff.invalid_request'],
  ['a count that is text', { count: '2' }, 400, 'bff.invalid_request'],
  ['a count that is no whole number', { count: 1.5 }, 400, 'bff.invalid_request'],
  ['an amount that is a number', { spec: { cpu: 2 } }, 400, 'bff.invalid_request'],
  ['something else beside', { colour: 'red' }, 400, 'bff.invalid_request'],
];

for (const [title, more, status, code] of refused) {
  test(`refused: ${title}`, async () => {
    const answer = await portal.post('/api/inquiry', { ...server, ...more });
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
    assert.equal(answer.body.status, status);
    assert.ok(answer.body.message.length > 0);
  });
}
