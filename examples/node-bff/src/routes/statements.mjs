// Who is billed what: the statements of an owner's month, summed by `statement.monthly`.

import { money as amounts, statement } from 'counterfoil';
import { Problem } from '../problems.mjs';
import { ownerOf } from '../books/owner.mjs';
import {
  answers,
  flag,
  given,
  instant,
  integer,
  list,
  mapOf,
  money,
  object,
  text,
  texts,
  wholeText,
} from '../schemas.mjs';

const owners = object({ owners: list(object({ owner: text, currency: text, zone: text, months: texts })) });

const parameters = given({ owner: { type: 'string', maxLength: 200, examples: ['user:ada'] } });
const query = given({ month: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}$' } });

const stated = object({
  number: integer,
  id: text,
  date: text,
  unit: text,
  kind: text,
  sequence: integer,
  original: money,
  payable: money,
  status: text,
});

const service = object({ unit: text, kind: text, original: money, payable: money, resources: wholeText });

const month = object({
  owner: text,
  month: text,
  zone: text,
  currency: text,
  total: object({
    original: money,
    payable: money,
    paid: mapOf(money),
    refunded: money,
    corrected: money,
    open: money,
  }),
  services: list(service),
  days: list(object({ date: text, payable: money })),
  statements: list(stated),
});

const line = object({
  resource: text,
  window: object({ start: instant, end: instant }),
  takenBack: flag,
  original: money,
  payable: money,
});

export function statementRoutes(api, books) {
  const tags = ['statements'];
  const all = { tags, summary: 'Who has statements, and of which months', response: answers(owners, 'the owners') };
  const one = {
    tags,
    summary: 'The statements of a month, by day and service',
    params: parameters,
    querystring: query,
    response: answers(month, 'the month'),
  };
  const lines = {
    tags,
    summary: 'The lines of a statement',
    params: given({ number: wholeText }),
    response: answers(object({ statement: stated, lines: list(line) }), 'the lines'),
  };
  api.get('/api/owners', { schema: all }, async () => ({ owners: books.owners() }));
  api.get('/api/owners/:owner/statements', { schema: one }, async (request) =>
    monthOf(books, request.params.owner, request.query.month),
  );
  api.get('/api/statements/:number', { schema: lines }, async (request) =>
    linesOf(books, Number(request.params.number)),
  );
}

function monthOf(books, owner, asked) {
  const known = books.owners().find((one) => one.owner === owner);
  if (!known) {
    throw new Problem(404, 'bff.no_such_owner', { owner });
  }
  const { zone, currency } = known;
  const statements = books.statements(owner, asked);
  const settled = statements.filter((one) => one.payment !== null).map((one) => [one, books.payment(one.payment)]);
  const report = statement.monthly({
    days: { month: asked },
    zone,
    currency,
    top: 0,
    rows: statements.flatMap((one) => rowsOf(books, one)),
    statements: statements.map((one) => ({ ...partyOf(one), payable: one.payable, status: one.status })),
    payments: settled.map(([one, { legs }]) => ({ ...partyOf(one), legs: legs.map(byAndAmount) })),
    refunds: settled.flatMap(([one, { refunds }]) => refunds.filter(isDone).map((refund) => refundOf(one, refund))),
  });
  const { original, payable, paid, refunded, corrected, open } = report.total;
  return {
    owner,
    month: asked,
    zone,
    currency,
    total: { original, payable, paid, refunded, corrected, open },
    services: report.owners.flatMap(({ units }) => units).flatMap(servicesOf),
    days: daysOf(statements, currency),
    statements: statements.map(shown),
  };
}

/** Of whom, for what and when a statement is. */
function partyOf({ owner, unit, window }) {
  return { owner: ownerOf(owner), unit, window };
}

function rowsOf(books, one) {
  return books.lines(one.number).map(({ resource, window, original, payable }) => ({
    owner: ownerOf(one.owner),
    unit: one.unit,
    kind: one.kind,
    resource,
    window,
    original,
    payable,
  }));
}

function byAndAmount({ source, amount }) {
  return { by: source.kind, amount };
}

function isDone({ kept }) {
  return kept.state === 'success';
}

function refundOf(one, { kept, correction }) {
  return { ...partyOf(one), amount: kept.request.amount, because: correction ? 'correction' : 'other' };
}

function servicesOf({ unit, kinds }) {
  return kinds.map(({ kind, original, payable, resources }) => ({ unit, kind, original, payable, resources }));
}

function daysOf(statements, currency) {
  const dates = [...new Set(statements.map(({ date }) => date))].sort();
  return dates.map((date) => {
    const ofDay = statements.filter((one) => one.date === date).map(({ payable }) => payable);
    return { date, payable: amounts.add({ currency, amounts: ofDay }).sum };
  });
}

function linesOf(books, number) {
  const found = books.statement(number);
  if (!found) {
    throw new Problem(404, 'bff.no_such_statement', { number: String(number) });
  }
  return { statement: shown(found), lines: books.lines(number) };
}

function shown({ number, id, date, unit, kind, sequence, original, payable, status }) {
  return { number, id, date, unit, kind, sequence, original, payable, status };
}
