// @ts-check
/**
 * Signatures of host functions, written as Python writes them: `query(selector: str, within: Element | None = None) -> int`.
 *
 * Takes: one signature, or one field of an options dict (`once: bool = False`). Gives: its name, parameters, types and
 * defaults, as frozen data. Refuses: with a `SyntaxError` for the package's author, what it cannot read.
 *
 * A type is `A | B` over names, `list[T]` and `dict[str, T]`. Names that Python does not have are the package's own; what
 * they mean is the registry's matter. Defaults are `None`, `True`, `False`, numbers, strings in quotes, `[]` and `{}`.
 */

/**
 * @typedef {object} Atom
 * @property {string} name
 * @property {Type | null} of  the type of what is inside, for `list[…]` and `dict[str, …]`
 */

/** @typedef {{ text: string, atoms: readonly Atom[] }} Type */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {Type} type
 * @property {boolean} optional
 * @property {unknown} fallback  its value where it is not given
 */

/** @typedef {{ text: string, name: string, parameters: readonly Parameter[], result: string }} Signature */

/** Braces for a dict and parentheses nest as well as brackets do; quotes hide all of them. */
const OPENING = new Map([['[', 1], ['(', 1], ['{', 1], [']', -1], [')', -1], ['}', -1]]);

/**
 * @param {string} text
 * @returns {Signature}
 */
export function readSignature(text) {
  const found = /^(\w+)\((.*)\) -> (.+)$/s.exec(text);
  if (found === null) throw new SyntaxError(`this is no signature: ${text}`);
  const [, name = '', inside = '', result = ''] = found;
  readType(result);
  const parameters = split(inside, ',').map(readParameter);
  const late = parameters.findIndex((each, at) => !each.optional && parameters[at - 1]?.optional === true);
  if (late >= 0) throw new SyntaxError(`${name}: '${parameters[late]?.name}' has no default, but the one before it has`);
  return Object.freeze({ text, name, parameters: Object.freeze(parameters), result });
}

/**
 * @param {string} text  `name: type`, or `name: type = default`
 * @returns {Parameter}
 */
export function readParameter(text) {
  const found = /^(\w+): ([^=]+?)(?: = (.+))?$/s.exec(text.trim());
  if (found === null) throw new SyntaxError(`this is no parameter: ${text}`);
  const [, name = '', type = '', fallback] = found;
  const optional = fallback !== undefined;
  return Object.freeze({ name, type: readType(type), optional, fallback: optional ? literal(fallback) : undefined });
}

/**
 * @param {string} text
 * @returns {Type}
 */
export function readType(text) {
  const atoms = split(text, '|').map((part) => {
    const found = /^(\w+)(?:\[(.+)\])?$/s.exec(part);
    if (found === null) throw new SyntaxError(`this is no type: ${text}`);
    const [, name = '', inside] = found;
    if (inside === undefined) return { name, of: null };
    if (name === 'list') return { name, of: readType(inside) };
    if (name === 'dict' && inside.startsWith('str, ')) return { name, of: readType(inside.slice('str, '.length)) };
    throw new SyntaxError(`this is no type: ${text}; inside brackets are list[T] and dict[str, T]`);
  });
  if (atoms.length === 0) throw new SyntaxError('a type is missing');
  return Object.freeze({ text: text.trim(), atoms: Object.freeze(atoms) });
}

/**
 * The parts between separators that no bracket or quote encloses.
 * @param {string} text
 * @param {string} separator
 */
function split(text, separator) {
  /** @type {string[]} */
  const parts = [];
  let [depth, quoted, from] = [0, false, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = /** @type {string} */ (text[at]);
    if (char === "'") quoted = !quoted;
    if (quoted) continue;
    depth += OPENING.get(char) ?? 0;
    if (char === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (text.slice(from).trim() !== '' || parts.length > 0) parts.push(text.slice(from));
  return parts.map((part) => part.trim());
}

/** @param {string} text */
function literal(text) {
  if (Object.hasOwn(WORDS, text)) return WORDS[text]?.();
  if (/^'[^']*'$/.test(text)) return text.slice(1, -1);
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new SyntaxError(`this is no default: ${text}`);
}

/** @type {Record<string, () => unknown>} */
const WORDS = { None: () => null, True: () => true, False: () => false, '[]': () => [], '{}': () => ({}) };
