// @ts-check
/**
 * Tells Python how much of the stack that it watches an entry from JavaScript may use; docs/deep-structures.md says why.
 *
 * Takes: a Pyodide. Gives: `guardStack`: a session whose every call begins with the limits of its own place, and `parked`, to be
 * called where a program is about to wait.
 * Refuses: nothing. On the stock engine it is of little use and does no harm.
 *
 * An entry that can wait runs on a stack of its own, and Pyodide gives it a thread state of its own, whose limits the engine
 * sets as it begins (tools/build/deepstack.mjs). All other entries share the main thread state and the worker's stack.
 */

/** Of the 500 KiB that Chromium gives a worker; Firefox gives more. */
export const PLAIN_BYTES = 288 * 1024;

/**
 * @param {any} pyodide
 * @param {any} session a `BrowserSession`
 * @returns {{ session: any, parked: () => void }} the same, to be used in its place
 */
export function guardStack(pyodide, session) {
  const python = pyodide._module;
  const main = python._PyThreadState_Get();
  const begin = () => {
    const here = python._emscripten_stack_get_current();
    python._PyUnstable_ThreadState_SetStackProtection(main, here - PLAIN_BYTES, PLAIN_BYTES);
  };
  begin();
  const guarded = new Proxy(session, {
    get(target, name) {
      // A program that waits has left the pointer where it stopped; the worker's own stack is empty all the same.
      begin();
      return target[name];
    },
  });
  // While a program waits, the browser may enter Python by itself (it destroys what JavaScript let go of), with the pointer left where
  // the program stopped: in the middle of a deep `repr`, that is below the limits of the session's last call.
  return { session: guarded, parked: begin };
}
