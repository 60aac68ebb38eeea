// @ts-check
/**
 * What an official host package is made of: one table that describes each function once.
 *
 * Takes: a table of groups of functions. Each has its signature, its words for the reference, and what it does.
 * Gives: the package's factory (host package protocol, see docs/host-packages.md), whose functions check their arguments
 * before they run; and the same table, read, for `tools/host_docs.mjs`.
 * Refuses: calls with wrong arguments, as a `TypeError` that names the function, the argument and the type; errors of the
 * browser that Python has no name for, by giving them one.
 *
 * Importing a table touches no page: what a function does runs only when it is called. A whole package:
 *
 *     export const table = definePackage({
 *       name: 'lamp',
 *       doc: 'The lamp of this page.',
 *       setup: ({ signal }) => new Lamp(signal),
 *       types: { Colour: { is: 'str', doc: 'A name of CSS.', take: (lamp, name) => lamp.colourOf(name) } },
 *       groups: [{ title: 'Light', functions: [{
 *         signature: 'turn_on(colour: Colour = \'white\', seconds: float | None = None) -> bool',
 *         doc: 'Whether it was off before.',
 *         raises: { ValueError: 'where the colour is not known' },
 *         run: (lamp, colour, seconds) => lamp.on(colour, seconds),
 *       }] }],
 *     });
 *     export const lamp = table.factory;
 */

import { readParameter, readSignature } from './signature.js';

/** @typedef {import('./signature.js').Parameter} Parameter */
/** @typedef {import('./signature.js').Signature} Signature */
/** @typedef {import('./signature.js').Type} Type */
/** @typedef {{ pushEvent: (text: string) => void, signal: AbortSignal, callSignal?: () => AbortSignal, element?: any }} Context */

/**
 * A name for a type that Python does not have: integers that stand for something, or dicts with named fields.
 * @template S
 * @typedef {object} Alias
 * @property {string} is         the Python type underneath: `int`, `dict`
 * @property {string} [called]   what messages call it: `an element's id (int)`
 * @property {string} doc
 * @property {Record<string, string>} [hints]   the type that came instead -> what messages add
 * @property {Record<string, string>} [fields]  for a dict: `once: bool = False` -> its words; others are refused
 * @property {(state: S, value: any) => unknown} [take]  what the function gets in its place; throws a `PythonError`
 */

/**
 * @template S
 * @typedef {object} Entry
 * @property {string} signature
 * @property {string} doc
 * @property {Record<string, string>} [raises]  Python class -> when
 * @property {(state: S, ...args: any[]) => unknown} run
 */

/**
 * @template S
 * @typedef {{ title: string, doc?: string, functions: Entry<S>[] }} Group
 */

/**
 * @template S
 * @typedef {object} Table
 * @property {string} name
 * @property {string} doc                       an introduction, in Markdown
 * @property {(context: Context) => S} setup    the package's state in one program's world; watch `context.signal`
 * @property {Record<string, Alias<S>>} [types]
 * @property {Group<S>[]} groups
 * @property {{ title: string, doc: string }[]} [notes]  sections of the reference that are about no function
 */

/** An error that the program sees as the Python class of that name. */
export class PythonError extends Error {
  /**
   * @param {string} name  a built-in exception of Python: `ValueError`, `OSError`
   * @param {string} message
   */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** Python's class for a browser's error. `SyntaxError` for one is here, because Python's own means something else. */
const CLASSES = new Map(Object.entries({
  AbortError: 'RuntimeError',
  DataCloneError: 'TypeError',
  DataError: 'ValueError',
  HierarchyRequestError: 'ValueError',
  IndexSizeError: 'ValueError',
  InvalidAccessError: 'ValueError',
  InvalidCharacterError: 'ValueError',
  InvalidNodeTypeError: 'ValueError',
  InvalidStateError: 'ValueError',
  NetworkError: 'OSError',
  NotAllowedError: 'PermissionError',
  NotFoundError: 'ValueError',
  NotReadableError: 'OSError',
  NotSupportedError: 'ValueError',
  QuotaExceededError: 'OSError',
  RangeError: 'ValueError',
  SecurityError: 'PermissionError',
  SyntaxError: 'ValueError',
  TimeoutError: 'TimeoutError',
  TypeError: 'TypeError',
}));

/**
 * @template S
 * @param {Table<S>} table
 */
export function definePackage(table) {
  const aliases = readAliases(table.types ?? {});
  const groups = table.groups.map(({ title, doc = '', functions }) => ({
    title,
    doc,
    functions: functions.map((entry) => ({ ...entry, signature: readSignature(entry.signature) })),
  }));
  const functions = groups.flatMap((group) => group.functions);
  sound(table.name, functions, aliases);

  /** @param {Context} context */
  const factory = (context) => {
    const state = table.setup(context);
    /** @type {Record<string, (...args: unknown[]) => Promise<unknown>>} */
    const handlers = {};
    for (const { signature, run } of functions) {
      handlers[signature.name] = async (...args) => {
        try {
          return await run(state, ...checked(signature, args, { aliases, state }));
        } catch (error) {
          throw asPython(error, signature.name);
        }
      };
    }
    return handlers;
  };
  return Object.freeze({ name: table.name, doc: table.doc, notes: table.notes ?? [], aliases, groups, factory });
}

/**
 * What a browser threw, as an error of Python's that names the function. Ours say enough already.
 * @param {unknown} error
 * @param {string} [called]  the function's name
 */
export function asPython(error, called) {
  if (error instanceof PythonError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const plain = message.replace(/^(?:Uncaught )?Failed to \w+ '[^']*' on '[^']*': /, '');
  return new PythonError(CLASSES.get(name) ?? 'RuntimeError', called === undefined ? plain : `${called}(): ${plain}`);
}

/**
 * What Python calls the type of a value that came from there. An integral `float` arrives as an `int`.
 * @param {unknown} value
 */
export function typeOf(value) {
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'number') return isInt(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool', bigint: 'an int beyond 2**53', object: 'dict' }[/** @type {string} */ (typeof value)] ?? typeof value;
}

/** @param {unknown} value */
const isInt = (value) => Number.isInteger(value) && !Object.is(value, -0);

/** @type {Record<string, (value: unknown) => boolean>} */
const PYTHON = {
  None: (value) => value === null || value === undefined,
  bool: (value) => typeof value === 'boolean',
  int: isInt,
  float: (value) => typeof value === 'number',
  str: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  list: Array.isArray,
  dict: (value) => typeOf(value) === 'dict',
  Any: () => true,
};

/** @typedef {Alias<any> & { members: readonly (Parameter & { doc: string })[] | null }} ReadAlias */
/** @typedef {{ aliases: Map<string, ReadAlias>, state: any }} World */

/** @param {Record<string, Alias<any>>} types @returns {Map<string, ReadAlias>} */
function readAliases(types) {
  return new Map(Object.entries(types).map(([name, alias]) => {
    const members = alias.fields === undefined
      ? null
      : Object.entries(alias.fields).map(([field, doc]) => ({ ...readParameter(field), doc }));
    return [name, { ...alias, members }];
  }));
}

/**
 * A table with a hole in it fails when it is imported, not when a program comes by.
 * @param {string} name
 * @param {{ signature: Signature, doc: string }[]} functions
 * @param {Map<string, ReadAlias>} aliases
 */
function sound(name, functions, aliases) {
  const seen = new Set();
  /** @param {Type} type @param {string} where */
  const known = (type, where) => {
    for (const atom of type.atoms) {
      if (!Object.hasOwn(PYTHON, atom.name) && !aliases.has(atom.name)) throw new SyntaxError(`${where}: there is no type '${atom.name}'`);
      if (atom.of !== null) known(atom.of, where);
    }
  };
  for (const [alias, { members }] of aliases) for (const each of members ?? []) known(each.type, `${name}: ${alias}`);
  for (const { signature, doc } of functions) {
    const where = `${name}: ${signature.name}()`;
    if (seen.has(signature.name)) throw new SyntaxError(`${where} is there twice`);
    if (doc === '') throw new SyntaxError(`${where} has no doc`);
    seen.add(signature.name);
    for (const each of signature.parameters) known(each.type, where);
  }
}

/**
 * The arguments as the function takes them, defaults filled in.
 * @param {Signature} signature
 * @param {unknown[]} args
 * @param {World} world
 */
function checked({ name, parameters }, args, world) {
  const least = parameters.filter((each) => !each.optional).length;
  if (args.length > parameters.length) {
    const most = parameters.length === 0 ? 'no arguments' : `${least < parameters.length ? 'at most ' : ''}${counted(parameters.length)}`;
    throw new PythonError('TypeError', `${name}() takes ${most}, ${args.length} given`);
  }
  if (args.length < least) {
    const { name: missing, type } = /** @type {Parameter} */ (parameters[args.length]);
    throw new PythonError('TypeError', `${name}() needs argument ${args.length + 1} (${missing}: ${type.text})`);
  }
  return parameters.map(({ name: argument, type, fallback }, at) => {
    return take(type, at < args.length ? args[at] : structuredClone(fallback), `${name}() argument ${at + 1} (${argument})`, world);
  });
}

/**
 * A value of a type, as the function takes it.
 * @param {Type} type
 * @param {any} value
 * @param {string} where
 * @param {World} world
 * @returns {unknown}
 */
function take(type, value, where, world) {
  const atom = type.atoms.find(({ name }) => PYTHON[world.aliases.get(name)?.is ?? name]?.(value) === true);
  if (atom === undefined) {
    const got = typeOf(value);
    const hint = type.atoms.map(({ name }) => world.aliases.get(name)?.hints?.[got]).find((each) => each !== undefined);
    throw new PythonError('TypeError', `${where} must be ${expected(type, world)}, not ${got}${hint === undefined ? '' : ` (${hint})`}`);
  }
  if (atom.name === 'None') return null;
  const alias = world.aliases.get(atom.name);
  if (alias !== undefined) {
    const plain = alias.members === null ? value : fields(alias.members, value, where, world);
    return alias.take === undefined ? plain : alias.take(world.state, plain);
  }
  const inner = atom.of;
  if (inner === null) return value;
  if (atom.name === 'list') return value.map((/** @type {unknown} */ each, /** @type {number} */ at) => take(inner, each, `${where} item ${at}`, world));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, take(inner, each, `${where} ['${key}']`, world)]));
}

/**
 * A dict of options, each checked, defaults filled in.
 * @param {readonly Parameter[]} members
 * @param {Record<string, unknown>} value
 * @param {string} where
 * @param {World} world
 */
function fields(members, value, where, world) {
  const names = members.map(({ name }) => name);
  const odd = Object.keys(value).find((key) => !names.includes(key));
  if (odd !== undefined) throw new PythonError('ValueError', `${where} has no option '${odd}'; it has ${names.join(', ')}`);
  return Object.fromEntries(members.map(({ name, type, optional, fallback }) => {
    const given = Object.hasOwn(value, name);
    if (!given && !optional) throw new PythonError('ValueError', `${where} needs '${name}' (${type.text})`);
    return [name, take(type, given ? value[name] : structuredClone(fallback), `${where} ['${name}']`, world)];
  }));
}

/** @param {Type} type @param {World} world */
function expected(type, { aliases }) {
  const names = type.atoms.map(({ name, of }) => {
    const alias = aliases.get(name);
    if (alias !== undefined) return alias.called ?? alias.is;
    if (of === null) return name;
    return name === 'list' ? `list[${of.text}]` : `dict[str, ${of.text}]`;
  });
  const last = /** @type {string} */ (names.pop());
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`;
}

/** @param {number} count */
const counted = (count) => (count === 1 ? '1 argument' : `${count} arguments`);
