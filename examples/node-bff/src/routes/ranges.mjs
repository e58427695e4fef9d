// Address ranges: what one is, how it is split, cut into few pieces, merged again: `ipam`.

import { ipam } from 'counterfoil';
import { Problem } from '../problems.mjs';
import { answers, given, integer, list, maybe, mapOf, object, shortText, text, wholeText } from '../schemas.mjs';

/** So many pieces are drawn; of more, a page. */
const MOST_PIECES = 256;

const piece = object({
  range: text,
  first: text,
  last: text,
  size: wholeText,
  length: integer,
  path: { ...text, description: 'where it lies in the network of the range: 0 the lower half, 1 the upper, and so on' },
  fill: {
    description: 'which part of its block it fills, for drawing: from where on, and how much, of 1',
    ...object({ from: { type: 'number' }, share: { type: 'number' } }),
  },
  purpose: { type: ['string', 'null'], enum: ['wanted', 'rest', null] },
});

const pieces = object({
  range: text,
  network: text,
  family: text,
  length: integer,
  size: wholeText,
  count: { ...wholeText, description: 'how many pieces there are, also where not all of them follow' },
  next: maybe(wholeText),
  pieces: list(piece),
});

const violation = object({ code: text, message: object({ en: text, zh: text }), details: mapOf(text) });

const merged = object({
  piece: { ...maybe(piece), description: 'none where it can not be' },
  violations: list(violation),
});

const range = { ...shortText, examples: ['10.0.0.0/22', '10.0.0.1-10.0.0.200/24'] };

const routes = [
  {
    path: 'describe',
    summary: 'What a range is',
    body: given({ range }),
    answer: pieces,
    handler: describe,
  },
  {
    path: 'split',
    summary: 'All pieces of a length, a page of them',
    body: given({ range, length: integer, from: wholeText }, ['from']),
    answer: pieces,
    handler: split,
  },
  {
    path: 'mini-split',
    summary: 'Few pieces with some of a length, as portals cut them',
    body: given({ range, length: integer }),
    answer: pieces,
    handler: miniSplit,
  },
  {
    path: 'minimal-plan',
    summary: 'The fewest pieces that hold so many blocks of a length',
    body: given({ range, length: integer, count: wholeText }),
    answer: pieces,
    handler: minimalPlan,
  },
  {
    path: 'merge',
    summary: 'What pieces become when they are merged, or all that is wrong with it',
    body: given({ within: range, pieces: { ...list(shortText, MOST_PIECES), minItems: 1 }, length: integer }, [
      'length',
    ]),
    answer: merged,
    handler: merge,
  },
];

export function rangeRoutes(api) {
  for (const { path, summary, body, answer, handler } of routes) {
    const schema = { tags: ['ranges'], summary, body, response: answers(answer, 'the answer') };
    api.post(`/api/ranges/${path}`, { schema }, async (request) => handler(request.body));
  }
}

function describe({ range: asked }) {
  return drawn(asked, { count: 1n, next: null }, [asked]);
}

function split({ range: asked, length, from }) {
  const { count, next, pieces: some } = ipam.split({ range: asked, length, from, take: MOST_PIECES });
  return drawn(asked, { count, next }, some);
}

function miniSplit({ range: asked, length }) {
  const { count, pieces: all } = ipam.miniSplit({ range: asked, length });
  return drawn(asked, { count, next: null }, all, (one) => (one.length === BigInt(length) ? 'wanted' : 'rest'));
}

function minimalPlan({ range: asked, length, count }) {
  const plan = ipam.minimalPlan({ range: asked, demands: [{ length, count }], limit: MOST_PIECES });
  const wanted = plan.runs.filter((run) => run.purpose === 'wanted').map(({ first, last }) => `${first}-${last}`);
  const blocks = wanted.map((run) => ipam.parse({ text: run, as: 'interval' }));
  const purposeOf = ({ first }) => (blocks.some((run) => isWithin(first, run)) ? 'wanted' : 'rest');
  return drawn(asked, { count: plan.pieces, next: null }, plan.plan, purposeOf);
}

function isWithin(address, { first, last }) {
  return address.number >= first.number && address.number <= last.number;
}

function merge({ within, pieces: texts, length }) {
  const rows = texts.map((one) => ({ id: one, range: one, status: 'wait' }));
  const { merged: whole, violations } = ipam.merge({ rows, ids: texts, length: length ?? tightestLength(texts) });
  return {
    piece: whole && placed(whole.range, within),
    violations: violations.map(({ error: { code, message: en, messageZh: zh, details } }) => ({
      code,
      message: { en, zh },
      details,
    })),
  };
}

/** A piece in the network of a range: outside of it there is no place to draw it at. */
function placed(whole, within) {
  const outer = ipam.parse({ text: ipam.range({ range: within }).network, as: 'network' });
  const inner = ipam.parse({ text: whole, as: 'range' });
  if (inner.family !== outer.family || inner.length < outer.length || !isWithin(inner.first, outer)) {
    throw new Problem(400, 'bff.not_within', { piece: whole, within });
  }
  return pieceOf(inner, outer, () => null);
}

/** The longest prefix that holds all of them. */
function tightestLength(texts) {
  const all = texts.map((one) => ipam.parse({ text: one, as: 'range' }));
  const first = all.reduce((least, one) => (one.first.number < least.number ? one.first : least), all[0].first);
  const last = all.reduce((most, one) => (one.last.number > most.number ? one.last : most), all[0].last);
  return ipam.range({ range: `${first.text}-${last.text}/0` }).tightestLength;
}

function drawn(asked, { count, next }, some, purposeOf = () => null) {
  const whole = ipam.range({ range: asked });
  const network = ipam.parse({ text: whole.network, as: 'network' });
  return {
    range: whole.range,
    network: whole.network,
    family: whole.family,
    length: Number(whole.length),
    size: whole.size,
    count,
    next,
    pieces: some.map((one) => pieceOf(ipam.parse({ text: one, as: 'range' }), network, purposeOf)),
  };
}

function pieceOf(one, network, purposeOf) {
  const bits = one.family === 'ipv4' ? 32n : 128n;
  const block = 1n << (bits - one.length);
  return {
    range: one.text,
    first: one.first.text,
    last: one.last.text,
    size: one.size,
    length: Number(one.length),
    path: pathOf((one.first.number - network.first.number) / block, Number(one.length - network.length)),
    fill: { from: ratio((one.first.number - network.first.number) % block, block), share: ratio(one.size, block) },
    purpose: purposeOf(one),
  };
}

function ratio(part, whole) {
  return Number(part) / Number(whole);
}

/** The place of a block among those of its length, in binary: as many digits as halvings. */
function pathOf(index, halvings) {
  return halvings <= 0 ? '' : index.toString(2).padStart(halvings, '0');
}
