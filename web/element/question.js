// @ts-check
/**
 * The line in which a reader answers `input()`.
 *
 * Takes: a prompt, one at a time.
 * Gives: a promise of the answer; null for the end of input (Escape, or when the run ends under the question).
 * Refuses: a second question while one is open; the first is then ended.
 */

let serial = 0;

export class Question {
  element;
  /** Whether the reader was in the form when the last question ended: it is gone, and focus must be somewhere. */
  hadFocus = false;
  #label;
  #field;
  /** @type {((answer: string | null) => void) | null} */
  #answer = null;

  constructor() {
    const id = `edge-question-${(serial += 1)}`;
    const form = document.createElement('form');
    form.className = 'question';
    form.setAttribute('part', 'input');
    form.hidden = true;
    this.#label = document.createElement('label');
    this.#label.htmlFor = id;
    this.#field = document.createElement('input');
    this.#field.id = id;
    this.#field.type = 'text';
    this.#field.autocomplete = 'off';
    this.#field.setAttribute('autocapitalize', 'off');
    this.#field.spellcheck = false;
    this.#field.enterKeyHint = 'send';
    this.#field.setAttribute('part', 'input-field');
    const hint = document.createElement('span');
    hint.className = 'hidden-label';
    hint.id = `${id}-hint`;
    hint.textContent = 'Enter sends the answer. Escape ends the input.';
    this.#field.setAttribute('aria-describedby', hint.id);
    const send = document.createElement('button');
    send.type = 'submit';
    send.textContent = 'Send';
    send.setAttribute('part', 'button input-button');
    form.append(this.#label, this.#field, hint, send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#settle(this.#field.value);
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation(); // a dialog around the element stays open
      this.#settle(null);
    });
    this.element = form;
  }

  /** Whether one waits for its answer. */
  get open() {
    return this.#answer !== null;
  }

  /**
   * @param {string} prompt
   * @param {object} how
   * @param {boolean} how.focus   only where the reader already is in this element: a page must not jump by itself
   * @param {boolean} how.label   whether the prompt is drawn here; else it stands in the output above, and names the field
   * @returns {Promise<string | null>}
   */
  ask(prompt, { focus, label }) {
    this.cancel();
    this.#label.textContent = prompt.trim() === '' ? 'Input' : prompt.trim();
    this.#label.className = label ? '' : 'hidden-label';
    this.#field.value = '';
    this.element.hidden = false;
    if (focus) this.#field.focus({ preventScroll: false });
    return new Promise((resolve) => (this.#answer = resolve));
  }

  cancel() {
    this.#settle(null);
  }

  /** @param {string | null} text */
  #settle(text) {
    const answer = this.#answer;
    if (answer === null) return;
    this.#answer = null;
    this.hadFocus = this.element.matches(':focus-within');
    this.element.hidden = true;
    answer(text);
  }
}
