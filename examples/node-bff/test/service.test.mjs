// What stands around every route: headers, limits, the command.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startApplication } from './support/application.mjs';
import { run, start } from './support/command.mjs';

const HERE = fileURLToPath(new URL('..', import.meta.url));

test('every answer has the headers that keep a page safe, and the policy allows nothing inside of it', async () => {
  const portal = await startApplication();
  for (const url of ['/', '/style.css', '/app/main.js', '/api/catalogue', '/api/nothing', '/openapi.json']) {
    const { headers } = await portal.get(url);
    const policy = headers['content-security-policy'];
    assert.match(policy, /^default-src 'none'/, url);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/, url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['referrer-policy'], 'no-referrer', url);
  }
  assert.equal((await portal.get('/api/catalogue')).headers['cache-control'], 'no-store');
  await portal.end();
});

test('the page names no other address, and has neither styles nor scripts inside', async () => {
  const portal = await startApplication();
  const { body } = await portal.get('/');
  assert.doesNotMatch(body, /https?:\/\/|\sstyle=|<style|\son[a-z]+=/);
  assert.doesNotMatch(body, /<script(?![^>]*\ssrc=)/);
  await portal.end();
});

test('an address that asks too often is told to wait, another is not; the page itself is not counted', async () => {
  const portal = await startApplication({ requestsPerMinute: 3 });
  const from = async (remoteAddress, url = '/api/health') => portal.app.inject({ url, remoteAddress });
  for (const left of ['2', '1', '0']) {
    const answer = await from('10.0.0.1');
    assert.deepEqual([answer.statusCode, answer.headers['ratelimit-remaining']], [200, left]);
  }
  const refused = await from('10.0.0.1');
  assert.deepEqual([refused.statusCode, refused.json().code], [429, 'bff.too_many_requests']);
  assert.ok(Number(refused.headers['retry-after']) >= 1 && Number(refused.headers['retry-after']) <= 60);
  assert.equal((await from('10.0.0.2')).statusCode, 200);
  assert.equal((await from('10.0.0.1', '/')).statusCode, 200);
  await portal.end();
});

test('help is given, and a wrong command line is told with exit code 2', async () => {
  const help = await run(['--help']);
  assert.deepEqual([help.code, help.err], [0, '']);
  assert.match(help.out, /--database FILE/);
  for (const args of [['--port', '70000'], ['--port', 'x'], ['--port=-1'], ['--colour', 'red'], ['more']]) {
    const { code, err, out } = await run(args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, /^node-bff: [^]*see --help\n$/);
  }
});

test('a database that is not there, or is none, is told with exit code 1', async () => {
  for (const [path, why] of [
    [join(tmpdir(), 'no such file'), /ENOENT/],
    [join(HERE, 'package.json'), /is no SQLite file/],
  ]) {
    const { code, err } = await run(['--port', '0', '--database', path]);
    assert.equal(code, 1);
    assert.match(err, why);
    assert.doesNotMatch(err, /\n {4}at /);
  }
});

test('a port that is taken is told with exit code 1', async () => {
  const first = await start();
  const { code, err } = await run(['--port', new URL(first.address).port]);
  assert.equal(code, 1);
  assert.match(err, /EADDRINUSE/);
  await first.end();
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`it ends on ${signal} with 0, once what is under way is answered`, async () => {
    const server = await start();
    const { hostname, port } = new URL(server.address);
    const socket = connect({ host: hostname, port: Number(port) });
    const body = JSON.stringify({ range: '10.0.0.0/24' });
    const lines = ['POST /api/ranges/describe HTTP/1.1', 'host: x', 'content-type: application/json'];
    const head = [...lines, `content-length: ${body.length}`, '', ''].join('\r\n');
    await once(socket, 'connect');
    socket.write(head + body.slice(0, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ended = server.end(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(body.slice(5));
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 200 OK/);
    assert.equal(await ended, 0);
  });
}

test('it listens for this machine alone unless it is told otherwise', async () => {
  const server = await start();
  assert.equal(new URL(server.address).hostname, '127.0.0.1');
  await server.end();
});

test('it works from a path with spaces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'node bff 路径 '));
  try {
    for (const part of ['src', 'public', 'package.json']) {
      await cp(join(HERE, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(HERE, 'node_modules'), join(folder, 'node_modules'));
    const server = await start([], join(folder, 'src', 'server.mjs'));
    for (const path of ['/', '/app/main.js', '/openapi.json', '/api/owners']) {
      assert.equal((await fetch(server.address + path)).status, 200, path);
    }
    assert.equal(await server.end(), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the load is measured, for the price and for the constant answer', async () => {
  const { code, out, err } = await run(['--seconds', '1', '--connections', '2'], join(HERE, 'bench', 'load.mjs'));
  assert.equal(code, 0, err);
  for (const path of ['/api/constant', '/api/inquiry']) {
    const [, perSecond] = new RegExp(`${path} +│ (\\d+)`).exec(out) ?? [];
    assert.ok(Number(perSecond) > 0, out);
  }
});
