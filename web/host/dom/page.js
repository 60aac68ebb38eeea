// @ts-check
/**
 * What one program holds of the page: ids for objects that cannot cross to it, and the listeners that it started.
 *
 * Takes: elements, files, animations, and things that go on until they are ended. Gives: an integer for each, the same one
 * for the same object, and the object back; events as JSON text.
 * Refuses: ids that it did not give, or gave for something else.
 *
 * Whatever is kept for an element ends with that element's id, and all of it ends with the program's world.
 */
import { PythonError } from '../registry.js';

/** @typedef {'element' | 'file' | 'listener' | 'animation'} Kind */

/**
 * @typedef {object} Kept
 * @property {Kind} kind
 * @property {object} value
 * @property {object | null} owner  an element, with whose id this one ends
 * @property {() => void} end
 */

/** What a listener is besides its id. @typedef {{ type: string, selector: string | null }} Listener */

const nothing = () => {};

export class Page {
  /** @type {Map<number, Kept>} */
  #kept = new Map();
  /** @type {WeakMap<object, number>} */
  #ids = new WeakMap();
  /** @type {WeakMap<object, Set<number>>} */
  #owned = new WeakMap();
  /** @type {Map<unknown, () => void>} */
  #endings = new Map();
  #last = 0;

  /** @param {{ pushEvent: (text: string) => void, signal: AbortSignal }} context */
  constructor({ pushEvent, signal }) {
    this.pushEvent = pushEvent;
    signal.addEventListener('abort', () => {
      for (const { end } of this.#kept.values()) end();
      for (const end of this.#endings.values()) end();
      this.#kept.clear();
      this.#endings.clear();
    }, { once: true });
  }

  /** @param {Element} element */
  idOf(element) {
    return this.keep('element', element);
  }

  /** @param {Element | null} element */
  idOrNone(element) {
    return element === null ? null : this.idOf(element);
  }

  /** @param {Iterable<Element>} elements */
  idsOf(elements) {
    return Array.from(elements, (element) => this.idOf(element));
  }

  /**
   * @param {Kind} kind
   * @param {object} value
   * @param {object | null} [owner]  an element, or the window
   * @param {() => void} [end]
   */
  keep(kind, value, owner = null, end = nothing) {
    const known = this.#ids.get(value);
    if (known !== undefined && this.#kept.has(known)) return known;
    const id = (this.#last += 1);
    this.#ids.set(value, id);
    this.#kept.set(id, { kind, value, owner, end });
    if (owner !== null) {
      const owned = this.#owned.get(owner);
      if (owned === undefined) this.#owned.set(owner, new Set([id]));
      else owned.add(id);
    }
    return id;
  }

  /**
   * @param {Kind} kind
   * @param {number} id
   * @returns {any}
   */
  find(kind, id) {
    const found = this.#kept.get(id);
    if (found?.kind === kind) return found.value;
    if (found !== undefined) throw new PythonError('ValueError', `${id} is the id of ${article(found.kind)}, not of ${article(kind)}`);
    const why = kind === 'element' ? 'removed' : 'released';
    throw new PythonError('ValueError', `dom has no ${kind} ${id} (was it ${why}, or is the id from an earlier run?)`);
  }

  /**
   * The same for what ends by itself: null where it has, because no program can know that in time.
   * @param {Kind} kind
   * @param {number} id
   */
  findGoing(kind, id) {
    return id > 0 && id <= this.#last && !this.#kept.has(id) ? null : this.find(kind, id);
  }

  /** Ends what may have ended. @param {number} id */
  releaseIfThere(id) {
    if (this.#kept.has(id)) this.release(id);
  }

  /** What must be undone when the world ends, by a key that the program may give before. @param {unknown} key @param {() => void} end */
  atEnd(key, end) {
    this.#endings.set(key, end);
  }

  /** @param {unknown} key */
  endNow(key) {
    this.#endings.get(key)?.();
    this.#endings.delete(key);
  }

  /** Ends what an id stands for, and all that is kept with it. @param {number} id */
  release(id) {
    const found = this.#kept.get(id);
    if (found === undefined) throw new PythonError('ValueError', `dom has nothing with the id ${id} (was it released before?)`);
    this.#kept.delete(id);
    found.end();
    if (found.owner !== null) this.#owned.get(found.owner)?.delete(id);
    if (found.kind === 'element') for (const owned of [...(this.#owned.get(found.value) ?? [])]) this.release(owned);
  }

  /** An element that leaves the page is forgotten with all inside it. @param {Element} element */
  forget(element) {
    this.forgetWithin(element);
    this.#forgetOne(element);
  }

  /** @param {Element} element */
  #forgetOne(element) {
    const id = this.#ids.get(element);
    if (id !== undefined) this.releaseIfThere(id);
  }

  /** @param {Element} element */
  forgetWithin(element) {
    for (const inner of element.querySelectorAll('*')) this.#forgetOne(inner);
  }

  /** The ids of an element's listeners, or the window's. @param {object} owner @param {(listener: Listener) => boolean} [wanted] */
  listenersOf(owner, wanted = () => true) {
    return [...(this.#owned.get(owner) ?? [])].filter((id) => {
      const found = this.#kept.get(id);
      return found?.kind === 'listener' && wanted(/** @type {Listener} */ (found.value));
    });
  }

  /**
   * One event for `receive()`.
   * @param {string} type
   * @param {Element | null} target  null for the window
   * @param {number | null} listener
   * @param {unknown} detail
   */
  send(type, target, listener, detail) {
    const data = target instanceof HTMLElement || target instanceof SVGElement ? { ...target.dataset } : {};
    const event = { type, target: this.idOrNone(target), listener, data };
    let text;
    try {
      text = JSON.stringify({ ...event, detail: detail ?? null });
    } catch {
      text = JSON.stringify({ ...event, detail: null }); // a page's own detail need not be JSON
    }
    this.pushEvent(text);
  }
}

/** @param {Kind} kind */
const article = (kind) => (kind === 'file' || kind === 'listener' ? `a ${kind}` : `an ${kind}`);
