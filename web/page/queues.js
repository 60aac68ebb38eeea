// @ts-check
/**
 * What waits for a program (events for `receive()`, lines for `input()`), and how fast an engine may speak.
 *
 * Takes: texts from the page; messages of an engine. Gives: the oldest first, to whoever waits.
 * Refuses: more than 10,000 waiting events (sandbox.md, "Limits": the oldest are kept, and `receive()` says where some are missing);
 * an engine that floods the page.
 */
import { ProtocolError } from '../protocol.js';

const MOST_EVENTS = 10_000;
/** Messages in one second. An honest engine gathers its output, and waits for the answers of its calls: it stays below a third. */
const MOST_MESSAGES = 30_000;
const SECOND = 1_000;

export function createEvents() {
  /** A number stands for events that were lost there. @type {(string | number)[]} */
  let waiting = [];
  /** @type {((text: string) => void)[]} */
  let receivers = [];

  /** @param {string} text */
  function push(text) {
    const receiver = receivers.shift();
    if (receiver !== undefined) receiver(String(text));
    else if (waiting.length < MOST_EVENTS) waiting.push(String(text));
    else if (typeof waiting.at(-1) === 'number') waiting.push(Number(waiting.pop()) + 1);
    else waiting.push(1);
  }

  /** Packages written for other hosts of this protocol send events so. @param {Event} event */
  const onWindowEvent = (event) => push(/** @type {CustomEvent} */ (event).detail);
  globalThis.addEventListener?.('edge-python-event', onWindowEvent);

  return {
    push,
    /** @param {AbortSignal} signal @returns {Promise<string>} */
    next(signal) {
      const text = waiting.shift();
      if (typeof text === 'string') return Promise.resolve(text);
      if (text !== undefined) {
        return Promise.reject(new Error(`more than ${MOST_EVENTS.toLocaleString('en')} events waited: ${text.toLocaleString('en')} are lost`));
      }
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

/**
 * The page's measure of one engine's messages.
 * @returns {() => void}  called for each
 */
export function createMeter() {
  let began = 0;
  let count = 0;
  return () => {
    count += 1;
    if (count % 1_000 !== 0) return;
    const now = performance.now();
    if (now - began > SECOND) [began, count] = [now, 0];
    else if (count >= MOST_MESSAGES) throw new ProtocolError('the engine flooded the page with messages');
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
