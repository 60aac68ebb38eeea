/**
 * Drops from the glue what an engine that starts from a memory never runs: Pyodide's glue holds SDL, WebGL and a thousand functions more
 * for libraries that are loaded later, and no library is. Each engine reads all of it again, because a Blob has no code cache.
 *
 * Takes: the text that `quicken` made (glue.mjs); the WebAssembly; the texts of all that looks at the glue's `Module`.
 * Gives: a third of the text, which does the same.
 * Refuses: a glue that is written otherwise than this knows: too little was found in it.
 */
import { minify } from 'terser';
import { readModule } from './wasm.mjs';

/** How the glue makes a thing known outside of it. */
const EXPORT = /(?<=[;}])Module\["(?<name>[\w$]+)"\]=\k<name>;/g;
/** What a function's arguments are to WebAssembly; asked for those that it imports. */
const SIGNATURE = /(?<=[;}])(?<name>[\w$]+)\.sig="[^"]*";/g;
const IMPORTS = /(?<=[ ,]wasmImports=\{)[^}]*(?=\})/;
/** What starts by itself, for programs that draw. */
const DRAWS = [
  ...['requestFullscreen', 'setCanvasSize', 'getUserMedia', 'createContext'].flatMap((name) => [`var ${name}=Browser.${name};`, `Module["${name}"]=${name};`]),
  'registerPostMainLoop(()=>SDL.audio?.queueNewAudioData?.());', 'Module["GL"]=GL;', 'Module["GLctx"]=GLctx;',
];
/** Fewer would say that the glue is another. */
const [LEAST_IMPORTS, LEAST_EXPORTS] = [1000, 1400];

/**
 * @param {string} text
 * @param {Uint8Array} wasm
 * @param {string[]} users
 * @returns {Promise<string>}
 */
export async function prune(text, wasm, users) {
  const { imports } = readModule(wasm);
  const quiet = DRAWS.reduce((kept, statement) => without(kept, statement), text);
  /** @type {Set<string>} */
  const gone = new Set();
  const linked = quiet.replace(IMPORTS, (all) => all.split(',').filter((entry) => {
    const [name = '', local = name] = entry.split(':');
    if (!imports.has(name)) gone.add(local);
    return imports.has(name);
  }).join(','));
  if (gone.size < LEAST_IMPORTS) throw new Error(`the known glue has ${gone.size} functions that the code does not import`);
  const unsigned = linked.replace(SIGNATURE, (all, name) => (gone.has(name) ? '' : all));
  const asked = properties([unsigned.replace(EXPORT, ''), ...users]);
  let dropped = 0;
  const unexported = unsigned.replace(EXPORT, (all, name) => {
    if (asked.has(name)) return all;
    dropped += 1;
    return '';
  });
  if (dropped < LEAST_EXPORTS) throw new Error(`the known glue has ${dropped} exports that nobody asks for`);
  const { code = '' } = await minify(unexported, { module: true, ecma: 2020, compress: { pure_getters: true } });
  return code;
}

/** Every name that stands as a property or in quotes. @param {string[]} texts */
function properties(texts) {
  const found = new Set();
  for (const text of texts) for (const [, dotted, quoted] of text.matchAll(/\.([\w$]+)|["'`]([\w$]+)["'`]/g)) found.add(dotted ?? quoted);
  return found;
}

/** @param {string} text @param {string} statement */
function without(text, statement) {
  if (!text.includes(statement)) throw new Error(`the known glue has no ${statement}`);
  return text.replace(statement, '');
}
