// @ts-check
/**
 * The demo page's own script.
 *
 * Takes: the three elements of the page.
 * Gives: the second one its URL module; the file viewer its tabs and colours; the Copy buttons their work; with `?offline` in the
 * address, a page that starts without a network the next time, and a line that says so.
 * Refuses: nothing. Everything that it asks for comes from this page's own server.
 */

import { workOffline } from '../offline.js';
import { showFiles } from './files.js';

/** The digest of cdn/palette.py. Other bytes than these are refused before the program starts. */
const PALETTE_SHA256 = '8cd0676c6355e42d054f54fe940961d12e8562f02def68a47d01b65fd268bc39';

const garden = /** @type {import('../element.js').EdgePythonElement} */ (document.querySelector('#garden'));
garden.imports = { palette: `${new URL('./cdn/palette.py', location.href).href}#sha256-${PALETTE_SHA256}` };

for (const viewer of document.querySelectorAll('[data-files]')) void showFiles(/** @type {HTMLElement} */ (viewer));

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-copy]'))) {
  button.addEventListener('click', async () => {
    const text = document.querySelector(button.dataset['copy'] ?? '')?.textContent ?? '';
    let answer = 'Copied';
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      answer = 'Select and copy by hand';
    }
    button.textContent = answer;
    setTimeout(() => (button.textContent = 'Copy'), 1600);
  });
}

if (new URLSearchParams(location.search).has('offline')) {
  const note = /** @type {HTMLElement} */ (document.querySelector('#offline'));
  note.hidden = false;
  note.textContent = 'Getting ready to work offline …';
  workOffline().then(
    () => (note.textContent = 'Ready to work offline: from now on this page starts without a network.'),
    (error) => (note.textContent = `Not ready to work offline: ${error.message}.`),
  );
}
