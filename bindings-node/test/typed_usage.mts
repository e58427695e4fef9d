// What a typed program writes: it has to pass `tsc --strict`, and what is marked has not to.

import { Decimal } from 'decimal.js';
import counterfoil, { CounterfoilError, bulk, evaluate, money, pricing, wallet, type Money } from '../lib/index.mjs';

const parts: string[] = money.allocate({ amount: new Decimal('10.00'), weights: ['1', 2n], step: '0.01' }).parts;
const text: string = evaluate('money.parse', '{}');
const same: typeof money = counterfoil.money;

// @ts-expect-error a `number` is no exact amount
money.allocate({ amount: 10.5, weights: ['1'], step: '0.01' });
// @ts-expect-error the amount is missing
money.allocate({ weights: ['1'], step: '0.01' });

function paidFrom(leg: wallet.Leg): string {
  switch (leg.source.kind) {
    case 'coupon':
      return leg.source.coupon;
    case 'balance':
      // @ts-expect-error the balance has no coupon
      return leg.source.coupon;
    default:
      return leg.source.kind;
  }
}

function told(error: unknown): string {
  return error instanceof CounterfoilError ? `${error.code}: ${error.messageIn('zh')}` : String(error);
}

const quote: pricing.Quote | null = null;
const amount: Money = '12.30 CNY';
void [parts, text, same, paidFrom, told, quote, amount];

const options = { quantities: { cpu: 'core', ram: { unit: 'GiB', scale: 1 } }, rounding: 'portal' } as const;
const columns = { kind: ['server', null], start: new BigInt64Array(2), end: null, cpu: new Int32Array(2) };
const cents: Promise<BigInt64Array> = new bulk.Rater('', options).rate(columns).then(({ payable }) => payable);
const decimals: Promise<bulk.Column> = new bulk.Rater('', { ...options, money: 'decimal' })
  .rate(new Uint8Array(8), { threads: 2n, signal: AbortSignal.timeout(1), progress: (rows: number, of: number) => rows / of })
  .then((rated) => rated.payable);
// @ts-expect-error binary floats are no amounts
new bulk.Table({ cpu: new Float64Array(2) });
// @ts-expect-error a rater rounds, and says how
new bulk.Rater('', { quantities: {} });
// @ts-expect-error decimals are no whole numbers
const wrong: Promise<BigInt64Array> = new bulk.Rater('', { ...options, money: 'decimal' }).rate(columns).then(({ payable }) => payable);
void [cents, decimals, wrong];
