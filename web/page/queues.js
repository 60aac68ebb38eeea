// @ts-check
/**
 * What waits for a program (events for `receive()`), and how fast an engine may speak.
 *
 * Takes: texts from the page; messages of an engine. Gives: the oldest first, to whoever waits.
 * Refuses: more than 10,000 waiting events (sandbox.md, "Limits": the oldest are kept, and `receive()` says where some are missing);
 * an engine that floods the page.
 */
import { ProtocolError } from '../protocol.js';

const MOST_EVENTS = 10_000;
/**
 * Weight of the messages in one second. An honest engine gathers its output, and waits for the answers of its calls: it stays
 * below a third.
 */
const MOST_WEIGHT = 30_000;
/** What weighs as much as a message does: so many characters or bytes, entries of lists, objects, questions that the page itself answers. */
const UNIT = Object.freeze({ text: 16_384, entries: 256, objects: 16, waits: 4 });
/** Weight of a timer of the engine's. An honest one sets few: browsers hold them 4 ms apart. One that only says so would put off its end. */
const AWAKE = 30;
/** A clock is not looked at more often. */
const BETWEEN_LOOKS = 1_000;
const SECOND = 1_000;

/** One that waits; where `lost` is not 0, so many were lost there instead. @typedef {{ turn: number, text: string, lost: number }} Waiting */

export function createEvents() {
  /** The page's own, and what host packages say to the run at hand. @type {Record<'page' | 'packages', Waiting[]>} */
  let waiting = { page: [], packages: [] };
  let turns = 0;
  /** In their order. A set, because each may leave at any time. @type {Set<(text: string) => void>} */
  const receivers = new Set();

  /** @param {string} text @param {Waiting[]} queue */
  function put(text, queue) {
    const [receiver] = receivers;
    if (receiver !== undefined) return receiver(text);
    const last = queue.at(-1);
    if (queue.length < MOST_EVENTS) queue.push({ turn: (turns += 1), text, lost: 0 });
    else if (last !== undefined && last.lost > 0) last.lost += 1;
    else queue.push({ turn: (turns += 1), text: '', lost: 1 });
  }

  /** Whichever came first. */
  function take() {
    const { page: [ours], packages: [theirs] } = waiting;
    const fromPage = theirs === undefined || (ours !== undefined && ours.turn < theirs.turn);
    return (fromPage ? waiting.page : waiting.packages).shift();
  }

  /** @param {string} text */
  const push = (text) => put(String(text), waiting.page);
  /** Packages written for other hosts of this protocol send events so. @param {Event} event */
  const onWindowEvent = (event) => push(/** @type {CustomEvent} */ (event).detail);
  globalThis.addEventListener?.('edge-python-event', onWindowEvent);

  return {
    push,
    /** An event of a host package's. @param {string} text */
    pushFromPackage: (text) => put(String(text), waiting.packages),
    /** @param {AbortSignal} signal @returns {Promise<string>} */
    next(signal) {
      const found = take();
      if (found !== undefined && found.lost > 0) {
        const [most, lost] = [MOST_EVENTS, found.lost].map((count) => count.toLocaleString('en'));
        return Promise.reject(new Error(`more than ${most} events waited: ${lost} are lost`));
      }
      if (found !== undefined) return Promise.resolve(found.text);
      return new Promise((resolve) => {
        const leave = () => receivers.delete(receiver);
        const receiver = (/** @type {string} */ text) => {
          leave();
          signal.removeEventListener('abort', leave);
          resolve(text);
        };
        receivers.add(receiver);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    /** A run begins: what packages said to an earlier one is not for it. */
    begin() {
      waiting.packages = [];
    },
    reset() {
      waiting = { page: [], packages: [] };
    },
    dispose() {
      globalThis.removeEventListener?.('edge-python-event', onWindowEvent);
      waiting = { page: [], packages: [] };
      receivers.clear();
    },
  };
}

/**
 * The page's measure of one engine's messages.
 * @returns {(weight: number) => void}  called for each
 */
export function createMeter() {
  let began = 0;
  let sum = 0;
  let nextLook = BETWEEN_LOOKS;
  return (weight) => {
    sum += weight;
    if (sum < nextLook) return;
    const now = performance.now();
    if (now - began > SECOND) [began, sum] = [now, 0];
    else if (sum >= MOST_WEIGHT) throw new ProtocolError('the engine flooded the page with messages');
    nextLook = sum + BETWEEN_LOOKS;
  };
}

/**
 * What a message costs the page: a large one as much as many small ones.
 * @param {unknown} message  of the protocol's shape
 */
export function weigh(message) {
  let weight = /** @type {any} */ (message)?.type === 'awake' ? AWAKE : 1;
  const parts = [message];
  while (parts.length > 0) {
    const part = parts.pop();
    if (typeof part === 'string') {
      weight += part.length / UNIT.text;
    } else if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) {
      weight += part.byteLength / UNIT.text;
    } else if (typeof part === 'object' && part !== null) {
      const entries = Object.values(part);
      weight += Array.isArray(part) ? part.length / UNIT.entries : 1 / (isWait(part) ? UNIT.waits : UNIT.objects);
      for (const entry of entries) if (typeof entry === 'string' || typeof entry === 'object') parts.push(entry);
    }
  }
  return weight;
}

/** Whether it is a question for input, an event or a frame, as the protocol has them. @param {object} part */
const isWait = (part) => 'what' in part && part.what !== 'call';
