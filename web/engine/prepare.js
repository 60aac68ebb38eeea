// @ts-check
/**
 * What is done to every Pyodide before `edge_runtime` runs in it: as a page's engine starts, or as its memory is made by the build.
 *
 * Takes: a started Pyodide, the bytes of edge_runtime.zip. Gives: nothing. Refuses: nothing.
 */

/** Where the package lies in the file system of Pyodide. */
export const PACKAGE = '/lib/edge_runtime.zip';

// A slice's signal may be taken up only when its run is over: it is nobody's then, and must not be a KeyboardInterrupt.
const PREPARE = `
import signal, sys
sys.path.append(${JSON.stringify(PACKAGE)})
signal.signal(signal.SIGINT, lambda *_: None)
`;

/** @param {any} pyodide @param {Uint8Array} zip */
export function prepare(pyodide, zip) {
  pyodide.FS.writeFile(PACKAGE, zip);
  pyodide.runPython(PREPARE);
}
