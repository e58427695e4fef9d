// The dialog of address ranges: split, cut into few pieces, merge; drawn as a map, with a table beside it.

import { latest, post } from './api.js';
import { addressMap } from './address-map.js';
import { byId, h, problem, table } from './dom.js';
import { onLanguage, t, told } from './language.js';
import { keepFocusInside } from './focus.js';

const EXAMPLES = ['10.40.0.0/22', '10.0.0.1-10.0.0.200/24', '2001:db8::/44'];
const LENGTHS = { '10.40.0.0/22': '26', '10.0.0.1-10.0.0.200/24': '27', '2001:db8::/44': '48' };

const dialog = byId('range-dialog');
const form = byId('range-form');
const chosen = new Set();
let drawn = null;
let status = null;

const ask = latest((signal, path, body) => post(`api/ranges/${path}`, body, signal), {
  done: (answer) => {
    drawn = answer;
    chosen.clear();
    say('ranges.shown', { count: answer.count, size: answer.size });
    draw();
  },
  refused: (message) => problem(byId('range-problem'), message),
});

const askMerge = latest((signal, body) => post('api/ranges/merge', body, signal), {
  done: merged,
  refused: (message) => problem(byId('range-problem'), message),
});

export function startRanges() {
  byId('open-range').addEventListener('click', () => open(EXAMPLES[0]));
  byId('close-range').addEventListener('click', () => dialog.close());
  byId('merge').addEventListener('click', () => askMerge({ within: drawn.range, pieces: inOrder() }));
  byId('clear').addEventListener('click', () => {
    chosen.clear();
    draw();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show();
  });
  form.addEventListener('change', showFields);
  keepFocusInside(dialog);
  onLanguage(() => {
    drawExamples();
    draw();
  });
  drawExamples();
  showFields();
}

function drawExamples() {
  byId('range-list').replaceChildren(
    ...EXAMPLES.map((range) =>
      h(
        'li',
        { class: 'card' },
        h('h2', { class: 'code' }, range),
        h(
          'button',
          { type: 'button', 'aria-label': t('ranges.openThis', { range }), onclick: () => open(range) },
          t('ranges.plan.this'),
        ),
      ),
    ),
  );
}

function open(range) {
  form.elements.range.value = range;
  form.elements.prefix.value = LENGTHS[range];
  dialog.showModal();
  form.elements.range.focus();
  show();
}

/** How many blocks are wanted is asked for a plan only. */
function showFields() {
  form.elements.count.closest('label').hidden = form.elements.mode.value !== 'minimal-plan';
}

function show() {
  const { range, prefix, count, mode } = form.elements;
  const length = prefix.value.trim().replace('/', '');
  const body = { range: range.value.trim(), length: /^\d{1,3}$/.test(length) ? Number(length) : length };
  problem(byId('range-problem'), null);
  ask(mode.value, mode.value === 'minimal-plan' ? { ...body, count: count.value.trim() } : body);
}

function draw() {
  drawButtons();
  byId('range-status').textContent = status ? t(status.key, status.values) : '';
  if (drawn === null) {
    return;
  }
  const map = addressMap({ pieces: drawn.pieces, chosen, onChoose: toggle });
  byId('map').replaceChildren(map, legend(), rows());
}

function drawButtons() {
  byId('merge').disabled = chosen.size === 0;
  byId('clear').disabled = chosen.size === 0;
}

function toggle(range) {
  if (!chosen.delete(range)) {
    chosen.add(range);
  }
  drawButtons();
  say('ranges.chosen', { count: chosen.size });
  byId('range-status').textContent = t(status.key, status.values);
}

function inOrder() {
  return drawn.pieces.map(({ range }) => range).filter((range) => chosen.has(range));
}

/** One piece in place of those that were merged, or all that is wrong. */
function merged({ piece, violations }) {
  if (piece === null) {
    problem(byId('range-problem'), violations.map(({ message }) => told(message)).join('; '));
    return;
  }
  problem(byId('range-problem'), null);
  const first = drawn.pieces.findIndex(({ range }) => chosen.has(range));
  const rest = drawn.pieces.filter(({ range }) => !chosen.has(range));
  rest.splice(first, 0, piece);
  drawn = { ...drawn, pieces: rest };
  chosen.clear();
  say('ranges.merged', { range: piece.range, size: piece.size });
  draw();
  byId('map').querySelectorAll('[role=option]')[first].focus();
}

function say(key, values) {
  status = { key, values };
}

function legend() {
  const more = drawn.next === null ? '' : t('ranges.more', { shown: drawn.pieces.length, count: drawn.count });
  return h('p', { class: 'quiet' }, `${t('ranges.keys')} ${more}`);
}

function rows() {
  const whole = table({
    caption: t('ranges.table'),
    head: [t('ranges.range'), t('ranges.first'), t('ranges.last'), t('ranges.size'), t('ranges.purpose')],
    rows: drawn.pieces.map(({ range, first, last, size, purpose }) => [
      range,
      first,
      last,
      size,
      purpose ? t(`purpose.${purpose}`) : '–',
    ]),
    numeric: [3],
  });
  return h('details', {}, h('summary', {}, t('ranges.asTable')), whole);
}
