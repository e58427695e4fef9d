'use strict';

// Snapshots: the same as the operations by their names.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const { Snapshot, placement } = require('..');
const { code } = require('./support/refused');
const { files, parse } = require('./support/vectors');
const { asPassed, isSame } = require('./support/typed');

/** The questions that a snapshot answers, by their operations: what is asked beside the inventory. */
const ASKED = {
  check: (snapshot, { products, ...more }) => snapshot.check(products, more),
  count: (snapshot, { products, ...more }) => snapshot.count(products, more),
  free: (snapshot) => snapshot.free(),
  whatIf: (snapshot, { changes, products, ...more }) => snapshot.whatIf(changes, products, more),
};

test('a snapshot answers the vectors', () => {
  const seen = {};
  for (const { vectors } of files().filter(({ name }) => name.startsWith('placement/'))) {
    for (const { id, op, input, expect } of vectors) {
      const name = op.split('.')[1] === 'what_if' ? 'whatIf' : op.split('.')[1];
      if (ASKED[name] === undefined || typeof input.inventory !== 'object') {
        continue;
      }
      const { shapes } = placement[name];
      const call = () => {
        const { inventory, ...asked } = asPassed(shapes.input, input);
        const { nodes, ...more } = inventory;
        return ASKED[name](new Snapshot(nodes, more), asked);
      };
      if ('ok' in expect) {
        const written = parse(shapes.answer.write(call()));
        assert.ok(isSame(written, expect.ok), id);
      } else {
        assert.equal(code(call), expect.error.code, id);
      }
      seen[name] = (seen[name] ?? 0) + 1;
    }
  }
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(ASKED).sort());
});

const CORES = [0, 1, 3, 4];

/** A product, or a running thing, of so many cores. */
function cores(count) {
  return count === 0 ? [] : [{ resource: 'cpu', amount: String(count) }];
}

test('cores are counted node by node, in every small cluster', () => {
  const each = (lists) => lists.flatMap((list) => CORES.map((cores) => [...list, cores]));
  for (const [one, other, used, asked] of each(each(each(each([[]]))))) {
    const nodes = [{ name: 'w1', resources: { cpu: String(one) } }, { name: 'w2', resources: { cpu: String(other) } }];
    const running = used === 0 ? [] : [{ id: 'a', node: 'w2', parts: cores(used) }];
    const products = [{ id: 'p', parts: cores(asked) }];
    const snapshot = new Snapshot(nodes, { running });
    assert.deepEqual(snapshot.free().map(({ free }) => free.cpu), [String(one), String(other - used)]);
    assert.deepEqual([snapshot.nodes, snapshot.runningCount], [['w1', 'w2'], BigInt(running.length)]);
    if (asked === 0) {
      assert.equal(snapshot.count(products)[0].count, 'unlimited');
      continue;
    }
    const fits = (free) => BigInt(Math.max(0, Math.floor(free / asked)));
    const [counted] = snapshot.count(products);
    assert.equal(counted.count, fits(one) + fits(other - used));
    assert.deepEqual(snapshot.check(products).greyed, counted.count === 0n ? ['p'] : []);
    const changes = running.map(({ id }) => ({ stop: id }));
    const { products: [supposed] } = snapshot.whatIf(changes, products);
    const empty = snapshot.apply(changes);
    assert.deepEqual([supposed.before, supposed.after], [counted.count, fits(one) + fits(other)]);
    assert.equal(empty.count(products)[0].count, supposed.after);
    assert.equal(snapshot.count(products)[0].count, counted.count, 'it never changes');
    assert.ok(empty.equals(new Snapshot(nodes)) && empty.equals(snapshot) === (used === 0));
  }
});

const NODES = [
  { name: 'w1', slots: 8, resources: { cpu: '4', memory: '8Gi' } },
  { name: 'w2', resources: { cpu: null } },
];
const RUNNING = [{ id: 'a', node: 'w1', parts: [{ resource: 'cpu', amount: '2400m' }] }];
const PRODUCTS = [{ id: '2-core', parts: [{ resource: 'cpu', amount: '2' }] }];

test('the answer is that of the operation', () => {
  const inventory = { nodes: NODES, running: RUNNING };
  const snapshot = new Snapshot(NODES, { running: RUNNING });
  for (const detail of ['verdicts', 'reasons', 'nearest']) {
    for (const telling of ['every', 'first_check']) {
      const asked = { rules: { whereUnknown: 'available' }, telling, detail };
      const said = told(() => placement.check({ inventory, products: PRODUCTS, ...asked }));
      assert.deepEqual(told(() => snapshot.check(PRODUCTS, asked)), said);
    }
  }
  const changes = [{ stop: 'a' }, { kind: 'remove_node', removeNode: 'w2' }];
  assert.deepEqual(snapshot.whatIf(changes, PRODUCTS), placement.whatIf({ inventory, changes, products: PRODUCTS }));
  assert.deepEqual(snapshot.free(), placement.free({ inventory }));
});

/** What a call answers, or the code of its error. */
function told(call) {
  try {
    return call();
  } catch (error) {
    return error.code;
  }
}

test('it is made again of its members, and they are those of a call', () => {
  const added = { addNode: { name: 'w3', slots: 3, resources: { cpu: '2' } } };
  const first = new Snapshot(NODES, { running: RUNNING, sharing: 'named' });
  const snapshot = first.apply([{ stop: 'a' }, added]).apply([{ removeNode: 'w1' }]);
  const { inventory, changes } = JSON.parse(JSON.stringify(snapshot));
  const { nodes, ...more } = inventory;
  assert.equal(changes.length, 3);
  assert.ok(new Snapshot(nodes, more).apply(changes).equals(snapshot));
  const supposed = placement.whatIf({ ...snapshot.toJSON(), products: PRODUCTS });
  assert.deepEqual(supposed.products[0].after, snapshot.count(PRODUCTS)[0].count);
  const text = '{"nodes": [{"name": "w1", "resources": {"cpu": "4"}}], "running": []}';
  const read = Snapshot.fromJSON(text, '{"changes": [{"remove_node": "w1"}]}', '{"changes": []}');
  assert.deepEqual([read.nodes, read.toJSON().changes.length], [[], 1]);
});

test('it is read from what it is written as, and is an inventory of operations', () => {
  const first = new Snapshot(NODES, { running: RUNNING, sharing: 'named' });
  const changed = first.apply([{ stop: 'a' }]).apply([{ removeNode: 'w1' }]);
  for (const snapshot of [first, changed]) {
    const { inventory, changes } = snapshot.toJSON();
    for (const members of [{ inventory, changes }, { changes, inventory }]) {
      const read = Snapshot.fromJSON(JSON.stringify(members, null, 2));
      assert.ok(read.equals(snapshot));
      assert.deepEqual(read.toJSON(), snapshot.toJSON());
    }
  }
  const after = Snapshot.fromJSON(JSON.stringify(first), '{"changes": [{"stop": "a"}]}', '{"changes": [{"remove_node": "w1"}]}');
  assert.ok(after.equals(changed));
  assert.deepEqual(placement.check({ inventory: first, products: PRODUCTS }), first.check(PRODUCTS));
  assert.deepEqual(placement.free({ inventory: first }), first.free());
  assert.throws(() => placement.check({ inventory: changed, products: PRODUCTS }), {
    code: 'wire.bad_input',
    message: /`inventory`: changes were applied/,
  });
  for (const text of ['{"inventory": 5}', '{"inventory": {}, "change": []}', '{"inventory": null}', '["inventory"]', '"inventory"']) {
    assert.throws(() => Snapshot.fromJSON(text), { code: 'wire.bad_input' }, text);
  }
  assert.throws(() => Snapshot.fromJSON('{"inventory": {"nodes": []}, "changes": 5}'), { code: 'wire.bad_input' });
});

test('what is refused', () => {
  const snapshot = new Snapshot(NODES, { running: RUNNING });
  const looped = [];
  looped.push(looped);
  const calls = [
    [() => new Snapshot([{ name: 'w', resources: { cpu: 4 } }]), 'money.not_text'],
    [() => new Snapshot([{ name: 'w', resources: { cpu: 4.5 } }]), 'money.float'],
    [() => new Snapshot([{ name: 'w', resources: { cpu: NaN } }]), 'money.float'],
    [() => new Snapshot([{ name: 'w', resources: { cpu: '4e' } }]), 'placement.unknown_suffix'],
    [() => new Snapshot([{ name: 'w', slots: 1.5, resources: {} }]), 'wire.bad_input'],
    [() => new Snapshot([{ name: 'w', slots: -0, resources: {} }]), 'wire.bad_input'],
    [() => new Snapshot([{ name: 'w', slots: 2n ** 200n, resources: {} }]), 'wire.bad_input'],
    [() => new Snapshot([{ name: '\ud800', resources: {} }]), 'wire.bad_input'],
    [() => new Snapshot([{ name: 'w' }]), 'wire.bad_input'],
    [() => new Snapshot([{ name: 'w', resources: {}, colour: 'red' }]), 'wire.bad_input'],
    [() => new Snapshot([NODES[0], NODES[0]]), 'placement.duplicate_node'],
    [() => new Snapshot([], { running: RUNNING }), 'placement.unknown_node'],
    [() => new Snapshot([], { runing: RUNNING }), 'wire.bad_input'],
    [() => new Snapshot([], { nodes: NODES }), 'wire.bad_input'],
    [() => new Snapshot([], RUNNING), 'wire.bad_input'],
    [() => new Snapshot(null), 'wire.bad_input'],
    [() => new Snapshot(), 'wire.bad_input'],
    [() => new Snapshot('[]'), 'wire.bad_input'],
    [() => new Snapshot(5), 'wire.bad_input'],
    [() => new Snapshot(looped), 'wire.bad_input'],
    [() => new Snapshot([new Date(0)]), 'wire.bad_input'],
    [() => Snapshot.fromJSON('{'), 'wire.bad_input'],
    [() => Snapshot.fromJSON('{"nodes": []}', '{'), 'wire.bad_input'],
    [() => Snapshot.fromJSON(5), 'wire.bad_input'],
    [() => Snapshot.fromJSON('{"nodes": []}\ud800'), 'wire.bad_input'],
    [() => snapshot.check([{ id: 'p' }]), 'wire.bad_input'],
    [() => snapshot.check(null), 'wire.bad_input'],
    [() => snapshot.check(), 'wire.bad_input'],
    [() => snapshot.check(snapshot), 'wire.bad_input'],
    [() => snapshot.check(PRODUCTS, { detail: 'everything' }), 'placement.unknown_word'],
    [() => snapshot.check(PRODUCTS, { rule: {} }), 'wire.bad_input'],
    [() => snapshot.apply([{ stop: 'nobody' }]), 'placement.unknown_item'],
    [() => snapshot.apply([{ halt: 'nobody' }]), 'wire.bad_input'],
    [() => snapshot.apply([{ stop: 'a' }, { stop: 'a' }]), 'placement.unknown_item'],
    [() => snapshot.whatIf([{ stop: 'a' }, { stop: 'a' }], PRODUCTS), 'placement.unknown_item'],
    [() => snapshot.whatIf([{ removeNode: 'w9' }], PRODUCTS), 'placement.unknown_node'],
  ];
  const before = snapshot.free();
  for (const [place, [call, expected]] of calls.entries()) {
    assert.equal(code(call), expected, `${place}: ${call}`);
  }
  assert.deepEqual(snapshot.free(), before);
  assert.ok(snapshot.equals(new Snapshot(NODES, { running: RUNNING })));
  assert.ok([null, undefined, {}, 5, Object.create(Snapshot.prototype)].every((other) => !snapshot.equals(other)));
  assert.equal(inspect(snapshot), 'Snapshot of 2 nodes, with 1 running');
});

test('one of several has its own members, and those of a record that it lacks are null', () => {
  const taints = [{ key: 'gpu', value: 'only', effect: 'NoSchedule' }];
  const nodes = [{ name: 'w', taints, resources: { cpu: '4' } }, { name: 'c', cordoned: true, resources: { cpu: '4' } }];
  const [grey] = new Snapshot(nodes).check([{ id: 'p', parts: cores(1) }], { telling: 'every' }).products;
  assert.deepEqual([grey.id, grey.stage, grey.nodes], ['p', 'dynamic', null]);
  const reasons = grey.why.reasons.map(({ reason }) => reason);
  assert.deepEqual(reasons.find(({ is }) => is === 'taint'), { is: 'taint', key: 'gpu', value: 'only' });
  assert.deepEqual(reasons.find(({ is }) => is === 'cordoned'), { is: 'cordoned' });
  const [sellable] = new Snapshot([{ name: 'w', resources: { cpu: '4' } }]).check([{ id: 'p', parts: cores(1) }]).products;
  assert.deepEqual(sellable, { id: 'p', nodes: 1n, stage: null, why: null });
});

test('what was found about a group can be passed again', () => {
  const inventory = { nodes: [{ name: 'w', resources: { cpu: '4' } }] };
  const group = (name, replicas) => ({ name, items: [{ product: { id: name, parts: cores(3) }, replicas }] });
  const groups = [group('one', 1), group('two', 2)];
  const answers = placement.place({ inventory, groups });
  assert.deepEqual(answers.map(({ placed, impossible, gaveUp }) => [placed, impossible, gaveUp].map((of) => of !== null)), [
    [true, false, false],
    [false, true, false],
  ]);
  const verified = placement.verify({ inventory, groups, answers });
  assert.deepEqual(verified, groups.map(({ name }) => ({ group: name, is: 'verified', why: null })));
});

test('keys of an object are names, whatever they are', () => {
  const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}');
  const snapshot = new Snapshot([{ name: '__proto__', labels, resources: JSON.parse('{"__proto__": "4", "cpu": "1"}') }]);
  const [{ node, free }] = snapshot.free();
  assert.deepEqual([node, Object.entries(free)], ['__proto__', [['__proto__', '4'], ['cpu', '1']]]);
  assert.deepEqual(Object.entries(snapshot.toJSON().inventory.nodes[0].labels), Object.entries(labels));
  const { greyed, products } = snapshot.check([{ id: '__proto__', parts: [{ resource: 'constructor', amount: '1' }] }]);
  assert.deepEqual([greyed, products.map(({ id }) => id)], [['__proto__'], ['__proto__']]);
  assert.equal({}.x, undefined);
});
