// @ts-check
/**
 * The host package `dom`: a page's elements for programs that the page trusts with them.
 *
 * Takes: selectors, tag names, texts, and the integer ids that it handed out itself.
 * Gives: ids for elements (the same element always has the same id), texts, bools; events as JSON through `receive()`.
 * Refuses: unknown ids, bad selectors, and the ways by which text becomes code: script-like elements, `on…` attributes,
 * `javascript:` addresses, and other programs' elements (a page may have granted those more than this one). There is no
 * `set_html` for that reason: markup from a program could carry all of them, and a sanitiser is a promise that this
 * package cannot keep in every browser. Build with `create` and `set_text`.
 *
 * A program with `dom` can still read and change everything that the page shows, typed passwords included, and make the
 * browser ask any address for an image: that is why the page must grant it.
 */

/** `EdgePythonElement` says so of itself. */
const PROGRAM = Symbol.for('edge-python.element');

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
  if (REFUSED.has(plain)) throw pythonError('ValueError', `dom does not touch <${plain}> elements: they can run code in the page`);
  if (!plain.includes('-')) return;
  const found = /** @type {any} */ (customElements.get(plain));
  if (found?.[PROGRAM]) throw programError(plain);
  // Later it might become a program's: <edge-python> may have any tag.
  if (found === undefined) throw pythonError('ValueError', `this page does not define <${plain}>`);
}

/** @param {string} tag */
function programError(tag) {
  return pythonError('ValueError', `dom does not touch <${tag}> elements: a program neither starts nor changes another`);
}

/** Nothing of another program's: its text and script are children of its element. @param {Element} element */
function allowPlace(element) {
  for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
    if (/** @type {any} */ (at.constructor)[PROGRAM]) throw programError(at.localName);
  }
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
 * What Python calls the type of a value that came from there.
 * @param {unknown} value
 */
function typeOf(value) {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  return { string: 'a str', boolean: 'a bool', bigint: 'an int', object: 'a dict' }[/** @type {string} */ (typeof value)] ?? 'a number';
}

/**
 * @param {unknown} value
 * @param {string} what
 * @returns {string}
 */
function text(value, what) {
  if (typeof value === 'string') return value;
  throw pythonError('TypeError', `${what} must be a str, not ${typeOf(value)}`);
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
    throw pythonError('TypeError', `dom expects an element's id, which is an int, not ${typeOf(id)}`);
  };
  /** An element that may be changed. @param {unknown} id */
  const changeable = (id) => {
    const element = elementOf(id);
    if (REFUSED.has(element.localName)) allowTag(element.localName);
    allowPlace(element);
    return element;
  };
  /** @param {unknown} id */
  const tickable = (id) => {
    const element = changeable(id);
    if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) return element;
    throw pythonError('TypeError', `element ${id} <${element.localName}> cannot be checked; that is for checkboxes and radios`);
  };
  /** Where to look: the document, or one element. @param {unknown} within */
  const scope = (within) => (within === null ? document : elementOf(within));
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

  /** What goes out of the page is forgotten with all that is in it. @param {Element} element */
  const forget = (element) => {
    const id = ids.get(element);
    if (id === undefined || !elements.has(id)) return;
    silence(id);
    listeners.delete(id);
    elements.delete(id);
  };
  /** @param {Element} element */
  const forgetWithin = (element) => {
    for (const inner of element.querySelectorAll('*')) forget(inner);
  };

  return {
    /**
     * The first match in the page, or within one element; None where there is none.
     * @param {string} selector
     * @param {number | null} [within]
     */
    query(selector, within = null) {
      const found = select(selector, (css) => scope(within).querySelector(css));
      return found === null ? null : idOf(found);
    },
    /** @param {string} selector @param {number | null} [within] */
    query_all(selector, within = null) {
      return [...select(selector, (css) => scope(within).querySelectorAll(css))].map(idOf);
    },
    body: () => idOf(document.body),
    /** @param {number} id */
    parent(id) {
      const found = elementOf(id).parentElement;
      return found === null ? null : idOf(found);
    },
    /** @param {number} id */
    children: (id) => [...elementOf(id).children].map(idOf),

    /** @param {string} tag */
    create(tag) {
      allowTag(text(tag, 'a tag name'));
      return idOf(attempt(`create <${tag}>`, () => document.createElement(tag)));
    },
    /** @param {number} parent @param {number} child */
    append(parent, child) {
      attempt('append there', () => changeable(parent).append(changeable(child)));
    },
    /** Puts the second before the first, beside it. @param {number} sibling @param {number} child */
    insert_before(sibling, child) {
      const place = changeable(sibling);
      if (place.parentElement === null) throw pythonError('ValueError', `element ${sibling} <${place.localName}> has no parent`);
      allowPlace(place.parentElement);
      attempt('insert there', () => place.before(changeable(child)));
    },
    /** Takes the element out of the page; its id, and those of all within it, are forgotten. @param {number} id */
    remove(id) {
      const element = changeable(id);
      element.remove();
      forgetWithin(element);
      forget(element);
    },

    /** @param {number} id */
    get_text: (id) => elementOf(id).textContent ?? '',
    /** @param {number} id @param {string} value */
    set_text(id, value) {
      const element = changeable(id);
      const content = text(value, 'a text');
      forgetWithin(element);
      element.textContent = content;
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
    get_checked: (id) => tickable(id).checked,
    /** @param {number} id @param {boolean} checked */
    set_checked(id, checked) {
      if (typeof checked !== 'boolean') throw pythonError('TypeError', `checked must be a bool, not ${typeOf(checked)}`);
      tickable(id).checked = checked;
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
