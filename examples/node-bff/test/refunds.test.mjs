import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { money } from 'counterfoil';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

const request = { payment: 1, amount: '1.00', returned: 'proportional', giveBack: 'same_coupon' };

/** A payment from coupon and balance: on the day that the coupon ran out. */
async function mixedPayment() {
  const {
    body: { payments },
  } = await portal.get('/api/owners/user:ada/payments');
  for (const { number, amount } of payments) {
    const { body } = await portal.post('/api/refunds/preview', {
      ...request,
      payment: number,
      amount: amount.split(' ')[0],
    });
    if (body.sources.length === 2) {
      return { number, amount, whole: body };
    }
  }
  throw new Error('no payment has two sources');
}

test('the whole of a payment goes back to each source, as it paid', async () => {
  const { amount, whole } = await mixedPayment();
  assert.equal(whole.net, amount);
  assert.match(whole.left, /^0\.00 /);
  for (const { paid, returned, left } of whole.sources) {
    assert.equal(returned, paid);
    assert.match(left, /^0\.00 /);
  }
  assert.equal(money.add({ currency: 'CNY', amounts: whole.legs.map((leg) => leg.amount) }).sum, amount);
});

test('what coupons paid goes where it is asked to', async () => {
  const { number } = await mixedPayment();
  const toOf = async (giveBack) => {
    const { body } = await portal.post('/api/refunds/preview', { ...request, payment: number, giveBack });
    return body.legs.find(({ source }) => source.kind === 'coupon').to;
  };
  assert.equal(await toOf('same_coupon'), 'source');
  assert.equal(await toOf('balance'), 'balance');
  assert.equal(await toOf('recorded_only'), 'recorded');
});

test('a fee is kept', async () => {
  const { body } = await portal.post('/api/refunds/preview', { ...request, amount: '5.00', fee: '0.50' });
  assert.deepEqual([body.amount, body.fee, body.net], ['5.00 CNY', '0.50 CNY', '4.50 CNY']);
});

test('a preview changes nothing', async () => {
  const first = await portal.post('/api/refunds/preview', request);
  const second = await portal.post('/api/refunds/preview', request);
  assert.equal(first.status, 200);
  assert.deepEqual(second.body, first.body);
});

test('a quarter of the days used and a fee of a tenth leave 65 of 100', async () => {
  const { body } = await portal.post('/api/refunds/by-use', { paid: '100', used: '7', ordered: '28', fee: '0.1' });
  assert.deepEqual([body.refund, body.consumed, body.fee], ['65.00', '25', '10']);
  assert.match(body.explanation.zh, /退订退款/);
});

const previews = [
  ['more than was paid', { amount: '999' }, 409, 'wallet.refund_above_rest'],
  ['less than nothing', { amount: '-1' }, 400, 'wallet.negative_amount'],
  ['parts of a cent', { amount: '0.001' }, 400, 'money.not_a_multiple'],
  ['an exponent', { amount: '1e2' }, 400, 'money.not_a_decimal'],
  ['another currency', { amount: '1.00 USD' }, 400, 'money.unknown_currency'],
  ['a fee above the refund', { fee: '2' }, 422, 'wallet.fee_above_refund'],
  ['a payment that there is not', { payment: 9999 }, 404, 'bff.no_such_payment'],
  ['an amount that is a number', { amount: 1 }, 400, 'bff.invalid_request'],
  ['an order that there is not', { returned: 'at_random' }, 400, 'bff.invalid_request'],
];

for (const [title, more, status, code] of previews) {
  test(`refused: ${title}`, async () => {
    const answer = await portal.post('/api/refunds/preview', { ...request, ...more });
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  });
}

const uses = [
  ['more used than ordered', { used: '32' }, 422, 'pricing.used_more_than_ordered'],
  ['nothing ordered', { ordered: '0' }, 400, 'time.empty_cycle'],
  ['a fee above the whole', { fee: '2' }, 422, 'money.ratio_out_of_range'],
  ['a word for an amount', { paid: 'much' }, 400, 'money.not_a_decimal'],
];

for (const [title, more, status, code] of uses) {
  test(`refused: ${title}`, async () => {
    const answer = await portal.post('/api/refunds/by-use', {
      paid: '100',
      used: '1',
      ordered: '31',
      fee: '0.1',
      ...more,
    });
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  });
}
