// @ts-check
/**
 * `dom`: fields and forms.
 *
 * Takes: elements of forms, and what shall be in them. Gives: what is in them. Refuses: elements that have no such thing,
 * and values that the field would drop in silence.
 *
 * Values set by a program send no `input` and no `change` event: those tell what the reader did.
 */
import { PythonError } from '../registry.js';
import { describeFile } from './files.js';
import { changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** @param {unknown} element @returns {element is Field} */
export const isField = (element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

/** @param {unknown} element @returns {element is HTMLInputElement} */
export const isTickable = (element) => element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio');

/** @param {Element} element @param {string} what @param {string} rule */
function wrong(element, what, rule) {
  return new PythonError('TypeError', `<${element.localName}> has no ${what}; ${rule}`);
}

/** @param {Element} element @returns {Field} */
function field(element) {
  if (isField(changeable(element))) return /** @type {Field} */ (element);
  throw wrong(element, 'value', 'input, textarea and select have one');
}

/** @param {Element} element */
function tickable(element) {
  if (isTickable(changeable(element))) return /** @type {HTMLInputElement} */ (element);
  throw wrong(element, 'tick', 'checkboxes and radio buttons have one');
}

/** @param {Element} element */
function selectable(element) {
  if (changeable(element) instanceof HTMLSelectElement) return /** @type {HTMLSelectElement} */ (element);
  throw wrong(element, 'options', 'select has them');
}

/** @param {Element} element */
function writable(element) {
  changeable(element);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
  throw wrong(element, 'text to select', 'input and textarea have it');
}

/** @param {Element} element */
function form(element) {
  if (changeable(element) instanceof HTMLFormElement) return /** @type {HTMLFormElement} */ (element);
  throw wrong(element, 'fields of its own', 'that is for form');
}

/**
 * What the browser checks before it sends a form.
 * @param {Element} element
 * @returns {Field | HTMLFormElement | HTMLButtonElement | HTMLFieldSetElement | HTMLOutputElement}
 */
function validated(element) {
  if (changeable(element) instanceof Element && 'checkValidity' in element) return /** @type {any} */ (element);
  throw wrong(element, 'validity', 'forms and their fields have it');
}

/** @param {Element} element */
function judged(element) {
  if ('setCustomValidity' in validated(element)) return /** @type {Field} */ (element);
  throw wrong(element, 'message of its own', 'fields have one');
}

/** @param {Element} element */
function disabling(element) {
  if ('disabled' in changeable(element)) return /** @type {Field} */ (element);
  throw wrong(element, 'way to be disabled', 'fields, buttons and fieldset have one');
}

/**
 * The fields of a form by name, as they would be sent. Several of one name are a list.
 * @param {import('./page.js').Page} page
 * @param {HTMLFormElement} element
 * @param {HTMLElement | null} [submitter]
 */
export function formData(page, element, submitter = null) {
  const data = new FormData(element, submitter);
  return Object.fromEntries([...new Set(data.keys())].map((name) => {
    const values = data.getAll(name).map((value) => (typeof value === 'string' ? value : chosen(page, value)));
    return [name, values.length === 1 ? values[0] : values];
  }));
}

/** A file field without a file has an empty one without a name. @param {import('./page.js').Page} page @param {File} file */
const chosen = (page, file) => (file.name === '' && file.size === 0 ? null : describeFile(page, file));

/** @type {Group} */
export const forms = {
  title: 'Forms',
  doc: 'Values that a program sets send no events: those tell what the reader did. Listen for `submit` to have a form without a server.',
  functions: [
    {
      signature: 'get_value(field: Element) -> str',
      doc: 'What is in an `input`, a `textarea` or a `select`.',
      raises: { TypeError: 'for other elements' },
      run: (_, element) => field(element).value,
    },
    {
      signature: 'set_value(field: Element, value: str) -> None',
      doc: 'Puts a value there.',
      raises: { ValueError: 'where the field does not take it: a word for a number, an option that a `select` does not have' },
      run: (_, element, value) => {
        const target = field(element);
        target.value = value;
        if (value === '' || target.value !== '') return;
        const type = target instanceof HTMLInputElement ? ` type=${target.type}` : '';
        throw new PythonError('ValueError', `<${target.localName}${type}> does not take '${value}'`);
      },
    },
    {
      signature: 'get_checked(box: Element) -> bool',
      doc: 'Whether a checkbox or a radio button is ticked.',
      raises: { TypeError: 'for other elements' },
      run: (_, element) => tickable(element).checked,
    },
    {
      signature: 'set_checked(box: Element, checked: bool) -> None',
      doc: 'Ticks it, or not.',
      run: (_, element, checked) => {
        tickable(element).checked = checked;
      },
    },
    {
      signature: 'get_options(select: Element) -> list[dict]',
      doc: 'The options of a `select`: each with `value`, `text`, `selected`, `disabled`.',
      run: (_, element) => Array.from(selectable(element).options, ({ value, text, selected, disabled }) => ({ value, text, selected, disabled })),
    },
    {
      signature: 'set_options(select: Element, options: dict[str, str]) -> None',
      doc: 'Gives a `select` these options: value and text of each.',
      run: (page, element, options) => {
        page.forgetWithin(selectable(element));
        element.replaceChildren(...Object.entries(options).map(([value, label]) => new Option(label, value)));
      },
    },
    {
      signature: 'get_selected(select: Element) -> list[str]',
      doc: 'The values of all options that are chosen.',
      run: (_, element) => Array.from(selectable(element).selectedOptions, ({ value }) => value),
    },
    {
      signature: 'set_selected(select: Element, values: list[str]) -> None',
      doc: 'Chooses these options, and no others.',
      raises: { ValueError: 'where there is no such option, or several for a `select` that takes one' },
      run: (_, element, values) => {
        const target = selectable(element);
        const options = [...target.options];
        const odd = values.find((/** @type {string} */ value) => !options.some((option) => option.value === value));
        if (odd !== undefined) throw new PythonError('ValueError', `<select> has no option '${odd}'`);
        if (values.length > 1 && !target.multiple) {
          throw new PythonError('ValueError', "<select> takes one option; with the attribute 'multiple' it takes several");
        }
        if (values.length === 0) target.selectedIndex = -1;
        for (const option of options) option.selected = values.includes(option.value);
      },
    },
    {
      signature: 'get_form_data(form: Element) -> dict',
      doc: 'The fields of a form by their names, as they would be sent: texts, files as `get_files` describes them, a list where '
        + 'several have one name.',
      run: (page, element) => formData(page, form(element)),
    },
    {
      signature: 'submit(form: Element) -> None',
      doc: 'Sends the form as its button does: fields are checked, and `submit` is told. Without a listener for it the page goes to '
        + 'where the form leads.',
      run: (_, element) => form(element).requestSubmit(),
    },
    { signature: 'reset_form(form: Element) -> None', doc: 'Gives all fields their first values.', run: (_, element) => form(element).reset() },
    {
      signature: 'is_valid(field: Element) -> bool',
      doc: 'Whether a field, or each of a form, holds what its attributes ask for.',
      run: (_, element) => validated(element).checkValidity(),
    },
    {
      signature: 'report_validity(field: Element) -> bool',
      doc: 'The same, and shows the reader what is wrong.',
      run: (_, element) => validated(element).reportValidity(),
    },
    {
      signature: 'get_error(field: Element) -> str',
      doc: "What is wrong with a field, in the browser's words or yours; `''` where nothing is.",
      run: (_, element) => judged(element).validationMessage,
    },
    {
      signature: 'set_error(field: Element, message: str) -> None',
      doc: "Makes a field wrong, for your own reason; `''` makes it right.",
      run: (_, element, message) => judged(element).setCustomValidity(message),
    },
    { signature: 'get_disabled(field: Element) -> bool', doc: 'Whether it is disabled.', run: (_, element) => disabling(element).disabled },
    {
      signature: 'set_disabled(field: Element, disabled: bool) -> None',
      doc: 'Disables a field or a button, or enables it.',
      run: (_, element, disabled) => {
        disabling(element).disabled = disabled;
      },
    },
    {
      signature: 'focus(element: Element) -> None',
      doc: 'Moves the keyboard focus there.',
      run: (_, element) => {
        if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
      },
    },
    {
      signature: 'blur(element: Element) -> None',
      doc: 'Takes the focus away from it.',
      run: (_, element) => {
        if (element instanceof HTMLElement || element instanceof SVGElement) element.blur();
      },
    },
    {
      signature: 'get_focused() -> Element | None',
      doc: 'The element that has the focus.',
      run: (page) => page.idOrNone(document.activeElement === document.body ? null : document.activeElement),
    },
    {
      signature: 'get_selection(field: Element) -> dict',
      doc: 'What is selected in a field: `start`, `end` and `text`; the first two are `None` for fields that keep that to '
        + 'themselves, such as numbers.',
      run: (_, element) => {
        const { selectionStart: start, selectionEnd: end, value } = writable(element);
        return { start, end, text: start === null || end === null ? '' : value.slice(start, end) };
      },
    },
    {
      signature: 'select_text(field: Element, start: int = 0, end: int | None = None) -> None',
      doc: 'Selects text in a field: all, or a part. The same number twice is the cursor.',
      raises: { ValueError: 'for fields whose text cannot be selected' },
      run: (_, element, start, end) => writable(element).setSelectionRange(start, end ?? element.value.length),
    },
  ],
};
