// What a careless or an unkind client sends.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApplication } from './support/application.mjs';

let portal;
before(async () => {
  portal = await startApplication();
});
after(() => portal.end());

const JSON_TYPE = { 'content-type': 'application/json' };
const inquiry = (count) =>
  '{"region":"cn-north","kind":"server","spec":{"cpu":"2 core"},"term":{"months":0,"days":1},' +
  `"count":${count},"payment":"post_paid"}`;

const bodies = [
  ['no JSON', '{"region":', 400, 'bff.invalid_json'],
  ['nothing', '', 400, 'bff.invalid_json'],
  ['a list', '[]', 400, 'bff.invalid_request'],
  ['`null`', 'null', 400, 'bff.invalid_request'],
  ['`NaN`', inquiry('NaN'), 400, 'bff.invalid_json'],
  ['a number that is infinite once it is read', inquiry('1e400'), 400, 'bff.invalid_request'],
  ['a number that is not exact', inquiry('99999999999999999999'), 400, 'wire.bad_input'],
  ['a prototype', `{"__proto__":{"admin":true},${inquiry('1').slice(1)}`, 400, 'bff.invalid_json'],
  [
    'a prototype further in',
    inquiry('1').replace('{"cpu"', '{"__proto__":{"admin":"1"},"cpu"'),
    400,
    'bff.invalid_json',
  ],
  [
    'a constructor',
    inquiry('1').replace('{"cpu"', '{"constructor":{"prototype":{"admin":true}},"cpu"'),
    400,
    'bff.invalid_json',
  ],
  ['100 kB', JSON.stringify({ region: 'x'.repeat(100_000) }), 413, 'bff.too_large'],
  ['nesting without end', '['.repeat(30_000) + ']'.repeat(30_000), 400, 'bff.invalid_request'],
  [
    'too many parts',
    inquiry('1').replace('"cpu":"2 core"', Array.from({ length: 17 }, (_, n) => `"p${n}":"1 core"`).join()),
    400,
    'bff.invalid_request',
  ],
  ['a long word', inquiry('1').replace('cn-north', 'x'.repeat(201)), 400, 'bff.invalid_request'],
];

for (const [title, body, status, code] of bodies) {
  test(`a body that is ${title}`, async () => {
    const answer = await portal.post('/api/inquiry', body, JSON_TYPE);
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal({}.admin, undefined);
  });
}

test('a body that is no JSON by its type', async () => {
  const answer = await portal.post('/api/inquiry', 'region=cn-north', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  assert.deepEqual([answer.status, answer.body.code], [415, 'bff.unsupported_media_type']);
});

test('nothing is told of what is behind it', async () => {
  for (const url of [
    '/api/nothing',
    '/package.json',
    '/..%2fpackage.json',
    '/app/..%2f..%2fsrc/server.mjs',
    '/%2e%2e/package.json',
    '/api/owners/%00/payments',
  ]) {
    const answer = await portal.get(url);
    assert.ok([400, 404].includes(answer.status), `${url} ${answer.status}`);
    assert.doesNotMatch(JSON.stringify(answer.body), /node_modules|\/work|Error:/);
  }
});

const languages = [
  [undefined, 'en'],
  ['zh', 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en;q=0.5,zh-Hans;q=0.9', 'zh'],
  ['de-DE,en;q=0.7,zh;q=0.3', 'en'],
  ['fr', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['*', 'en'],
  [';;q=,', 'en'],
  ['zh;q=often', 'zh'],
];

for (const [header, language] of languages) {
  test(`messages for ${header ?? 'nobody in particular'} are in ${language}`, async () => {
    const headers = header === undefined ? {} : { 'accept-language': header };
    const ofLibrary = await portal.post('/api/ranges/split', { range: '10.0.0.1/24', length: 26 }, headers);
    const ofServer = await portal.get('/api/statements/9999', headers);
    assert.deepEqual(
      [ofLibrary.headers['content-language'], ofServer.headers['content-language']],
      [language, language],
    );
    assert.match(ofLibrary.body.message, language === 'zh' ? /主机位不为零/ : /has host bits set/);
    assert.match(ofServer.body.message, language === 'zh' ? /没有此账单/ : /no such statement/);
    assert.deepEqual(ofLibrary.body.details, { address: '10.0.0.1', length: '24', network: '10.0.0.0/24' });
    assert.equal(ofLibrary.headers.vary, 'accept-language');
  });
}
