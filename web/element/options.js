// @ts-check
/**
 * What the markup says, as data.
 *
 * Takes: an `<edge-python>` element's attributes and light children.
 * Gives: the program's text, when to run it, and the options for `createWorker`.
 * Refuses: attribute values that mean nothing (`timeout="soon"`), with a `TypeError` that names the attribute and what it
 * takes. A limit that was mistyped must not silently be no limit.
 */

/** A change of one of these needs another worker. */
export const WORKER_ATTRIBUTES = Object.freeze([
  'packages', 'isolation', 'grant', 'frozen', 'offline', 'lockfile', 'import-origins', 'timeout', 'memory', 'max-output', 'group',
  'memo', 'runtime',
]);
/** A change of one of these is another program. */
export const PROGRAM_ATTRIBUTES = Object.freeze(['entry']);
/** A change of one of these is another look, or another moment to run. */
export const VIEW_ATTRIBUTES = Object.freeze(['controls', 'editor', 'output', 'autorun', 'label']);

/** Where the runtime's own files are: beside `edge-python.js`, one folder above this file. */
const RUNTIME = new URL('../', import.meta.url).href;

/**
 * @typedef {object} PageOptions  what only a page's script can say
 * @property {Record<string, string>} imports
 * @property {Record<string, string>} hostModules
 * @property {Record<string, any>} mainThreadModules
 * @property {string[]} loaders
 */

/**
 * @param {Element} element
 * @param {PageOptions} page
 */
export function workerOptions(element, page) {
  const base = element.ownerDocument.baseURI;
  const packages = address(element, 'packages', base);
  const lockfile = address(element, 'lockfile', base);
  const isolation = element.getAttribute('isolation');
  if (isolation !== null && isolation !== 'strict' && isolation !== 'worker') {
    throw new TypeError(`isolation="${isolation}" is unknown: write isolation="strict" or isolation="worker"`);
  }
  const memo = element.getAttribute('memo')?.trim();
  if (memo !== undefined && !['', 'true', 'false'].includes(memo)) throw new TypeError(`memo="${memo}" is unknown: write memo="false" or nothing`);
  const timeout = amount(element, 'timeout', 'seconds');
  const memory = amount(element, 'memory', 'MiB');
  const maxOutput = amount(element, 'max-output', 'bytes');
  return {
    ...page,
    element,
    baseUrl: base,
    runtime: address(element, 'runtime', base) ?? RUNTIME,
    grant: words(element, 'grant'),
    frozen: element.hasAttribute('frozen'),
    offline: element.hasAttribute('offline'),
    memo: memo !== 'false',
    limits: {
      ...(timeout === null ? {} : { timeout }),
      ...(memory === null ? {} : { memory }),
      ...(maxOutput === null ? {} : { maxOutput }),
    },
    ...(packages === null ? {} : { packages }),
    ...(lockfile === null ? {} : { lockfile }),
    ...(isolation === null ? {} : { isolation: /** @type {'strict' | 'worker'} */ (isolation) }),
    ...(element.hasAttribute('import-origins') ? { importOrigins: words(element, 'import-origins') } : {}),
  };
}

/**
 * An attribute as an absolute URL; null where it is absent or empty.
 * @param {Element} element
 * @param {string} name
 * @param {string} [base]
 * @returns {string | null}
 */
export function address(element, name, base = element.ownerDocument.baseURI) {
  const text = element.getAttribute(name)?.trim();
  if (!text) return null;
  try {
    return new URL(text, base).href;
  } catch {
    throw new TypeError(`${name}="${text}" is not an address`);
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @returns {string[]}
 */
function words(element, name) {
  return (element.getAttribute(name) ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} unit
 * @returns {number | null}
 */
function amount(element, name, unit) {
  const text = element.getAttribute(name)?.trim();
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new TypeError(`${name}="${text}" is not a number of ${unit} above 0`);
  return value;
}

/**
 * When the program runs by itself: a program with a Run button waits for it.
 * @param {Element} element
 * @returns {'true' | 'visible' | 'false'}
 */
export function autorun(element) {
  const text = element.getAttribute('autorun');
  if (text === null) return element.hasAttribute('controls') ? 'false' : 'true';
  if (text === 'visible' || text === 'false') return text;
  return 'true';
}

/**
 * The program between the tags, or null where there is none.
 * @param {Element} element
 * @returns {string | null}
 */
export function inlineSource(element) {
  const script = element.querySelector(':scope > script[type="text/x-python"]');
  const text = dedent((script ?? element).textContent ?? '');
  return text === '' ? null : text;
}

/**
 * Without the margin that all lines share, and without blank lines at either end.
 * @param {string} text
 */
export function dedent(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  while (lines.length > 0 && /** @type {string} */ (lines[0]).trim() === '') lines.shift();
  while (lines.length > 0 && /** @type {string} */ (lines[lines.length - 1]).trim() === '') lines.pop();
  if (lines.length === 0) return '';
  /** @type {string | null} */
  let margin = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = /** @type {RegExpMatchArray} */ (/^[ \t]*/.exec(line))[0];
    if (margin === null) margin = indent;
    let same = 0;
    while (same < margin.length && margin[same] === indent[same]) same += 1;
    margin = margin.slice(0, same);
  }
  const cut = margin?.length ?? 0;
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(cut))).join('\n');
}

/**
 * Calls back once the document is parsed and its scripts have spoken, so that an element does not start with half its
 * text or before the page has set its properties.
 * @param {Document} document
 * @param {() => void} callback
 */
export function whenSettled(document, callback) {
  const [navigation] = performance.getEntriesByType('navigation');
  const parsed = document.readyState === 'complete'
    || (document.readyState === 'interactive' && /** @type {any} */ (navigation)?.domContentLoadedEventStart > 0);
  if (parsed) setTimeout(callback, 0);
  else document.addEventListener('DOMContentLoaded', () => setTimeout(callback, 0), { once: true });
}
