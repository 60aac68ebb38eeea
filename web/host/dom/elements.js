// @ts-check
/**
 * `dom`: finding elements, and building the tree.
 *
 * Takes: selectors, tag names, elements. Gives: ids of elements. Refuses: what `safety.js` does; ids do not outlive their
 * element's place in the page, so that a program cannot fill the page's memory by removing what it made.
 */
import { PythonError } from '../registry.js';
import { allowPlace, allowTag, allowTags, changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

const SVG = 'http://www.w3.org/2000/svg';
const BAD_SELECTOR = { ValueError: 'where the browser cannot read the selector' };
const BAD_PLACE = { ValueError: 'where it cannot be there: inside itself, or inside another program' };

/** @template T @param {string} selector @param {() => T} find @returns {T} */
function select(selector, find) {
  try {
    return find();
  } catch (error) {
    if (error instanceof DOMException) throw new PythonError('ValueError', `'${selector}' is not a selector that this browser reads`);
    throw error;
  }
}

/** An element beside which another may stand. @param {Element} sibling */
function besides(sibling) {
  const place = changeable(sibling);
  if (place.parentElement === null) throw new PythonError('ValueError', `a <${place.localName}> that is in no other element has nothing beside it`);
  allowPlace(place.parentElement);
  return place;
}

/** @type {Group} */
export const finding = {
  title: 'Find elements',
  functions: [
    {
      signature: 'query(selector: str, within: Element | None = None) -> Element | None',
      doc: 'The first element that matches a CSS selector, in the page or inside one element; `None` where there is none.',
      raises: BAD_SELECTOR,
      run: (page, selector, within) => page.idOrNone(select(selector, () => (within ?? document).querySelector(selector))),
    },
    {
      signature: 'query_all(selector: str, within: Element | None = None) -> list[Element]',
      doc: 'All that match, in the order of the page.',
      raises: BAD_SELECTOR,
      run: (page, selector, within) => page.idsOf(select(selector, () => (within ?? document).querySelectorAll(selector))),
    },
    {
      signature: 'closest(element: Element, selector: str) -> Element | None',
      doc: 'The element itself or the nearest one around it that matches.',
      raises: BAD_SELECTOR,
      run: (page, element, selector) => page.idOrNone(select(selector, () => element.closest(selector))),
    },
    {
      signature: 'matches(element: Element, selector: str) -> bool',
      doc: 'Whether the selector matches the element.',
      raises: BAD_SELECTOR,
      run: (_, element, selector) => select(selector, () => element.matches(selector)),
    },
    {
      signature: 'contains(element: Element, other: Element) -> bool',
      doc: 'Whether the other is inside the element, or is the element.',
      run: (_, element, other) => element.contains(other),
    },
    { signature: 'body() -> Element', doc: "The page's `<body>`.", run: (page) => page.idOf(document.body) },
    {
      signature: 'root() -> Element',
      doc: "The page's `<html>`, where its own custom properties of CSS mostly are.",
      run: (page) => page.idOf(document.documentElement),
    },
    {
      signature: 'parent(element: Element) -> Element | None',
      doc: 'The element around; `None` for `<html>` and for one that is not in the page yet.',
      run: (page, element) => page.idOrNone(element.parentElement),
    },
    {
      signature: 'children(element: Element) -> list[Element]',
      doc: 'The elements directly inside.',
      run: (page, element) => page.idsOf(element.children),
    },
    {
      signature: 'siblings(element: Element) -> list[Element]',
      doc: 'The other children of its parent.',
      run: (page, element) => page.idsOf([...(element.parentElement?.children ?? [])].filter((each) => each !== element)),
    },
    {
      signature: 'next_sibling(element: Element) -> Element | None',
      doc: 'The element after it.',
      run: (page, element) => page.idOrNone(element.nextElementSibling),
    },
    {
      signature: 'previous_sibling(element: Element) -> Element | None',
      doc: 'The element before it.',
      run: (page, element) => page.idOrNone(element.previousElementSibling),
    },
    { signature: 'get_tag(element: Element) -> str', doc: 'Its tag name, in small letters: `button`.', run: (_, element) => element.localName },
    { signature: 'is_connected(element: Element) -> bool', doc: 'Whether it is in the page.', run: (_, element) => element.isConnected },
    {
      signature: 'release(id: int) -> None',
      doc: 'Forgets an id of any kind, and ends what it stands for: a listener, and all listeners of an element. The element '
        + 'itself stays where it is. Ids end by themselves when a program removes the element, and when the run is reset.',
      raises: { ValueError: 'where there is no such id' },
      run: (page, id) => page.release(id),
    },
  ],
};

/** @type {Group} */
export const building = {
  title: 'Build the page',
  doc: 'An element that is put somewhere leaves the place where it was.',
  functions: [
    {
      signature: 'create(tag: str) -> Element',
      doc: 'A new element of HTML, not in the page yet.',
      raises: { ValueError: 'for elements that can run code, such as `script` and `iframe`, and for names that are no tags' },
      run: (page, tag) => {
        allowTag(tag);
        return page.idOf(document.createElement(tag));
      },
    },
    {
      signature: 'create_svg(tag: str) -> Element',
      doc: 'A new element of SVG: `svg`, `circle`, `path`.',
      raises: { ValueError: 'as for `create`' },
      run: (page, tag) => {
        allowTag(tag);
        return page.idOf(document.createElementNS(SVG, tag));
      },
    },
    {
      signature: 'clone(element: Element, deep: bool = True) -> Element',
      doc: 'A copy that is not in the page yet; a deep one has copies of all that is inside. Listeners are not copied.',
      raises: { ValueError: 'where the element, or one inside it, can run code' },
      run: (page, element, deep) => {
        allowTag(changeable(element).localName);
        if (deep) allowTags(element);
        return page.idOf(element.cloneNode(deep));
      },
    },
    {
      signature: 'append(parent: Element, child: Element) -> None',
      doc: 'Puts the child into the parent, at the end.',
      raises: BAD_PLACE,
      run: (_, parent, child) => changeable(parent).append(changeable(child)),
    },
    {
      signature: 'prepend(parent: Element, child: Element) -> None',
      doc: 'Puts the child into the parent, at the beginning.',
      raises: BAD_PLACE,
      run: (_, parent, child) => changeable(parent).prepend(changeable(child)),
    },
    {
      signature: 'insert_before(sibling: Element, element: Element) -> None',
      doc: 'Puts the second element just before the first.',
      raises: BAD_PLACE,
      run: (_, sibling, element) => besides(sibling).before(changeable(element)),
    },
    {
      signature: 'insert_after(sibling: Element, element: Element) -> None',
      doc: 'Puts the second element just after the first.',
      raises: BAD_PLACE,
      run: (_, sibling, element) => besides(sibling).after(changeable(element)),
    },
    {
      signature: 'replace(old: Element, new: Element) -> None',
      doc: 'Puts the new element in the place of the old one, whose id and those inside are forgotten.',
      raises: BAD_PLACE,
      run: (page, old, fresh) => {
        if (old === fresh) return;
        if (old.contains(fresh)) throw new PythonError('ValueError', 'replace(): the new element is inside the old one; take it out first');
        besides(old).replaceWith(changeable(fresh));
        page.forget(old);
      },
    },
    {
      signature: 'remove(element: Element) -> None',
      doc: 'Takes the element out of the page. Its id, and those of all inside it, are forgotten.',
      run: (page, element) => {
        changeable(element).remove();
        page.forget(element);
      },
    },
    {
      signature: 'clear(element: Element) -> None',
      doc: 'Takes out all that is inside, whose ids are forgotten.',
      run: (page, element) => {
        page.forgetWithin(changeable(element));
        element.replaceChildren();
      },
    },
  ],
};
