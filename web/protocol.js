// @ts-check
/**
 * Every message between the page side and the engine side, and nothing else.
 *
 * Takes: a value that arrived by `postMessage`.
 * Gives: the same value, typed, when its shape is one of those below.
 * Refuses: every other value, with a `ProtocolError` that names the field. An unknown type is refused too:
 * the page trusts no engine, because a hostile script may have taken it over.
 *
 * The page fetches, stores and calls host packages; the engine links, compiles and runs. So the engine only ever
 * *asks* (`needs`, `linked`, `asks`), and the page answers (`supplied`, `committed`, `returned`).
 */

/** The protocol's number: page and engine of different builds refuse each other at `boot`. */
export const PROTOCOL = 8;

/** Bounds that no honest engine reaches: they keep a hostile one from drowning the page. */
export const BOUNDS = Object.freeze({
  text: 16 * 1024 * 1024,
  needs: 100_000,
  spec: 16_384,
  tokens: 1_000_000,
  ends: 1_000,
  questions: 1_000,
  code: 16 * 1024 * 1024,
});

/**
 * What the linker wants to know about one spec.
 * @typedef {object} Need
 * @property {string} key       identity of the question: the same key is asked once in a program
 * @property {'module' | 'manifest' | 'host'} kind
 * @property {string} spec      canonical spec, for messages
 * @property {string} location  where it is: `/path` below the program's origin (kind `module` and `manifest`, `remote` false),
 *                              an absolute URL (`remote` true); for `host` the URL of the ES module, or '' for one in memory
 * @property {boolean} remote   true: a URL spec, subject to lockfile and store; false: a local file of the program
 * @property {string | null} integrity  hex SHA-256 that the source itself demands; bytes with another digest are never locked
 */

/**
 * The page's answer to one need.
 * @typedef {{ key: string, kind: 'bytes', bytes: Uint8Array, url: string | null }
 *   | { key: string, kind: 'absent' }
 *   | { key: string, kind: 'host', names: string[] }
 *   | { key: string, kind: 'failed', reason: string, hint: string | null }
 *   | { key: string, kind: 'drift', locked: string, remote: string }} Outcome
 * `url` is the final address after redirects where it differs from the one asked for (else null). `absent`: the answer was 404.
 * `reason` completes the sentence "cannot load module '<spec>': …". `locked` and `remote` are hex digests.
 */

/**
 * A Python value flattened in post-order, so that no depth of nesting meets a recursion limit: see `page/values.js`.
 * @typedef {unknown[]} Tokens
 */

/**
 * One diagnostic as data; `rendered` is its picture.
 * @typedef {object} DiagnosticData
 * @property {'error' | 'warning'} severity
 * @property {string} message
 * @property {string} spec
 * @property {number} line
 * @property {number} column
 * @property {number} endLine
 * @property {number} endColumn
 * @property {string | null} note
 * @property {string | null} fix
 * @property {string} rendered
 */

/**
 * @typedef {object} FrameData
 * @property {string} file
 * @property {number} line
 * @property {number} column
 * @property {number} endLine
 * @property {number} endColumn
 * @property {string} function
 */

/**
 * @typedef {object} ErrorData
 * @property {string} type           `CompileError`, or the name of the Python class
 * @property {string} message
 * @property {DiagnosticData[]} [diagnostics]  of a program that did not compile
 * @property {FrameData[]} [frames]  of an uncaught exception, outermost first
 * @property {string} rendered       the picture, as the element shows it
 */

/**
 * How a run ended, as the engine sees it. Times are milliseconds.
 * @typedef {object} Ending
 * @property {boolean} ok
 * @property {ErrorData | null} error
 * @property {number} exitCode
 * @property {{ link: number, compile: number, run: number }} phases
 */

/**
 * What the page tells the linker about a run.
 * @typedef {object} RunOptions
 * @property {Uint8Array} source      bytes of the entry
 * @property {string} entry           `/path/main.py` below the page's origin, or an absolute URL of another origin
 * @property {boolean} probe          look for `packages.json` above the entry (false for inline text)
 * @property {{ location: string, bytes: Uint8Array } | null} packages  the manifest that the page names, already fetched
 * @property {Record<string, string>} imports  page option `imports`: bare name -> absolute URL or `/path`
 * @property {Record<string, string>} hosts    bare name -> URL of an ES module, or '' for handlers in memory: what the page grants
 * @property {string[]} args           what `sys.argv` has after the program's name
 * @property {number} maxOutput       bytes that the program may print
 * @property {number} maxMemory       bytes that it may take, and each of its native modules
 * @property {number} timeout         milliseconds that it may compute; waiting is not counted
 * @property {boolean} loaders        whether the page has loaders for native modules of other kinds
 * @property {boolean} defaults       whether the standard packages resolve by their bare names
 * @property {boolean} memo           whether calls of pure functions may be answered from a table
 * @property {'run' | 'check'} mode   `check` compiles and stops
 * @property {boolean} fetch          false: a module that is not at hand is no error (`check` only)
 * @property {boolean} keep           whether the globals of the last run with `keep` are this one's
 * @property {boolean} record         whether what comes from the page is written down, for `saveState`
 * @property {Uint8Array | null} code     what an engine of an earlier visit made of the program's modules
 * @property {boolean} keepCode       whether the page wants what this one makes of them
 * @property {Uint8Array | null} restore  what `saveState` gave: the run goes on from there
 */

/**
 * What only the page can answer. Numbers grow within a run.
 * @typedef {{ call: number, what: 'call', module: string, name: string, args: Tokens }
 *   | { call: number, what: 'input' | 'receive' | 'frame', text: string }} Question
 * `text` is the prompt of an `input`.
 */

/** @typedef {{ call: number, ok: true, value: Tokens } | { call: number, ok: false, error: { name: string, message: string } }} Answer */

/**
 * @typedef {{ type: 'boot', protocol: number, files: Record<string, Blob>, digests: Record<string, string>, loaders: Record<string, Blob> }
 *   | { type: 'run', run: number, options: RunOptions }
 *   | { type: 'supplied', run: number, batch: number, outcomes: Outcome[] }
 *   | { type: 'committed', run: number, outcomes: Outcome[] }
 *   | { type: 'returned', run: number, answers: Answer[] }
 *   | { type: 'stop', run: number }
 *   | { type: 'pause', run: number, pause: number }
 *   | { type: 'resume', run: number }
 *   | { type: 'ask', ask: number, what: 'readLock' | 'writeLock' | 'state' | 'stack' | 'globals', text: string, name: string }
 *   | { type: 'library', blob: Blob | null, why: string }
 *   | { type: 'forget' }} PageMessage
 */

/**
 * @typedef {{ type: 'booted', ms: number, waits: boolean }
 *   | { type: 'needs', run: number, batch: number, root: string | null, needs: Need[] }
 *   | { type: 'linked', run: number, root: string, keys: string[], hosts: string[], diagnostics: DiagnosticData[], compiled?: number, code?: Uint8Array }
 *   | { type: 'output', run: number, stream: 'stdout' | 'stderr', text: string, ends?: number[] }
 *   | { type: 'asks', run: number, heard: number, used: number, idle: boolean, questions: Question[], forgotten: number[] }
 *   | { type: 'awake', run: number, used: number }
 *   | { type: 'paused', run: number, pause: number, used: number }
 *   | { type: 'done', run: number, ending: Ending, spent?: boolean }
 *   | { type: 'answer', ask: number, ok: boolean, text: string }
 *   | { type: 'library' }
 *   | { type: 'failed', message: string }} EngineMessage
 * `compiled`: how many modules were compiled; `code`: all of the program's, for the next visit, where the page wanted them.
 * `ends`: where each print of an `output` ends in its text; without it, it is one. `used`: the milliseconds that the program
 * has computed so far. `heard`: how many answers have come. `idle`: the program waits from here on, until an answer comes or its own
 * timer has it `awake`; so is one that was restored, once it is where it was saved. `forgotten`: questions whose answers nobody waits for any more. `paused`: it will not go on until `resume`;
 * one that waits is so at once; which `pause` it answers tells one that came too late. `library`:
 * something reads the standard library's archive, which the page is to bring; `why` it could not is a sentence for the program. `spent`: the engine broke down, or took so much memory that the next run should have another.
 */

/** A message that is not of this protocol. */
export class ProtocolError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'ProtocolError';
  }
}

/** @typedef {(value: unknown) => boolean} Check */

/** @type {Check} */
const isText = (value) => typeof value === 'string' && value.length <= BOUNDS.text;
/** @type {Check} */
const isSpec = (value) => typeof value === 'string' && value.length <= BOUNDS.spec;
/** @type {Check} */
const isFlag = (value) => typeof value === 'boolean';
/** @type {Check} */
const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
/** @type {Check} */
const isAmount = (value) => typeof value === 'number' && value >= 0;
/** @type {Check} */
const isToken = (value) => typeof value !== 'object' || value instanceof Uint8Array;
/** @type {Check} */
const isTokens = (value) => Array.isArray(value) && value.length <= BOUNDS.tokens && all(value, isToken);
/** @type {Check} */
const isCode = (value) => value instanceof Uint8Array && value.length <= BOUNDS.code;
/** @param {string[]} words @returns {Check} */
const oneOf = (...words) => (value) => typeof value === 'string' && words.includes(value);
/** @param {Check} check @returns {Check} */
const orNull = (check) => (value) => value === null || check(value);
/** @param {Check} check @returns {Check} */
const listOf = (check) => (value) => Array.isArray(value) && value.length <= BOUNDS.needs && all(value, check);
/** @param {number} most @param {Check} check @returns {Check} */
const upTo = (most, check) => (value) => Array.isArray(value) && value.length <= most && all(value, check);
/** `every` would pass over the holes of a sparse array. @param {unknown[]} list @param {Check} check */
function all(list, check) {
  for (let at = 0; at < list.length; at += 1) if (!check(list[at])) return false;
  return true;
}
/** @param {unknown} ends @param {number} length  places in a text of so many characters, in their order */
function arePlaces(ends, length) {
  if (!Array.isArray(ends) || ends.length > BOUNDS.ends) return false;
  let before = 0;
  return all(ends, (end) => isCount(end) && /** @type {number} */ (end) >= before && (before = /** @type {number} */ (end)) <= length) && before === length;
}
/** @param {Record<string, Check>} fields @returns {Check} */
const shape = (fields) => (value) =>
  typeof value === 'object' && value !== null && Object.entries(fields).every(([name, check]) => check(/** @type {any} */ (value)[name]));
/** @param {Check} check @returns {Check} */
const optional = (check) => (value) => value === undefined || check(value);

const place = { line: isCount, column: isCount, endLine: isCount, endColumn: isCount };
const isDiagnostic = shape({
  ...place,
  severity: oneOf('error', 'warning'),
  message: isText,
  spec: isText,
  note: orNull(isText),
  fix: orNull(isText),
  rendered: isText,
});
const isFrame = shape({ ...place, file: isText, function: isText });
const isError = shape({
  type: isText,
  message: isText,
  rendered: isText,
  diagnostics: optional(listOf(isDiagnostic)),
  frames: optional(listOf(isFrame)),
});
const isNeed = shape({
  key: isSpec,
  kind: oneOf('module', 'manifest', 'host'),
  spec: isSpec,
  location: isSpec,
  remote: isFlag,
  integrity: orNull((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)),
});
const isCall = shape({ call: isCount, module: isSpec, name: isSpec, args: isTokens });
const isWait = shape({ call: isCount, what: oneOf('input', 'receive', 'frame'), text: isText });
/** @type {Check} */
const isQuestion = (value) => (/** @type {any} */ (value)?.what === 'call' ? isCall(value) : isWait(value));
/** All together hold as many tokens as one may: a message that shares one array among its questions is small, and long to look at. @type {Check} */
const areQuestions = (value) => {
  if (!Array.isArray(value) || value.length > BOUNDS.questions) return false;
  let tokens = 0;
  return all(value, (question) => {
    const args = /** @type {any} */ (question)?.args;
    if (Array.isArray(args)) tokens += args.length;
    return tokens <= BOUNDS.tokens && isQuestion(question);
  });
};
const isEnding = shape({
  ok: isFlag,
  error: orNull(isError),
  exitCode: (value) => Number.isSafeInteger(value),
  phases: shape({ link: isAmount, compile: isAmount, run: isAmount }),
});

/** @type {Record<string, Record<string, Check>>} */
const FROM_ENGINE = {
  booted: { ms: isAmount, waits: isFlag },
  needs: { run: isCount, batch: isCount, root: orNull(isSpec), needs: listOf(isNeed) },
  linked: { run: isCount, root: isSpec, keys: listOf(isSpec), hosts: listOf(isSpec), diagnostics: listOf(isDiagnostic), compiled: optional(isCount), code: optional(isCode) },
  output: { run: isCount, stream: oneOf('stdout', 'stderr'), text: isText, ends: optional(Array.isArray) },
  asks: { run: isCount, heard: isCount, used: isAmount, idle: isFlag, questions: areQuestions, forgotten: upTo(BOUNDS.questions, isCount) },
  awake: { run: isCount, used: isAmount },
  paused: { run: isCount, pause: isCount, used: isAmount },
  done: { run: isCount, ending: isEnding, spent: optional(isFlag) },
  answer: { ask: isCount, ok: isFlag, text: isText },
  library: {},
  failed: { message: isText },
};

/**
 * The page's gate: every message from an engine goes through here.
 * @param {unknown} message
 * @returns {EngineMessage}
 * @throws {ProtocolError} where type or a field is not as above
 */
export function fromEngine(message) {
  const type = typeof message === 'object' && message !== null ? /** @type {any} */ (message).type : undefined;
  const fields = typeof type === 'string' && Object.hasOwn(FROM_ENGINE, type) ? FROM_ENGINE[type] : undefined;
  if (fields === undefined) {
    const shown = typeof type === 'string' ? JSON.stringify(type.slice(0, 80)) : `(${typeof type})`;
    throw new ProtocolError(`the engine sent a message of unknown type ${shown}`);
  }
  for (const [name, check] of Object.entries(fields)) {
    if (!check(/** @type {any} */ (message)[name])) {
      throw new ProtocolError(`the engine sent a '${type}' message with a bad '${name}'`);
    }
  }
  for (const name in /** @type {object} */ (message)) {
    if (name !== 'type' && !Object.hasOwn(fields, name)) throw new ProtocolError(`the engine sent a message '${type}' with an unknown field`);
  }
  const known = /** @type {EngineMessage} */ (message);
  if (known.type === 'output' && known.ends !== undefined && !arePlaces(known.ends, known.text.length)) {
    throw new ProtocolError("the engine sent an 'output' message with a bad 'ends'");
  }
  return known;
}
