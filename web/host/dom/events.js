// @ts-check
/**
 * `dom`: events, which a program reads with `receive()`.
 *
 * Takes: elements, types of events, options. Gives: ids of listeners; events as JSON text. Refuses: events that the page
 * itself sends to every program.
 *
 * A program hears of an event after it has happened. So what must be decided while it happens, such as `prevent`, is said
 * when the listening begins.
 */
import { PythonError } from '../registry.js';
import { detailOf } from './details.js';
import { changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */
/** @typedef {import('./page.js').Page} Page */

/**
 * @typedef {object} Options
 * @property {boolean} prevent
 * @property {boolean} stop
 * @property {boolean} once
 * @property {boolean} capture
 * @property {boolean} passive
 * @property {string | null} selector
 * @property {string[]} keys
 * @property {number} throttle
 */

/** By default a submit would leave the page before the program could answer, and a dropped file would replace it. */
const PREVENTED = new Set(['submit', 'drop']);
/** How a page talks to all its programs; one of them must not. */
const RESERVED = 'edge-python-event';

/**
 * @param {Page} page
 * @param {Element | null} element  null for the window
 * @param {string} type
 * @param {Options} options
 */
function listen(page, element, type, options) {
  const { selector, keys, capture, passive, once } = options;
  if (passive && options.prevent) throw new PythonError('ValueError', "a 'passive' listener cannot 'prevent' what the browser does");
  if (selector !== null) readable(selector);
  const place = element ?? window;
  const listener = { type, selector };
  // Once is enough: two would send every event twice.
  const former = page.listenersOf(place, (each) => each.type === type && each.selector === selector);
  for (const each of former) page.release(each);

  const ended = new AbortController();
  const send = throttled(options.throttle, ended.signal, (/** @type {Element | null} */ target, /** @type {unknown} */ detail) => {
    if (once) page.release(id);
    page.send(type, target, id, detail);
  });
  /** @param {Event} event */
  const heard = (event) => {
    const target = selector === null ? element : match(event, element, selector);
    if (selector !== null && target === null) return;
    if (event instanceof KeyboardEvent && keys.length > 0 && !keys.includes(event.key)) return;
    if ((options.prevent || PREVENTED.has(type)) && !passive) event.preventDefault();
    if (options.stop) event.stopPropagation();
    send(target, detailOf(event, target, page));
  };
  const id = page.keep('listener', listener, place, () => ended.abort());
  place.addEventListener(type, heard, { capture, passive, signal: ended.signal });
  // Browsers let something be dropped only where dragging over it was prevented.
  if (type === 'drop') place.addEventListener('dragover', (event) => event.preventDefault(), { signal: ended.signal });
  return id;
}

/** @param {string} selector */
function readable(selector) {
  try {
    document.createDocumentFragment().querySelector(selector);
  } catch {
    throw new PythonError('ValueError', `'${selector}' is not a selector that this browser reads`);
  }
}

/**
 * The innermost element inside the one that is listened to that matches.
 * @param {Event} event
 * @param {Element | null} element
 * @param {string} selector
 */
function match(event, element, selector) {
  const from = event.target instanceof Element ? event.target.closest(selector) : null;
  return from !== null && from !== element && (element ?? document).contains(from) ? from : null;
}

/**
 * The first at once, then the latest of each span of time; the last one is never lost.
 * @template {any[]} A
 * @param {number} seconds
 * @param {AbortSignal} ended
 * @param {(...args: A) => void} send
 * @returns {(...args: A) => void}
 */
function throttled(seconds, ended, send) {
  if (seconds <= 0) return send;
  /** @type {A | null} */
  let latest = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const next = () => {
    waiting = undefined;
    if (latest === null) return;
    const args = latest;
    latest = null;
    waiting = setTimeout(next, seconds * 1000);
    send(...args);
  };
  ended.addEventListener('abort', () => clearTimeout(waiting), { once: true });
  return (...args) => {
    latest = args;
    if (waiting === undefined) next();
  };
}

/** @type {Group} */
export const events = {
  title: 'Events',
  doc: 'Every event comes through `receive()`, as JSON text: `{"type": …, "target": …, "listener": …, "data": …, "detail": …}`. '
    + 'See [What an event says](#what-an-event-says).',
  functions: [
    {
      signature: 'listen(element: Element, type: str, options: ListenOptions = {}) -> Listener',
      doc: 'From now on events of that type on the element, or inside it, are told. Listening again to the same takes the place of before.',
      raises: { ValueError: 'where options do not go together, or the selector cannot be read' },
      run: (page, element, type, options) => listen(page, element, type, options),
    },
    {
      signature: 'listen_window(type: str, options: ListenOptions = {}) -> Listener',
      doc: 'The same for what happens to the window: `resize`, `hashchange`, `visibilitychange`, `online`, `offline`, keys wherever '
        + 'the focus is. `target` is `None`.',
      raises: { ValueError: 'as for `listen`' },
      run: (page, type, options) => listen(page, null, type, options),
    },
    {
      signature: 'unlisten(element: Element, type: str | None = None) -> None',
      doc: 'Ends the listeners of an element: those for one type, or all.',
      run: (page, element, type) => {
        for (const id of page.listenersOf(element, (each) => type === null || each.type === type)) page.release(id);
      },
    },
    {
      signature: 'stop(listener: Listener) -> None',
      doc: 'Ends one: what `listen`, `listen_window` or an observer gave. One that has ended by itself may be stopped again.',
      raises: { ValueError: 'where it is the id of something else' },
      run: (page, listener) => {
        if (page.findGoing('listener', listener) !== null) page.release(listener);
      },
    },
    {
      signature: 'dispatch(element: Element, type: str, detail: Any = None, bubbles: bool = True) -> bool',
      doc: 'Sends a `CustomEvent`, to the page and to listeners of this program. `False` where somebody prevented it.',
      raises: { ValueError: "for 'edge-python-event', by which the page speaks to every program" },
      run: (_, element, type, detail, bubbles) => {
        if (type === RESERVED) throw new PythonError('ValueError', `dom does not send '${RESERVED}': by it the page speaks to every program`);
        return changeable(element).dispatchEvent(new CustomEvent(type, { detail, bubbles, cancelable: true }));
      },
    },
    {
      signature: 'click(element: Element) -> None',
      doc: 'Does what a click would.',
      run: (_, element) => {
        if (changeable(element) instanceof HTMLElement) element.click();
        else element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
      },
    },
    {
      signature: 'capture_pointer(element: Element, pointer: int) -> None',
      doc: 'Until the pointer is lifted, its events go to the element, wherever it moves: for dragging. The number is '
        + '`detail["pointer"]` of a `pointerdown`.',
      raises: { ValueError: 'where that pointer is not pressed' },
      run: (_, element, pointer) => changeable(element).setPointerCapture(pointer),
    },
  ],
};
