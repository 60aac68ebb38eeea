// @ts-check
/**
 * The host package `dom`: a page's elements for programs that the page trusts with them.
 *
 * Takes: selectors, tag names, texts, and the integer ids that it handed out itself.
 * Gives: ids for elements (the same element always has the same id), texts, bools; events as JSON through `receive()`.
 * Refuses: unknown ids, bad selectors, and the ways by which text becomes code of the page: script-like elements, `on…`
 * attributes, `javascript:` addresses. There is no `set_html` for that reason: markup from a program could carry all
 * three, and a sanitiser is a promise that this package cannot keep in every browser. Build with `create` and `set_text`.
 *
 * A program with `dom` can still read and change everything that the page shows, which is why the page must grant it.
 */

/** Elements that run code, load documents, or change how the page's addresses are read. */
const REFUSED = new Set([
  'script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal', 'fencedframe', 'base', 'meta', 'link',
  'animate', 'animatetransform', 'animatemotion', 'set', // SVG animation can write an address into a link
]);

/**
 * An error that a program sees as the Python class of that name.
 * @param {string} name
 * @param {string} message
 */
function pythonError(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** @param {string} tag */
function allowTag(tag) {
  const plain = tag.toLowerCase();
  if (!REFUSED.has(plain)) return;
  throw pythonError('ValueError', `dom does not touch <${plain}> elements: they can run code in the page`);
}

/**
 * @param {string} name
 * @param {string} value
 */
function allowAttribute(name, value) {
  const plain = name.toLowerCase();
  if (plain.startsWith('on')) {
    throw pythonError('ValueError', `dom does not set '${name}': it is code of the page; use listen(id, type)`);
  }
  if (plain === 'srcdoc') throw pythonError('ValueError', `dom does not set 'srcdoc': it is markup that can carry code`);
  // Browsers ignore control characters and spaces in front of and inside a scheme.
  // eslint-disable-next-line no-control-regex
  if (/^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, ''))) {
    throw pythonError('ValueError', `dom does not set '${name}' to a javascript: address`);
  }
}

/**
 * What a program is told about an event, beyond its type and target.
 * @param {Event} event
 * @returns {unknown}
 */
function detailOf(event) {
  if (event instanceof KeyboardEvent) {
    return { key: event.key, code: event.code, repeat: event.repeat, ...modifiers(event) };
  }
  if (event instanceof MouseEvent) {
    return { x: event.clientX, y: event.clientY, button: event.button, ...modifiers(event) };
  }
  const target = event.target;
  if (target instanceof HTMLInputElement && (target.type === 'checkbox' || target.type === 'radio')) {
    return { value: target.value, checked: target.checked };
  }
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
    return { value: target.value };
  }
  return event instanceof CustomEvent ? event.detail : null;
}

/** @param {KeyboardEvent | MouseEvent} event */
function modifiers(event) {
  return { shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey };
}

/**
 * @param {unknown} value
 * @param {string} what
 * @returns {string}
 */
function text(value, what) {
  if (typeof value === 'string') return value;
  throw pythonError('TypeError', `${what} must be a str`);
}

/** @param {{ pushEvent: (text: string) => void, signal: AbortSignal }} context */
export const dom = ({ pushEvent, signal }) => {
  /** @type {Map<number, Element>} */
  const elements = new Map();
  /** @type {WeakMap<Element, number>} */
  const ids = new WeakMap();
  /** @type {Map<number, Map<string, AbortController>>} */
  const listeners = new Map();
  let last = 0;

  signal.addEventListener('abort', () => {
    for (const types of listeners.values()) for (const listener of types.values()) listener.abort();
    listeners.clear();
    elements.clear();
  }, { once: true });

  /** @param {Element} element */
  const idOf = (element) => {
    let id = ids.get(element);
    if (id === undefined || !elements.has(id)) {
      id = ++last;
      ids.set(element, id);
      elements.set(id, element);
    }
    return id;
  };
  /** @param {unknown} id @returns {Element} */
  const elementOf = (id) => {
    const element = typeof id === 'number' ? elements.get(id) : undefined;
    if (element !== undefined) return element;
    if (typeof id === 'number') {
      throw pythonError('ValueError', `dom has no element ${id} (was it removed, or is the id from an earlier run?)`);
    }
    const got = id === null ? 'None' : typeof id === 'string' ? JSON.stringify(id) : typeof id;
    throw pythonError('TypeError', `dom expects an element's id, which is an int, not ${got}`);
  };
  /** An element that may be changed. @param {unknown} id */
  const changeable = (id) => {
    const element = elementOf(id);
    allowTag(element.localName);
    return element;
  };
  /** @param {unknown} id */
  const styled = (id) => {
    const element = changeable(id);
    if (element instanceof HTMLElement || element instanceof SVGElement) return element;
    throw pythonError('TypeError', `element ${id} <${element.localName}> has no style`);
  };
  /** @param {unknown} id */
  const field = (id) => {
    const element = changeable(id);
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
    if (element instanceof HTMLSelectElement) return element;
    throw pythonError('TypeError', `element ${id} <${element.localName}> has no value; value is for input, textarea and select`);
  };
  /** @template T @param {unknown} selector @param {(selector: string) => T} find @returns {T} */
  const select = (selector, find) => {
    try {
      return find(text(selector, 'a selector'));
    } catch (error) {
      if (error instanceof DOMException) {
        throw pythonError('ValueError', `'${selector}' is not a selector that this browser reads`);
      }
      throw error;
    }
  };
  /** @template T @param {string} what @param {() => T} change @returns {T} */
  const attempt = (what, change) => {
    try {
      return change();
    } catch (error) {
      if (error instanceof DOMException) throw pythonError('ValueError', `dom cannot ${what}: ${error.message}`);
      throw error;
    }
  };
  /** @param {number} id @param {string} [type] */
  const silence = (id, type) => {
    const types = listeners.get(id);
    for (const [name, listener] of [...(types ?? [])]) {
      if (type !== undefined && type !== name) continue;
      listener.abort();
      types?.delete(name);
    }
  };

  return {
    /** @param {string} selector */
    query(selector) {
      const found = select(selector, (css) => document.querySelector(css));
      return found === null ? null : idOf(found);
    },
    /** @param {string} selector */
    query_all(selector) {
      return [...select(selector, (css) => document.querySelectorAll(css))].map(idOf);
    },
    body: () => idOf(document.body),
    /** @param {string} tag */
    create(tag) {
      allowTag(text(tag, 'a tag name'));
      return idOf(attempt(`create <${tag}>`, () => document.createElement(tag)));
    },
    /** @param {number} parent @param {number} child */
    append(parent, child) {
      attempt('append there', () => changeable(parent).append(changeable(child)));
    },
    /** Takes the element out of the page and forgets its id. @param {number} id */
    remove(id) {
      changeable(id).remove();
      silence(id);
      listeners.delete(id);
      elements.delete(id);
    },

    /** @param {number} id */
    get_text: (id) => elementOf(id).textContent ?? '',
    /** @param {number} id @param {string} value */
    set_text(id, value) {
      changeable(id).textContent = text(value, 'a text');
    },
    /** @param {number} id @param {string} name */
    get_attribute: (id, name) => elementOf(id).getAttribute(text(name, 'an attribute name')),
    /** @param {number} id @param {string} name @param {string} value */
    set_attribute(id, name, value) {
      const element = changeable(id);
      allowAttribute(text(name, 'an attribute name'), text(value, 'an attribute'));
      attempt(`set '${name}'`, () => element.setAttribute(name, value));
    },
    /** @param {number} id @param {string} name */
    remove_attribute(id, name) {
      changeable(id).removeAttribute(text(name, 'an attribute name'));
    },

    /** @param {number} id @param {string} name */
    add_class(id, name) {
      attempt(`add the class '${name}'`, () => changeable(id).classList.add(text(name, 'a class')));
    },
    /** @param {number} id @param {string} name */
    remove_class(id, name) {
      attempt(`remove the class '${name}'`, () => changeable(id).classList.remove(text(name, 'a class')));
    },
    /** True where the element has the class afterwards. @param {number} id @param {string} name */
    toggle_class(id, name) {
      return attempt(`toggle the class '${name}'`, () => changeable(id).classList.toggle(text(name, 'a class')));
    },
    /** @param {number} id @param {string} name */
    has_class: (id, name) => elementOf(id).classList.contains(text(name, 'a class')),
    /** The style as it applies. @param {number} id @param {string} name */
    get_style: (id, name) => getComputedStyle(elementOf(id)).getPropertyValue(text(name, 'a style')),
    /** @param {number} id @param {string} name @param {string} value */
    set_style(id, name, value) {
      styled(id).style.setProperty(text(name, 'a style'), text(value, 'a style'));
    },
    /** @param {number} id */
    get_value: (id) => field(id).value,
    /** @param {number} id @param {string} value */
    set_value(id, value) {
      attempt('set that value', () => (field(id).value = text(value, 'a value')));
    },
    /** @param {number} id */
    focus(id) {
      const element = elementOf(id);
      if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
    },

    /** From now on `receive()` gives `{"type": …, "target": id, "detail": …}`. @param {number} id @param {string} type */
    listen(id, type) {
      const element = elementOf(id);
      text(type, 'an event type');
      let types = listeners.get(id);
      if (types === undefined) listeners.set(id, (types = new Map()));
      if (types.has(type)) return; // once is enough: two would send every event twice
      const listener = new AbortController();
      types.set(type, listener);
      element.addEventListener(type, (event) => {
        if (type === 'submit') event.preventDefault(); // the page would be gone before the program could answer
        let message;
        try {
          message = JSON.stringify({ type, target: id, detail: detailOf(event) ?? null });
        } catch {
          message = JSON.stringify({ type, target: id, detail: null }); // a page's own detail need not be JSON
        }
        pushEvent(message);
      }, { signal: listener.signal });
    },
    /** Without a type, all of the element's. @param {number} id @param {string | null} [type] */
    unlisten(id, type = null) {
      elementOf(id);
      silence(id, type ?? undefined);
    },
  };
};
