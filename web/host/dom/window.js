// @ts-check
/**
 * `dom`: dialogs, and the window around the page.
 *
 * Takes: texts. Gives: what the reader answered, what the browser says of the window. Refuses: to leave the page; a
 * program may change what stands behind the `#` of its address.
 */
import { PythonError } from '../registry.js';
import { changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

/** @param {Element} element @returns {HTMLDialogElement} */
function dialog(element) {
  if (changeable(element) instanceof HTMLDialogElement) return /** @type {HTMLDialogElement} */ (element);
  throw new PythonError('TypeError', `<${element.localName}> is no <dialog>`);
}

/** @param {string} query */
const media = (query) => matchMedia(query).matches;

/** What a browser allows only after a touch, with a message that says so. @param {() => Promise<void>} ask @param {string} what */
async function allowed(ask, what) {
  try {
    await ask();
  } catch (error) {
    const refused = error instanceof TypeError || (error instanceof DOMException && error.name === 'NotAllowedError');
    if (refused) throw new PythonError('PermissionError', `the browser does not let this page ${what} now; do it just after a click or a key`);
    throw error;
  }
}

/** @type {Group} */
export const dialogs = {
  title: 'Dialogs',
  doc: "`alert`, `confirm` and `prompt` are the browser's own and hold the whole page; a `<dialog>` looks like your page and does not.",
  functions: [
    { signature: 'alert(message: str) -> None', doc: 'Shows a message, and waits until it is closed.', run: (_, message) => window.alert(message) },
    { signature: 'confirm(message: str) -> bool', doc: 'Asks for yes or no.', run: (_, message) => window.confirm(message) },
    {
      signature: "prompt(message: str, default: str = '') -> str | None",
      doc: 'Asks for a line of text; `None` where the reader gave none.',
      run: (_, message, otherwise) => window.prompt(message, otherwise),
    },
    {
      signature: 'show_dialog(dialog: Element, modal: bool = True) -> None',
      doc: 'Opens a `<dialog>` of the page; a modal one lies over all else and takes the focus. Its `close` event tells `{"value": …}`.',
      raises: { TypeError: 'for other elements', ValueError: 'where it is open already in the other way, or not in the page' },
      run: (_, element, modal) => (modal ? dialog(element).showModal() : dialog(element).show()),
    },
    {
      signature: "close_dialog(dialog: Element, value: str = '') -> None",
      doc: 'Closes it, with a value that stays.',
      run: (_, element, value) => dialog(element).close(value),
    },
    {
      signature: 'get_dialog(dialog: Element) -> dict',
      doc: 'Whether it is `open`, and its `value`: that of the button by which the reader closed it.',
      run: (_, element) => ({ open: dialog(element).open, value: dialog(element).returnValue }),
    },
  ],
};

/** @type {Group} */
export const surroundings = {
  title: 'The window',
  functions: [
    { signature: 'get_title() -> str', doc: "The page's title.", run: () => document.title },
    {
      signature: 'set_title(title: str) -> None',
      doc: 'Changes it.',
      run: (_, title) => {
        document.title = title;
      },
    },
    { signature: 'get_url() -> str', doc: "The page's address.", run: () => location.href },
    {
      signature: 'get_hash() -> str',
      doc: "What stands in it behind `#`, as it is written there; `''` where nothing does.",
      run: () => location.hash.slice(1),
    },
    {
      signature: 'set_hash(hash: str) -> None',
      doc: 'Changes that. The page stays, the browser\'s "back" leads to the one before, and `hashchange` is told.',
      run: (_, hash) => {
        location.hash = hash;
      },
    },
    {
      signature: 'get_viewport() -> dict[str, float]',
      doc: 'How much of the page is seen at once: `width`, `height`; and `pixel_ratio`, the pixels of the screen in one of CSS.',
      run: () => ({ width: innerWidth, height: innerHeight, pixel_ratio: devicePixelRatio }),
    },
    {
      signature: 'get_color_scheme() -> str',
      doc: "What the reader prefers: `'light'` or `'dark'`.",
      run: () => (media('(prefers-color-scheme: dark)') ? 'dark' : 'light'),
    },
    {
      signature: 'matches_media(query: str) -> bool',
      doc: "Whether a media query holds: `'(width < 600px)'`, `'(prefers-reduced-motion: reduce)'`.",
      run: (_, query) => media(query),
    },
    { signature: 'get_languages() -> list[str]', doc: 'What the reader reads, the best first: `en-GB`.', run: () => [...navigator.languages] },
    {
      signature: 'is_visible() -> bool',
      doc: 'Whether the page is in front, not in another tab.',
      run: () => document.visibilityState === 'visible',
    },
    {
      signature: 'write_clipboard(text: str) -> None',
      doc: 'Puts a text into the clipboard.',
      raises: { PermissionError: 'where the reader has not just clicked or pressed a key, and on pages without https' },
      run: (_, content) => allowed(async () => navigator.clipboard.writeText(content), 'write into the clipboard'),
    },
    {
      signature: 'enter_fullscreen(element: Element) -> None',
      doc: 'Lets an element fill the screen.',
      raises: { PermissionError: 'where the reader has not just clicked or pressed a key' },
      run: (_, element) => allowed(() => changeable(element).requestFullscreen(), 'fill the screen'),
    },
    {
      signature: 'leave_fullscreen() -> None',
      doc: 'Ends that.',
      run: () => (document.fullscreenElement === null ? null : document.exitFullscreen()),
    },
  ],
};
