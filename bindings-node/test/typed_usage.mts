// What a typed program writes: it has to pass `tsc --strict`, and what is marked has not to.

import { Decimal } from 'decimal.js';
import { Temporal } from 'temporal-polyfill';
import counterfoil, {
  CounterfoilError,
  bulk,
  History,
  LookupTable,
  Range,
  RangeSet,
  Ranges,
  RateCard,
  Snapshot,
  Span,
  Spec,
  Wallet,
  evaluate,
  mergeRanges,
  money,
  placement,
  pricing,
  time,
  wallet,
  type Money,
} from '../lib/index.mjs';

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

/** Each case knows its own members; one more, and this does not compile. */
function whyNot(reason: placement.Refusal): string {
  switch (reason.is) {
    case 'insufficient':
      return `${reason.resource}: ${reason.needed} of ${reason.free}`;
    case 'unknown':
      return reason.resource;
    case 'taint':
      return `${reason.key}=${reason.value}`;
    case 'cordoned':
      // @ts-expect-error a node that is cordoned lacks nothing
      return reason.resource;
    case 'not_worker':
    case 'not_ready':
    case 'required_label':
    case 'added_affinity':
    case 'affinity':
    case 'too_many_pods':
      return reason.is;
    default:
      return none(reason);
  }
}

function none(nothing: never): never {
  return nothing;
}

function verdictOf(verdict: placement.Verdict): bigint | placement.Stage {
  if (verdict.stage === null) {
    return verdict.nodes;
  }
  // @ts-expect-error what is grey fits no node
  const fits: bigint = verdict.nodes;
  return fits ?? verdict.stage;
}

function found(verification: placement.Verification): string {
  switch (verification.is) {
    case 'rejected':
      return verification.why.is;
    case 'verified':
    case 'nothing_claimed':
    case 'unchecked':
      return verification.is;
    default:
      return none(verification);
  }
}

function todo(hint: placement.Hint): string[] {
  return hint.do === 'tolerate' ? hint.taints.map(({ key }) => key) : 'node' in hint ? [hint.node] : [hint.text];
}

function packageSize(shape: pricing.Shape): string | null {
  return shape.shape === 'package' ? shape.packageSize : null;
}

const stages: Record<placement.Stage, string> = { stock: '1', quota: '2', label: '3', taint: '4', dynamic: '5' };
// @ts-expect-error there is no such word
const outcome: wallet.Outcome = 'newer';
void [whyNot, verdictOf, found, todo, packageSize, stages, outcome];

function told(error: unknown): string {
  return error instanceof CounterfoilError ? `${error.code}: ${error.messageIn('zh')}` : String(error);
}

const quote: pricing.Quote | null = null;
const amount: Money = '12.30 CNY';
const pieces: Ranges = new Range('10.0.0.0/16').split(24n, { limit: 3 });
const piece: string | undefined = pieces.at(-1);
const set: RangeSet = new RangeSet(pieces).union([new Range('10.0.0.0/8'), '11.0.0.0/8']).difference('10.0.0.0');
const merged: string = mergeRanges(new Set(pieces), 16);
const sizes: bigint[] = [set.size, new Range(merged).prefixLen];
const table = new LookupTable({ '10.0.0.0/8': 1 });
const foundEach: (number | 'none')[] = table.getEach([...set], 'none');
const counts: (bigint | 'unlimited')[] = new Snapshot([{ name: 'w1', resources: { cpu: '4' } }]).count([]).map(({ count }) => count);

// @ts-expect-error a number is no range
mergeRanges([167772160]);
// @ts-expect-error there is no such option
new Range('10.0.0.0/8').split(24, { ofset: 1 });
// @ts-expect-error an address may be in none of them
const value: number = table.get('10.0.0.1');
// @ts-expect-error a list of ranges is no option
new RangeSet([], ['10.0.0.0/8']);

const small = Spec.server({ cpu: 1, ram: '2 GiB', disk: new Decimal('1.5'), publicIp: true });
const history = new History([Span.postPaid(new Date(), null, small), { start: '', spec: { cpu: '1 core' }, mode: 'quota' }]);
const tariff = RateCard.fromToml('').tariff('server', new Date());
const usage = history.usage([new Date(), '2024-02-20T00:00:00Z'], { quota: 'free' });
const payable: Money | null = usage === null ? null : tariff.rate(usage, { rounding: 'portal' }).payableMoney;
const items: bigint = tariff.inquire({ cpu: '1 core' }, { months: 8n, count: 2, zone: 'UTC', rounding: 'portal' }).count;
const purse = new Wallet({ payer: { kind: 'user', id: 'zhang' }, balance: '50.00 CNY' });
const charge = { application: 'p', order: 'o', unit: 'vm', at: new Date(), funding: 'debt' };
const sources = purse.plan(new Decimal('1'), charge).legs.map(({ source }) => (source.kind === 'coupon' ? source.coupon : ''));

// @ts-expect-error a number is no amount
purse.plan(1.5, charge);
// @ts-expect-error how it is rounded has no default
tariff.inquire(small, { months: 8 });
// @ts-expect-error there is no such member
tariff.inquire(small, { month: 8, rounding: 'portal' });
// @ts-expect-error a quantity has a unit, which a number has not
new Spec({ cpu: 4 });
// @ts-expect-error there may be none
history.usage([new Date(), new Date()]).parts;

void [payable, items, sources];
void [piece, sizes, foundEach, counts, value];
void [parts, text, same, paidFrom, told, quote, amount];

const usageOptions = { quantities: { cpu: 'core', ram: { unit: 'GiB', scale: 1 } }, rounding: 'portal' } as const;
const columns = { kind: ['server', null], start: new BigInt64Array(2), end: null, cpu: new Int32Array(2) };
const cents: Promise<BigInt64Array> = new bulk.Rater('', usageOptions).rate(columns).then(({ payable }) => payable);
const decimals: Promise<bulk.Column> = new bulk.Rater('', { ...usageOptions, money: 'decimal' })
  .rate(new Uint8Array(8), { threads: 2n, signal: AbortSignal.timeout(1), progress: (rows: number, of: number) => rows / of })
  .then((rated) => rated.payable);
// @ts-expect-error binary floats are no amounts
new bulk.Table({ cpu: new Float64Array(2) });
// @ts-expect-error a rater rounds, and says how
new bulk.Rater('', { quantities: {} });
// @ts-expect-error decimals are no whole numbers
const wrongAmounts: Promise<BigInt64Array> = new bulk.Rater('', { ...usageOptions, money: 'decimal' }).rate(columns).then(({ payable }) => payable);
void [cents, decimals, wrongAmounts];

interface Vm {
  cpu: string;
  ram?: string;
}
class Flavour {
  constructor(readonly cpu: string) {}
}
declare const vm: Vm;
const days: string[] = [Temporal.PlainDate.from('2024-02-20'), '2024-02-20'].map((date) => time.plusMonths({ date, months: 1 }).date);
new History([Span.postPaid(Temporal.Instant.from('2024-02-20T00:00:00Z'), Temporal.Now.zonedDateTimeISO(), { ...vm })]);
new Spec({ ...vm });
new Spec({ ...new Flavour('4 core') });
new bulk.Table({ start: [Temporal.Now.instant(), new Date(), null], cpu: columns.cpu, kind: new bulk.Table(columns).column('kind') });
const again: bulk.Statements = new bulk.Statements('2024-02-20', new bulk.Statements([], { currency: 'CNY', scale: 2 }).toJSON().options);
const family: 'ipv4' | 'ipv6' | null = table.family;
// @ts-expect-error a day of an object is nobody's: pass text, or a `Temporal.PlainDate`
time.plusMonths({ date: { year: 2024, month: 2, day: 20 }, months: 1 });
// @ts-expect-error a `Date` is no day
time.plusMonths({ date: new Date(), months: 1 });
// @ts-expect-error nanoseconds alone are no instant
Span.postPaid({ epochNanoseconds: 5n }, null, {});
// @ts-expect-error a range is no address
table.get(new Range('10.0.0.0/8'));
// @ts-expect-error there is none who makes errors but the library
new CounterfoilError();
// @ts-expect-error a number has no unit, also of a class
new Spec({ ...new (class { cpu = 4 })() });
// @ts-expect-error a place is a whole number
new bulk.Table(columns).at('0');
void [days, again, family];
