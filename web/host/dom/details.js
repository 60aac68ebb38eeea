// @ts-check
/**
 * `dom`: what a program is told about an event, beyond its type and target.
 *
 * Takes: an event, and the element that was listened to. Gives: a value that JSON can hold. Refuses: nothing; an event
 * that says no more than its name gives `null`.
 */
import { describeFiles } from './files.js';
import { formData, isField, isTickable } from './forms.js';
import { mediaState } from './media.js';

/** @typedef {import('./page.js').Page} Page */

/**
 * An event is of several classes at once: a click is of the pointer, and of the mouse. Each adds what it knows. By name,
 * because not every browser has every class, and because Node has none when it reads the documentation from here.
 * @type {Record<string, (event: any, element: Element | null, page: Page) => object>}
 */
const KINDS = {
  KeyboardEvent: (event) => ({ key: event.key, code: event.code, repeat: event.repeat, ...modifiers(event) }),
  MouseEvent: (event, element) => ({ ...point(event, element), button: event.button, buttons: event.buttons, ...modifiers(event) }),
  PointerEvent: (event) => ({ pointer: event.pointerId, pointer_type: event.pointerType, pressure: event.pressure }),
  WheelEvent: (event) => ({ delta_x: event.deltaX, delta_y: event.deltaY }),
  TouchEvent: (event, element) => ({
    touches: Array.from(event.touches, (touch) => ({ id: touch.identifier, ...point(touch, element) })),
    ...modifiers(event),
  }),
  // What is dragged over an element is not the page's to read before it is dropped.
  DragEvent: (event, _, page) => (event.type === 'drop' ? carried(event.dataTransfer, page) : {}),
  ClipboardEvent: (event, _, page) => (event.type === 'paste' ? carried(event.clipboardData, page) : {}),
  InputEvent: (event) => ({ input: event.inputType, inserted: event.data }),
  SubmitEvent: (event, _, page) => ({ values: formData(page, event.target, event.submitter), submitter: page.idOrNone(event.submitter) }),
  AnimationEvent: (event) => ({ name: event.animationName, elapsed: event.elapsedTime }),
  TransitionEvent: (event) => ({ name: event.propertyName, elapsed: event.elapsedTime }),
};

/** What the window's own events are about. @type {Record<string, () => object>} */
const WINDOW = {
  hashchange: () => ({ hash: location.hash }),
  popstate: () => ({ hash: location.hash }),
  online: () => ({ online: true }),
  offline: () => ({ online: false }),
  resize: () => ({ width: innerWidth, height: innerHeight }),
  scroll: () => ({ x: scrollX, y: scrollY }),
  visibilitychange: () => ({ visible: document.visibilityState === 'visible' }),
};

/**
 * @param {Event} event
 * @param {Element | null} element  null for the window
 * @param {Page} page
 * @returns {unknown}
 */
export function detailOf(event, element, page) {
  if (event instanceof CustomEvent) return event.detail;
  const parts = Object.entries(KINDS)
    .filter(([name]) => event instanceof (/** @type {any} */ (globalThis)[name] ?? Never))
    .map(([, tell]) => tell(event, element, page));
  parts.push(targetState(event, page));
  if (element === null && Object.hasOwn(WINDOW, event.type)) parts.push(WINDOW[event.type]?.() ?? {});
  const detail = Object.assign({}, ...parts);
  return Object.keys(detail).length === 0 ? null : detail;
}

/** A class that nothing is an instance of. */
class Never {}

/** What the element is like to which it happened. @param {Event} event @param {Page} page @returns {object} */
function targetState({ target, type }, page) {
  if (isField(target)) {
    return {
      name: target.name,
      value: target.value,
      ...(isTickable(target) ? { checked: target.checked } : {}),
      ...(target instanceof HTMLSelectElement && target.multiple ? { selected: Array.from(target.selectedOptions, ({ value }) => value) } : {}),
      ...(target instanceof HTMLInputElement && target.type === 'file' ? { files: describeFiles(page, target.files) } : {}),
    };
  }
  if (target instanceof HTMLMediaElement) return mediaState(target);
  if (target instanceof HTMLDialogElement) return { open: target.open, value: target.returnValue };
  if (target instanceof HTMLDetailsElement) return { open: target.open };
  if (target instanceof Element && type === 'scroll') return { x: target.scrollLeft, y: target.scrollTop };
  return {};
}

/** Where in the window, and where in the element. @param {{ clientX: number, clientY: number }} event @param {Element | null} element */
function point({ clientX: x, clientY: y }, element) {
  if (element === null) return { x, y };
  const { left, top } = element.getBoundingClientRect();
  return { x, y, inside_x: x - left, inside_y: y - top };
}

/** @param {{ shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean }} event */
const modifiers = (event) => ({ shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey });

/** @param {DataTransfer | null} data @param {Page} page */
const carried = (data, page) => ({ files: describeFiles(page, data?.files), text: data?.getData('text/plain') ?? '' });
