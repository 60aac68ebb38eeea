// @ts-check
/**
 * `dom`: what an element says and how it looks: text, markup, attributes, classes, style.
 *
 * Takes: elements and texts. Gives: texts. Refuses: markup and attributes that can run code; styles that the browser would
 * drop in silence, because a beginner would look for that mistake for a long time.
 */
import { PythonError } from '../registry.js';
import { allowAttribute, changeable, readMarkup } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

const NO_CLASS = { ValueError: 'for names with a space in them' };

/** @param {Element} element */
function styled(element) {
  changeable(element);
  if (element instanceof HTMLElement || element instanceof SVGElement) return element.style;
  throw new PythonError('TypeError', `<${element.localName}> has no style`);
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function setStyle(element, name, value) {
  const style = styled(element);
  const plain = value.replace(/\s*!important\s*$/i, '');
  if (!name.startsWith('--') && plain !== '' && !CSS.supports(name, plain)) {
    const dashed = name.replace(/[A-Z_]/g, (char) => `-${char.replace('_', '').toLowerCase()}`);
    if (dashed !== name && CSS.supports(dashed, plain)) throw new PythonError('ValueError', `the style '${name}' is written '${dashed}' in CSS`);
    const known = CSS.supports(name, 'inherit') ? `'${value}' is no value that this browser knows for '${name}'` : `this browser knows no style '${name}'`;
    throw new PythonError('ValueError', known);
  }
  style.setProperty(name, plain, plain === value ? '' : 'important');
}

/** @type {Group} */
export const text = {
  title: 'Text and markup',
  functions: [
    { signature: 'get_text(element: Element) -> str', doc: 'Its text, with that of all inside it.', run: (_, element) => element.textContent ?? '' },
    {
      signature: 'set_text(element: Element, text: str) -> None',
      doc: 'Makes the text its only content. `<b>` in the text is three letters in the page, whoever wrote them.',
      run: (page, element, content) => {
        page.forgetWithin(changeable(element));
        element.textContent = content;
      },
    },
    {
      signature: 'append_text(element: Element, text: str) -> None',
      doc: 'Adds text at the end.',
      run: (_, element, content) => changeable(element).append(content),
    },
    { signature: 'get_html(element: Element) -> str', doc: 'The markup of all inside.', run: (_, element) => element.innerHTML },
    {
      signature: 'set_html(element: Element, html: str) -> None',
      doc: 'Makes what the markup describes the content. **Only for markup that you wrote:** text from a person or a server '
        + 'belongs into `set_text`, else it can put its own links, forms and images into the page. Markup that can run code is refused as a whole.',
      raises: { ValueError: 'for markup with script-like elements, `on…` attributes or `javascript:` addresses' },
      run: (page, element, html) => {
        changeable(element);
        const content = readMarkup(html);
        page.forgetWithin(element);
        element.replaceChildren(content);
      },
    },
  ],
};

/** @type {Group} */
export const attributes = {
  title: 'Attributes',
  functions: [
    {
      signature: 'get_attribute(element: Element, name: str) -> str | None',
      doc: 'Its value; `None` where it is not there.',
      run: (_, element, name) => element.getAttribute(name),
    },
    {
      signature: 'get_attributes(element: Element) -> dict[str, str]',
      doc: 'All of them.',
      run: (_, element) => Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    },
    {
      signature: 'set_attribute(element: Element, name: str, value: str) -> None',
      doc: "Sets it. Those that are on or off are on with `''`.",
      raises: { ValueError: 'for `on…` attributes, `srcdoc` and `javascript:` addresses, which are code' },
      run: (_, element, name, value) => {
        changeable(element);
        allowAttribute(name, value);
        element.setAttribute(name, value);
      },
    },
    {
      signature: 'remove_attribute(element: Element, name: str) -> None',
      doc: 'Takes it away; nothing happens where it is not there.',
      run: (_, element, name) => changeable(element).removeAttribute(name),
    },
    {
      signature: 'get_data(element: Element) -> dict[str, str]',
      doc: 'Its `data-…` attributes, named as events name them: `data-row-number` is `rowNumber`.',
      run: (_, element) => (element instanceof HTMLElement || element instanceof SVGElement ? { ...element.dataset } : {}),
    },
  ],
};

/** @type {Group} */
export const classes = {
  title: 'Classes',
  functions: [
    { signature: 'get_classes(element: Element) -> list[str]', doc: 'All of them.', run: (_, element) => [...element.classList] },
    {
      signature: 'has_class(element: Element, name: str) -> bool',
      doc: 'Whether it has the class.',
      run: (_, element, name) => element.classList.contains(name),
    },
    {
      signature: 'add_class(element: Element, name: str) -> None',
      doc: 'Gives it the class.',
      raises: NO_CLASS,
      run: (_, element, name) => changeable(element).classList.add(name),
    },
    {
      signature: 'remove_class(element: Element, name: str) -> None',
      doc: 'Takes the class away.',
      raises: NO_CLASS,
      run: (_, element, name) => changeable(element).classList.remove(name),
    },
    {
      signature: 'toggle_class(element: Element, name: str, on: bool | None = None) -> bool',
      doc: 'Gives it the class or takes it away, in turn or as `on` says. `True` where it has the class afterwards.',
      raises: NO_CLASS,
      run: (_, element, name, on) => changeable(element).classList.toggle(name, on ?? undefined),
    },
  ],
};

/** @type {Group} */
export const style = {
  title: 'Style',
  doc: "Names are those of CSS: `background-color`, and `--accent` for a custom property. Values are texts with their unit: `'12px'`.",
  functions: [
    {
      signature: 'get_style(element: Element, name: str) -> str',
      doc: "The style as it applies, wherever it was set; `''` where there is none.",
      run: (_, element, name) => getComputedStyle(element).getPropertyValue(name).trim(),
    },
    {
      signature: 'get_own_style(element: Element, name: str) -> str',
      doc: "The one in the element's own `style` attribute.",
      run: (_, element, name) => styled(element).getPropertyValue(name).trim(),
    },
    {
      signature: 'set_style(element: Element, name: str, value: str) -> None',
      doc: "Sets one of its own; `''` takes it away.",
      raises: { ValueError: 'where the browser does not know the name or the value' },
      run: (_, element, name, value) => setStyle(element, name, value),
    },
    {
      signature: 'set_styles(element: Element, styles: dict[str, str]) -> None',
      doc: 'Sets several in one call.',
      raises: { ValueError: 'as for `set_style`; those before the wrong one are set' },
      run: (_, element, styles) => {
        for (const [name, value] of Object.entries(styles)) setStyle(element, name, value);
      },
    },
    {
      signature: 'show(element: Element) -> None',
      doc: 'Removes the attribute `hidden`.',
      run: (_, element) => changeable(element).removeAttribute('hidden'),
    },
    {
      signature: 'hide(element: Element) -> None',
      doc: 'Sets the attribute `hidden`: not seen, not read aloud, and no place taken.',
      run: (_, element) => changeable(element).setAttribute('hidden', ''),
    },
  ],
};
