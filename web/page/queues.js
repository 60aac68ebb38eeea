// @ts-check
/**
 * What waits for a program: events for `receive()`, lines for `input()`.
 *
 * Takes: texts from the page. Gives: the oldest first, to whoever waits.
 * Refuses: more than 10,000 waiting events (sandbox.md, "Limits": the oldest are kept).
 */

const MOST_EVENTS = 10_000;

export function createEvents() {
  /** @type {string[]} */
  let waiting = [];
  /** @type {((text: string) => void)[]} */
  let receivers = [];

  /** @param {string} text */
  function push(text) {
    const receiver = receivers.shift();
    if (receiver !== undefined) receiver(String(text));
    else if (waiting.length < MOST_EVENTS) waiting.push(String(text));
  }

  /** Packages written for other hosts of this protocol send events so. @param {Event} event */
  const onWindowEvent = (event) => push(/** @type {CustomEvent} */ (event).detail);
  globalThis.addEventListener?.('edge-python-event', onWindowEvent);

  return {
    push,
    /** @param {AbortSignal} signal @returns {Promise<string>} */
    next(signal) {
      const text = waiting.shift();
      if (text !== undefined) return Promise.resolve(text);
      return new Promise((resolve) => {
        receivers.push(resolve);
        signal.addEventListener('abort', () => {
          receivers = receivers.filter((receiver) => receiver !== resolve);
        }, { once: true });
      });
    },
    reset() {
      waiting = [];
    },
    dispose() {
      globalThis.removeEventListener?.('edge-python-event', onWindowEvent);
      waiting = [];
      receivers = [];
    },
  };
}

/** @param {string} text @returns {string[]} no line at all for no text */
const linesOf = (text) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/**
 * The input of one run: the lines that came with it, then whatever the page is asked for.
 * @param {string | string[] | undefined} given
 * @param {((prompt: string) => Promise<string | null>) | null} onInput
 */
export function createInput(given, onInput) {
  const lines = typeof given === 'string' ? linesOf(given) : [...(given ?? [])];
  return {
    /** @param {string} prompt @returns {Promise<string | null>} null: the end of input */
    async readLine(prompt) {
      const line = lines.shift();
      if (line !== undefined) return line;
      if (onInput !== null) return onInput(prompt);
      if (given !== undefined) return null;
      throw new Error('input() has no source here: give lines to run(), or an onInput option');
    },
  };
}
