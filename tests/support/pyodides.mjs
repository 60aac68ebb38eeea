/**
 * One Pyodide under Node, driven by JSON lines; `tests/support/pyodides.py` speaks to it.
 *
 * Takes: on the command line, the npm package of the Pyodide and the repository's root; on standard input, one line for each
 * call: `{ code, argument }`.
 * Gives: on standard output, one line when it is ready, `{ python }`, and one for each call: `{ value }` or `{ error }`. What
 * Python prints goes to standard error.
 * Refuses: to go on with an engine that died: it says so and ends.
 */
// @ts-check

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [name, root] = process.argv.slice(2);
const say = (/** @type {object} */ line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const START = `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, '/repo')

def _call(code, argument):
    import importlib, json, traceback
    try:
        if '\\n' in code or ':' not in code:
            names = {'__name__': 'code'}
            exec(compile(code, 'code.py', 'exec', dont_inherit=True), names)
            function = names['run']
        else:
            module, _, function = code.partition(':')
            function = getattr(importlib.import_module(module), function)
        return json.dumps({'value': function(json.loads(argument))})
    except BaseException:
        return json.dumps({'error': traceback.format_exc()})

_call
`;

const { loadPyodide } = await import(pathToFileURL(createRequire(`${root}/package.json`).resolve(`${name}/pyodide.mjs`)).href);
const pyodide = await loadPyodide({
  env: { PYTHONDONTWRITEBYTECODE: '1', HOME: '/home/pyodide' },
  stdout: (/** @type {string} */ text) => process.stderr.write(`${text}\n`),
  stderr: (/** @type {string} */ text) => process.stderr.write(`${text}\n`),
});
pyodide.mountNodeFS('/repo', root);
const call = pyodide.runPython(START);
say({ python: pyodide.runPython('import sys; ".".join(map(str, sys.version_info[:3]))') });

for await (const line of createInterface({ input: process.stdin })) {
  const { code, argument } = JSON.parse(line);
  try {
    process.stdout.write(`${call(code, JSON.stringify(argument))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ died: String(error) })}\n`, () => process.exit(1));
    break;
  }
}
