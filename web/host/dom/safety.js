// @ts-check
/**
 * By which ways text becomes code in a page, and that `dom` takes none of them.
 *
 * Takes: tags, attributes, markup, and the elements that a program wants to change. Gives: what it was given.
 * Refuses: script-like elements, `on…` attributes, `javascript:` addresses, and other programs' elements (a page may have
 * granted those more than this one). Refusing is the whole method: nothing is cleaned, so nothing can be cleaned wrongly.
 * Markup is read into an inert document, judged node by node, and those very nodes go into the page. It is never written
 * out and read again, which is where sanitisers fail.
 */
import { PythonError } from '../registry.js';

/** `EdgePythonElement` says so of itself. */
const PROGRAM = Symbol.for('edge-python.element');

/** Elements that run code, load documents, or change how the page's addresses are read. */
const REFUSED = new Set([
  'script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal', 'fencedframe', 'base', 'meta', 'link',
  'animate', 'animatetransform', 'animatemotion', 'set', // SVG animation can write an address into a link
]);

/** What a page may show from bytes of a program. Anything else at a `blob:` address could be a document with code. */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif|bmp)|(audio|video)\/[\w.+-]+)$/;

/** @param {string} tag */
export function allowTag(tag) {
  const plain = tag.toLowerCase();
  if (REFUSED.has(plain)) throw new PythonError('ValueError', `dom does not touch <${plain}> elements: they can run code in the page`);
  if (!plain.includes('-')) return;
  const found = /** @type {any} */ (customElements.get(plain));
  if (found?.[PROGRAM]) throw programError(plain);
  // Later it might become a program's: <edge-python> may have any tag.
  if (found === undefined) throw new PythonError('ValueError', `this page does not define <${plain}>`);
}

/** @param {string} tag */
function programError(tag) {
  return new PythonError('ValueError', `dom does not touch <${tag}> elements: a program neither starts nor changes another`);
}

/** Nothing of another program's: its text and script are children of its element. @param {Element} element */
export function allowPlace(element) {
  for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
    if (/** @type {any} */ (at.constructor)[PROGRAM]) throw programError(at.localName);
  }
}

/**
 * An element that a program may change.
 * @template {Element} T
 * @param {T} element
 * @returns {T}
 */
export function changeable(element) {
  if (REFUSED.has(element.localName.toLowerCase())) allowTag(element.localName);
  allowPlace(element);
  return element;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function allowAttribute(name, value) {
  const plain = name.toLowerCase();
  if (plain.startsWith('on')) {
    throw new PythonError('ValueError', `dom does not set '${name}': it is code of the page; use listen(element, type)`);
  }
  if (plain === 'srcdoc') throw new PythonError('ValueError', `dom does not set 'srcdoc': it is markup that can carry code`);
  // Browsers ignore control characters and spaces in front of and inside a scheme.
  if (/^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, ''))) {
    throw new PythonError('ValueError', `dom does not set '${name}' to a javascript: address`);
  }
}

/** What a template holds is in no tree of its own. @param {ParentNode} top @returns {Element[]} */
function allInside(top) {
  const inside = [...(top instanceof HTMLTemplateElement ? top.content : top).querySelectorAll('*')];
  return inside.flatMap((element) => (element instanceof HTMLTemplateElement ? [element, ...allInside(element)] : [element]));
}

/** Elements that may be copied, with all inside them. @param {ParentNode} top */
export function allowTags(top) {
  for (const element of allInside(top)) allowTag(element.localName);
}

/**
 * Markup as nodes, each of which `create` and `set_attribute` would have made as well.
 * @param {string} markup
 */
export function readMarkup(markup) {
  const template = document.createElement('template');
  template.innerHTML = markup;
  for (const element of allInside(template)) {
    allowTag(element.localName);
    for (const { name, value } of element.attributes) allowAttribute(name, value);
  }
  return template.content;
}

/** @param {string} type */
export function allowShown(type) {
  if (SHOWN.test(type)) return;
  throw new PythonError('ValueError', `dom makes no address for '${type}', which could run code in the page; it does for PNG, JPEG, GIF, WebP, `
    + `AVIF and BMP images, audio and video; download() saves anything`);
}
