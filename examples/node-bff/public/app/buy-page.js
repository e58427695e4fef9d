// What can be bought now: products that fit nowhere are grey, and say why. And what a node more would change.

import { get, latest, post } from './api.js';
import { byId, h, problem, table } from './dom.js';
import { onLanguage, t, told } from './language.js';

const form = byId('what-if');
let page = null;
let change = null;

const ask = latest((signal, body) => post('api/buy-page/what-if', body, signal), {
  done: (answer) => {
    change = answer;
    problem(byId('what-if-problem'), null);
    drawChange();
  },
  refused: (message) => {
    change = null;
    drawChange();
    problem(byId('what-if-problem'), message);
  },
});

export async function startBuyPage() {
  page = await get('api/buy-page');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask(node());
  });
  onLanguage(() => {
    drawProducts();
    drawChange();
  });
  drawProducts();
}

function node() {
  const { name, cpu, memory, model, cards } = form.elements;
  const gpu = model.value === '' ? {} : { gpu: { model: model.value, count: cards.value.trim() } };
  return { name: name.value.trim(), cpu: cpu.value.trim(), memory: `${memory.value.trim()}Gi`, ...gpu };
}

function drawProducts() {
  const [sold, grey] = [true, false].map((wanted) => page.products.filter(({ sellable }) => sellable === wanted));
  byId('product-list').replaceChildren(...[...sold, ...grey].map(card));
}

function card({ id, name, parts, sellable, count, reason, hint, hourly }) {
  const why = `why-${id}`;
  const button = h(
    'button',
    { type: 'button', disabled: !sellable, 'aria-describedby': sellable ? null : why, 'data-product': id },
    t('products.buy'),
  );
  button.addEventListener('click', () => button.replaceChildren(t('products.bought')));
  return h(
    'li',
    { class: sellable ? 'card' : 'card grey' },
    h('h2', {}, told(name)),
    h('p', { class: 'quiet' }, parts.map(({ resource, amount }) => `${resource} ${amount}`).join(' · ')),
    h('p', { class: 'amount' }, t('products.hourly', { hourly })),
    h(
      'p',
      { class: sellable ? 'badge' : 'badge none' },
      sellable ? t('products.count', { count }) : t('products.none'),
    ),
    sellable ? null : h('p', { id: why, class: 'reason' }, told(reason)),
    hint === null ? null : h('p', { class: 'reason hint' }, told(hint)),
    button,
  );
}

function drawChange() {
  byId('what-if-result').replaceChildren(...(change ? [verdict(), changes()] : []));
}

function verdict() {
  const names = change.before.filter((id) => !change.after.includes(id)).map(nameOf);
  const text = names.length > 0 ? t('products.becomes', { names: names.join(t('and')) }) : t('products.nothingBecomes');
  return h('p', { class: 'verdict' }, text);
}

function changes() {
  return table({
    caption: t('products.changes'),
    head: [t('products.product'), t('products.before'), t('products.after')],
    rows: change.products.map(({ id, before, after }) => [nameOf(id), before, after]),
    numeric: [1, 2],
  });
}

function nameOf(id) {
  return told(page.products.find((one) => one.id === id).name);
}
