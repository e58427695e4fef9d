// A dialog keeps the focus: after its last control comes its first. Escape closes it, as the browser does by itself.

const REACHED = 'button:not(:disabled), input:not(:disabled), select, summary, [tabindex="0"]';

export function keepFocusInside(dialog) {
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab') {
      return;
    }
    const reached = [...dialog.querySelectorAll(REACHED)].filter((element) => element.checkVisibility());
    const [first, last] = [reached[0], reached.at(-1)];
    const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
    if (leaves) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
}
