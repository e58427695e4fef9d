// The description of the API: whether it is one, and whether the answers are what it says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { schemaReader, startApplication } from './support/application.mjs';

let portal;
let description;
before(async () => {
  portal = await startApplication();
  ({ body: description } = await portal.get('/openapi.json'));
});
after(() => portal.end());

const VERBS = ['get', 'post'];
const TYPES = { 200: 'application/json', '4XX': 'application/problem+json', '5XX': 'application/problem+json' };

function operations() {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
  );
}

test('it is OpenAPI 3.1 with a title, and every operation has a summary, a tag that there is, and answers', () => {
  assert.match(description.openapi, /^3\.1\.\d+$/);
  assert.ok(description.info.title && description.info.version);
  const tags = description.tags.map(({ name }) => name);
  for (const { path, verb, operation } of operations()) {
    assert.ok(VERBS.includes(verb), `${verb} ${path}`);
    assert.ok(operation.summary, path);
    assert.ok(
      operation.tags.every((tag) => tags.includes(tag)),
      path,
    );
    assert.deepEqual(Object.keys(operation.responses), Object.keys(TYPES), path);
    for (const [status, type] of Object.entries(TYPES)) {
      assert.ok(operation.responses[status].description, `${path} ${status}`);
      assert.ok(operation.responses[status].content[type].schema, `${path} ${status}`);
    }
  }
});

test('every part of a path is a parameter that is required', () => {
  for (const { path, operation } of operations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path');
    assert.deepEqual(
      described.map(({ name }) => name),
      named,
      path,
    );
    assert.ok(
      described.every(({ required, schema }) => required && schema),
      path,
    );
  }
});

test('every schema is a JSON Schema of 2020-12, and every example is valid for its own', () => {
  const reader = schemaReader();
  const examples = [];
  const visit = (node) => {
    if (node === null || typeof node !== 'object') {
      return;
    }
    if (Array.isArray(node.examples)) {
      examples.push(...node.examples.map((example) => [reader.compile(node), example]));
    }
    Object.values(node).forEach(visit);
  };
  for (const { operation } of operations()) {
    const schemas = [operation.requestBody, ...Object.values(operation.responses)].filter(Boolean);
    const contents = schemas.flatMap(({ content }) => Object.values(content));
    contents.forEach(({ schema }) => assert.equal(typeof reader.compile(schema), 'function'));
    schemas.forEach(visit);
  }
  assert.ok(examples.length > 10);
  examples.forEach(([check, example]) => assert.ok(check(example), `${example}: ${JSON.stringify(check.errors)}`));
});

const questions = [
  ['get', '/api/catalogue'],
  ['get', '/api/health'],
  ['get', '/api/buy-page'],
  ['get', '/api/owners'],
  ['get', '/api/owners/{owner}/statements', null, '/api/owners/user:ada/statements?month=2026-10'],
  ['get', '/api/owners/{owner}/payments', null, '/api/owners/user:ada/payments'],
  ['get', '/api/statements/{number}', null, '/api/statements/1'],
  [
    'post',
    '/api/inquiry',
    {
      region: 'eu-central',
      kind: 'server',
      spec: { cpu: '3 core' },
      term: { months: 1, days: 1 },
      count: 1,
      payment: 'pre_paid',
    },
  ],
  ['post', '/api/buy-page/what-if', { name: 'new-1', cpu: '64', memory: '256Gi' }],
  ['post', '/api/ranges/describe', { range: '2001:db8::/32' }],
  ['post', '/api/ranges/split', { range: '2001:db8::/32', length: 96 }],
  ['post', '/api/ranges/mini-split', { range: '10.0.0.0/22', length: 26 }],
  ['post', '/api/ranges/minimal-plan', { range: '10.0.0.0/22', length: 26, count: '3' }],
  ['post', '/api/ranges/merge', { within: '10.0.0.0/24', pieces: ['10.0.0.0/25', '10.0.0.128/25'] }],
  ['post', '/api/refunds/preview', { payment: 1, amount: '1.00', returned: 'proportional', giveBack: 'balance' }],
  ['post', '/api/refunds/by-use', { paid: '100', used: '7', ordered: '31', fee: '0.1' }],
];

test('no operation is left out of what follows', () => {
  const described = operations().map(({ path, verb }) => `${verb} ${path}`);
  assert.deepEqual(questions.map(([verb, path]) => `${verb} ${path}`).sort(), described.sort());
});

/** The schema, with nothing beside what it names. */
function closed(schema) {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) {
    return schema;
  }
  const inner = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, closedMember(name, member)]));
  return inner.properties && inner.additionalProperties === undefined
    ? { ...inner, additionalProperties: false }
    : inner;
}

function closedMember(name, member) {
  return name === 'properties'
    ? Object.fromEntries(Object.entries(member).map(([key, one]) => [key, closed(one)]))
    : closed(member);
}

for (const [verb, path, body, url = path] of questions) {
  test(`${verb} ${path} answers what it says, and a problem as it says`, async () => {
    const { responses, requestBody } = description.paths[path][verb];
    const reader = schemaReader();
    const good = reader.compile(closed(responses['200'].content['application/json'].schema));
    const bad = reader.compile(closed(responses['4XX'].content[TYPES['4XX']].schema));
    const answer = await portal[verb](url, ...(verb === 'post' ? [body] : []));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.ok(good(answer.body), JSON.stringify(good.errors));
    if (verb === 'post') {
      assert.ok(reader.compile(requestBody.content['application/json'].schema)(body));
      const refused = await portal.post(url, { nothing: true });
      assert.equal(refused.status, 400);
      assert.ok(bad(refused.body), JSON.stringify(bad.errors));
    }
  });
}
