import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { money } from 'counterfoil';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

const sum = (currency, amounts) => money.add({ currency, amounts }).sum;

/** The same amount, however many zeros it is written with. */
function assertSame(currency, left, right, message) {
  const difference = sum(currency, [...left, ...right.map((one) => (one.startsWith('-') ? one.slice(1) : `-${one}`))]);
  assert.match(difference, /^-?0(\.0*)? /, `${message}: ${difference}`);
}

test('days, services and statements of a month add up to its total, and so does how it was paid', async () => {
  const {
    body: { owners },
  } = await portal.get('/api/owners');
  assert.ok(owners.length > 1);
  for (const { owner, currency, months } of owners) {
    const { body } = await portal.get(`/api/owners/${encodeURIComponent(owner)}/statements?month=${months[0]}`);
    const { total } = body;
    assertSame(
      currency,
      [total.payable],
      body.days.map(({ payable }) => payable),
      'days',
    );
    assertSame(
      currency,
      [total.payable],
      body.services.map(({ payable }) => payable),
      'services',
    );
    assertSame(
      currency,
      [total.payable],
      body.statements.map(({ payable }) => payable),
      'statements',
    );
    assertSame(currency, [total.payable, total.refunded], [...Object.values(total.paid), total.open], 'payments');
  }
});

test('the lines of a statement add up to it', async () => {
  const { body } = await portal.get('/api/owners/user:ada/statements?month=2026-10');
  const twoServers = body.statements.find(({ date, kind }) => date === '2026-10-15' && kind === 'server');
  const {
    body: { statement, lines },
  } = await portal.get(`/api/statements/${twoServers.number}`);
  assert.deepEqual(statement, twoServers);
  assert.equal(lines.length, 2);
  assertSame(
    'CNY',
    [statement.payable],
    lines.map(({ payable }) => payable),
    'lines',
  );
});

test('coupon and balance pay, and the last days are open', async () => {
  const { body } = await portal.get('/api/owners/user:ada/statements?month=2026-10');
  assert.deepEqual(Object.keys(body.total.paid), ['balance', 'coupon']);
  assert.deepEqual(
    [...new Set(body.statements.filter(({ status }) => status === 'unpaid').map(({ date }) => date))],
    ['2026-10-29', '2026-10-30', '2026-10-31'],
  );
  assertSame(
    'CNY',
    [body.total.open],
    body.statements.filter(({ status }) => status === 'unpaid').map(({ payable }) => payable),
    'open',
  );
});

test('a month without statements is a month of nothing', async () => {
  const { body } = await portal.get('/api/owners/user:ada/statements?month=2031-10');
  assert.deepEqual([body.total.payable, body.days, body.statements], ['0 CNY', [], []]);
});

const refused = [
  ['/api/owners/user:nobody/statements?month=2026-10', 404, 'bff.no_such_owner'],
  ['/api/owners/user:nobody/payments', 404, 'bff.no_such_owner'],
  ['/api/owners/user:ada/statements?month=2026-13', 400, 'statement.not_a_month'],
  ['/api/owners/user:ada/statements?month=October', 400, 'bff.invalid_request'],
  ['/api/owners/user:ada/statements', 400, 'bff.invalid_request'],
  ["/api/owners/user:ada'--/statements?month=2026-10", 404, 'bff.no_such_owner'],
  ['/api/statements/9999', 404, 'bff.no_such_statement'],
  ['/api/statements/-1', 404, 'bff.no_such_statement'],
  ['/api/statements/one', 400, 'bff.invalid_request'],
  ['/api/statements/99999999999999999999999', 404, 'bff.no_such_statement'],
];

for (const [url, status, code] of refused) {
  test(`refused: ${url}`, async () => {
    const answer = await portal.get(url);
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  });
}
