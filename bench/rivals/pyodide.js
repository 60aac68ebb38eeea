/**
 * Plain Pyodide in a worker, as its own documentation starts it.
 *
 * Takes: `{ files }`, a program's texts by name, of which `main.py` is run.
 * Gives: `{ began }` as it begins; `{ ms, out, error }`: the time from its first statement to its last, compiling left out.
 */
import { loadPyodide } from '/npm/pyodide/pyodide.mjs';

const pyodide = await loadPyodide();
const run = pyodide.runPython(`
import sys, time, io, importlib, os
os.makedirs('/program', exist_ok=True)
sys.path.insert(0, '/program')
def run(files):
    for name, text in files.items():
        with open('/program/' + name, 'w') as file:
            file.write(text)
    importlib.invalidate_caches()
    code = compile(files['main.py'], 'main.py', 'exec')
    out, sys.stdout = sys.stdout, io.StringIO()
    error = None
    began = time.perf_counter()
    try:
        exec(code, {'__name__': '__main__'})
    except BaseException as problem:
        error = type(problem).__name__ + ': ' + str(problem)
    took = (time.perf_counter() - began) * 1000
    text, sys.stdout = sys.stdout.getvalue(), out
    for name in files:
        sys.modules.pop(name[:-3], None)
        os.remove('/program/' + name)
    return [took, text, error]
run
`);

onmessage = ({ data: { files } }) => {
  postMessage({ began: true });
  const [ms, out, error] = run(pyodide.toPy(files)).toJs();
  postMessage({ ms, out, error });
};
postMessage({ version: `Pyodide ${pyodide.version}` });
