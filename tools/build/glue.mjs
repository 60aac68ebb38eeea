/**
 * Makes Pyodide's JavaScript start faster where a memory snapshot takes the place of its own start; docs/snapshot.md says why each
 * edit is safe.
 *
 * Takes: the text of pyodide.asm.mjs. Gives: the text with our edits; null for a text that is not the one known here.
 * Refuses: the known text in which something is not where it was found: that is a mistake of ours.
 */
import { createHash } from 'node:crypto';

/** The text that these edits were made for. */
export const KNOWN = 'f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635'; // Pyodide 314.0.7

/** An edit: a text that the glue holds so many times, and what takes its place. @typedef {{ find: string, times: number, put: string }} Edit */

/** @type {Edit[]} */
const EDITS = [
  // A direct `eval` sees every local name: a minifier may then rename and drop none of them.
  // What is lost: C code of a library that is loaded later, that is JavaScript and names what is local here. No library is.
  ...[
    { before: ']=', times: 2 }, { before: '{ptr>>>=0;', times: 1 }, { before: 'return ', times: 1 }, { before: 'var s=', times: 1 },
    { before: 'var data=await readAsync(url,false);', times: 1 },
  ].map(({ before, times }) => ({ find: `${before}eval(`, times, put: `${before}(0,eval)(` })),
  // Only for a wait inside of a stream's call, which answers EAGAIN. Making one takes 15 ms.
  {
    find: 'var io=new Int32Array(new WebAssembly.Memory({shared:!0,initial:1,maximum:1}).buffer);function so(t){try{return Atomics.wait(io,0,0,t)',
    times: 1,
    put: 'var io;function so(t){try{return Atomics.wait(io??=new Int32Array(new WebAssembly.Memory({shared:!0,initial:1,maximum:1}).buffer),0,0,t)',
  },
  // The 7,000 exports are made known to libraries that are loaded later: once one is.
  {
    find: 'var origExports=wasmExports;mergeLibSymbols(wasmExports,"main");',
    times: 1,
    put: 'var origExports=wasmExports;linkMain=()=>{linkMain=()=>{};mergeLibSymbols(origExports,"main");updateGOT(origExports);reportUndefinedSymbols()};',
  },
  { find: 'assignWasmExports(wasmExports);updateGOT(origExports);LDSO.init();loadDylibs();', times: 1, put: 'assignWasmExports(wasmExports);LDSO.init();' },
  { find: 'async function createWasm(){', times: 1, put: 'var linkMain;async function createWasm(){' },
  { find: 'init(){newDSO("__main__",0,wasmImports)}', times: 1, put: 'init(){var dso=newDSO("__main__",0,wasmImports);Object.defineProperty(dso,"exports",{get(){linkMain();return wasmImports}})}' },
  { find: 'var resolveGlobalSymbol=(symName,direct=false)=>{', times: 1, put: 'var resolveGlobalSymbol=(symName,direct=false)=>{linkMain();' },
  { find: 'var loadWebAssemblyModule=(binary,flags,libName,localScope,handle)=>{', times: 1, put: 'var loadWebAssemblyModule=(binary,flags,libName,localScope,handle)=>{linkMain();' },
  { find: 'var entryFunction=resolveGlobalSymbol("main").sym;', times: 1, put: 'var entryFunction=wasmExports["main"]??wasmExports["__main_argc_argv"];' },
  // The memory that takes the place of a start has been through the constructors. What they do outside of the memory is done again, in
  // their order: the limits of the stack, and the first entries of the two tables of JavaScript's things.
  {
    find: 'wasmExports["__wasm_call_ctors"]();callRuntimeCallbacks(onPostCtors)',
    times: 1,
    put: 'if(Module["noInitialRun"]){wasmExports["emscripten_stack_init"]();wasmExports["_hiwire_immortal_add"](null);'
      + 'wasmExports["_hiwire_immortal_add"](wasmImports["__hiwire_deduplicate_new"]());wasmExports["_hiwire_immortal_table_init"]()}'
      + 'else wasmExports["__wasm_call_ctors"]();callRuntimeCallbacks(onPostCtors)',
  },
  // Five lines of Python would be compiled to find four things, which the memory holds (tools/build/heap.mjs).
  {
    find: 'let[r,n]=API.rawRun("import _pyodide_core");r&&API.fatal_loading_error(`Failed to import _pyodide_core\\n`,n),API.runPythonInternal_dict=API._pyodide._base.eval_code("{}"),API.importlib=API.runPythonInternal("import importlib; importlib");',
    times: 1,
    put: 'let FOUND=t?API._pyodide.found:null;if(!t){let[r,n]=API.rawRun("import _pyodide_core");r&&API.fatal_loading_error(`Failed to import _pyodide_core\\n`,n)}'
      + 'API.runPythonInternal_dict=t?FOUND.get(0):API._pyodide._base.eval_code("{}"),API.importlib=t?FOUND.get(1):API.runPythonInternal("import importlib; importlib");',
  },
  {
    find: 'let i=API.runPythonInternal("import __main__; __main__.__dict__"),s=API.runPythonInternal("import builtins; builtins.__dict__");',
    times: 1,
    put: 'let i=t?FOUND.get(2):API.runPythonInternal("import __main__; __main__.__dict__"),s=t?FOUND.get(3):API.runPythonInternal("import builtins; builtins.__dict__");',
  },
  // Which packages lie in its file system: none, and Python would compile a pattern to look.
  {
    find: 'API._pyodide._importhook.register_module_not_found_hook(API._import_name_to_package_name),API.package_loader.init_loaded_packages()',
    times: 1,
    put: 'Module["noInitialRun"]||(API._pyodide._importhook.register_module_not_found_hook(API._import_name_to_package_name),API.package_loader.init_loaded_packages())',
  },
  // The zone of the machine that made the memory is not the visitor's (web/engine/restore.js).
  { find: '__tzset_js.sig=', times: 1, put: 'Module["tzset"]=__tzset_js;__tzset_js.sig=' },
  // Whether the new function is in the table already need not be asked: that makes JavaScript of all 8,700.
  {
    find: 'return addFunction(trampolineInstance.exports.trampoline_call)',
    times: 1,
    put: 'var slot=getEmptyTableSlot();setWasmTableEntry(slot,trampolineInstance.exports.trampoline_call);functionsInTableMap?.set(trampolineInstance.exports.trampoline_call,slot);return slot',
  },
];

/** How the glue makes an export known: as a local name, as a property of its module. */
const EXPORTED = /^(?<local>[\w$]+)=Module\["(?<name>_[\w$]+)"\]=wasmExports\["[\w$]+"\](?:\.value>>>0)?$/;

/** What finds an export when its property is first asked for; `main` is the one that is renamed. */
const LOOKUP = `Object.setPrototypeOf(Module,new Proxy(Object.create(Object.prototype),{
has(target,name){return exportOf(name)!==undefined||Reflect.has(target,name)},
get(target,name,receiver){var found=exportOf(name);if(found===undefined)return Reflect.get(target,name,receiver);
var value=found instanceof WebAssembly.Global?found.value>>>0:found;Object.defineProperty(Module,name,{value,writable:true,enumerable:true,configurable:true});return value}}));
function exportOf(name){if(typeof name!="string"||name[0]!="_")return;name=name=="_main"?"__main_argc_argv":name.slice(1);return Object.hasOwn(wasmExports,name)?wasmExports[name]:undefined}`;

/** @param {string} text @returns {string | null} */
export function quicken(text) {
  if (createHash('sha256').update(text).digest('hex') !== KNOWN) return null;
  return exportOnDemand(EDITS.reduce((edited, { find, times, put }) => replace(edited, find, put, times), text));
}

/**
 * Thousands of statements, most for names that nobody uses, are a third of the text.
 * @param {string} text
 */
function exportOnDemand(text) {
  const [, names = '', body = ''] = /;var ([^;]*);function assignWasmExports\(wasmExports\)\{([^}]*)\}/.exec(text) ?? [];
  const used = new Map();
  for (const [word] of text.matchAll(/[\w$]+/g)) used.set(word, (used.get(word) ?? 0) + 1);
  const statements = body.split(';').filter((statement) => statement !== '');
  // Three are: where it is declared, assigned, and its name as a property.
  const idle = new Set(statements.map((statement) => EXPORTED.exec(statement)?.groups?.['local']).filter((local) => local !== undefined && used.get(local) === 3));
  if (idle.size < 4000) throw new Error(`the known glue has ${idle.size} exports that nobody uses`);
  const kept = statements.filter((statement) => !idle.has(EXPORTED.exec(statement)?.groups?.['local']));
  const declared = names.split(',').filter((name) => !idle.has(name));
  return replace(replace(text, `;var ${names};`, `;var ${declared.join(',')};`, 1), body, `${[...kept, LOOKUP].join(';')}`, 1);
}

/** @param {string} text @param {string} find @param {string} put @param {number} times */
function replace(text, find, put, times) {
  const parts = text.split(find);
  if (parts.length !== times + 1) throw new Error(`the known glue holds ${JSON.stringify(find.slice(0, 80))} ${parts.length - 1} times, not ${times}`);
  return parts.join(put);
}
