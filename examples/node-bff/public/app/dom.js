// Elements, made in one line.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes, and children that are elements or text. What is `null` or `false` is left out. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

export function options(select, choices, chosen = select.value) {
  select.replaceChildren(...choices.map(([value, text]) => h('option', { value }, text)));
  if (choices.some(([value]) => value === chosen)) {
    select.value = chosen;
  }
}

/** A table; cells of `numeric` columns stand at the right. */
export function table({ caption, head, rows, numeric = [], foot = [] }) {
  const at = (index) => (numeric.includes(index) ? { class: 'number' } : {});
  const row = (cells, name = 'td') =>
    h(
      'tr',
      {},
      ...cells.map((cell, index) => h(name, { ...at(index), ...(name === 'th' ? { scope: 'col' } : {}) }, cell)),
    );
  const whole = h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, row(head, 'th')),
    h('tbody', {}, ...rows.map((cells) => row(cells))),
    foot.length > 0 ? h('tfoot', {}, ...foot.map((cells) => row(cells))) : null,
  );
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, whole);
}

/** As wide as a drawing can be here, so that its letters are as large as those around it. */
export function drawingWidth(most) {
  return Math.min(most, document.documentElement.clientWidth - 80);
}

/** Shows what went wrong, or takes it away. */
export function problem(element, text) {
  element.hidden = text === null;
  element.textContent = text ?? '';
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
