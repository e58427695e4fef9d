// What can be sold now, how many, why not, and what a node more would change: `placement`.

import { placement, pricing } from 'counterfoil';
import { INVENTORY, PRODUCTS } from '../data/cluster.mjs';
import { REGIONS } from '../data/regions.mjs';
import {
  answers,
  explanation,
  flag,
  given,
  list,
  maybe,
  money,
  object,
  shortText,
  text,
  texts,
  wholeText,
} from '../schemas.mjs';

const name = object({ en: text, zh: text });

const product = object({
  id: text,
  name,
  parts: list(object({ resource: text, amount: text })),
  sellable: flag,
  count: { ...wholeText, description: 'how many can be sold, alone' },
  reason: maybe(explanation),
  hint: maybe(explanation),
  hourly: money,
});

const buyPage = object({ nodes: wholeText, greyed: texts, products: list(product) });

const newNode = given(
  {
    name: { ...shortText, minLength: 1 },
    cpu: { ...shortText, examples: ['64'] },
    memory: { ...shortText, examples: ['256Gi'] },
    gpu: given({ model: shortText, count: shortText }),
  },
  ['gpu'],
);

const whatIf = object({
  before: texts,
  after: texts,
  products: list(object({ id: text, before: wholeText, after: wholeText })),
});

export function buyPageRoutes(api) {
  const tags = ['products'];
  const page = {
    tags,
    summary: 'Every product, greyed with the reason where no node takes it',
    response: answers(buyPage, 'the products'),
  };
  const more = {
    tags,
    summary: 'What a node more would change',
    body: newNode,
    response: answers(whatIf, 'greyed before and after, and how many of each'),
  };
  api.get('/api/buy-page', { schema: page }, async () => buyPageOf());
  api.post('/api/buy-page/what-if', { schema: more }, async (request) => withNode(request.body));
}

const asked = PRODUCTS.map(({ id, parts }) => ({ id, parts }));

function buyPageOf() {
  const { greyed } = placement.check({ inventory: INVENTORY, products: asked });
  const counts = new Map(placement.count({ inventory: INVENTORY, products: asked }).map((one) => [one.id, one.count]));
  const products = PRODUCTS.map((one) => ({
    id: one.id,
    name: one.name,
    parts: one.parts,
    sellable: !greyed.includes(one.id),
    count: counts.get(one.id),
    ...(greyed.includes(one.id) ? whyNot(one) : { reason: null, hint: null }),
    hourly: hourlyPrice(one),
  }));
  return { nodes: BigInt(INVENTORY.nodes.length), greyed, products };
}

function whyNot({ id, parts }) {
  const {
    text: en,
    textZh: zh,
    hint,
  } = placement.explain({ centre: { inventory: INVENTORY }, product: { id, parts } });
  return { reason: { en, zh }, hint: hint && { en: hint.text, zh: hint.textZh } };
}

function hourlyPrice({ spec }) {
  const [{ card }] = REGIONS;
  const { payable, currency } = pricing.inquire({
    card,
    kind: 'server',
    spec,
    for: { start: new Date(), term: { hours: 1 } },
    rounding: 'portal',
  });
  return `${payable.amount} ${currency}`;
}

function withNode({ name: node, cpu, memory, gpu }) {
  const resources = { cpu, memory, ...(gpu ? { [`gpu[${gpu.model}]`]: gpu.count } : {}) };
  const changes = [{ kind: 'add_node', addNode: { name: node, resources } }];
  return placement.whatIf({ inventory: INVENTORY, products: asked, changes });
}
