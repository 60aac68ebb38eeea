// @ts-check
/**
 * Stacks that park and go on: JavaScript Promise Integration, by the shortest way.
 *
 * Takes: the browser's `WebAssembly.Suspending` before Pyodide starts, then the Pyodide.
 * Gives: `takeSuspending`: whether this browser can park a stack, and `park`, by which the next `run_sync` of Python's waits for a
 * promise of ours; `createSwitch`: begin a stack, and go from one to another.
 * Refuses: a Pyodide that suspends in another way than the one known here, at the start, with an error.
 *
 * `run_sync` by itself makes an asyncio task, a proxy and a timer of each promise: 50 µs and more. Told to wait for a future that never
 * comes, it makes nothing, and calls its one suspending import. That is where ours is put in its place: 3 µs.
 *
 * Every stack begins at one place of the stack in linear memory, where the program's first began. So no number of parked stacks fills it:
 * what one leaves there is copied away when another wants the place, and back when it goes on.
 */

/** @typedef {(promise: Promise<unknown>) => void} Park */

/** Before Pyodide starts, once. @returns {{ waits: boolean, park: Park, cancel: () => void, found: () => boolean }} */
export function takeSuspending() {
  const wasm = /** @type {any} */ (WebAssembly);
  const Suspending = wasm.Suspending;
  /** What the next suspension waits for. @type {Promise<unknown> | null} */
  let next = null;
  let found = false;
  const waits = typeof Suspending === 'function';
  if (waits) {
    wasm.Suspending = function (/** @type {(...given: unknown[]) => unknown} */ inner) {
      found = true;
      return new Suspending((/** @type {unknown[]} */ ...given) => {
        if (next === null) return inner(...given);
        const promise = next;
        next = null;
        return promise;
      });
    };
  }
  return {
    waits,
    park: (promise) => {
      next = promise;
    },
    /** It was not parked after all. */
    cancel: () => {
      next = null;
    },
    found: () => found,
  };
}

/**
 * @param {any} pyodide
 * @param {any} entry  the Python function that each stack runs, with its number
 * @param {Park} park
 * @param {() => void} parked  called before the browser may enter Python by itself
 */
export function createSwitch(pyodide, entry, park, parked) {
  const python = pyodide._module;
  const pointer = python.PyProxy_getPtr(entry);
  const error = python._malloc(4);
  const bottom = bottomOf(python);
  /** A stack broke down, and the interpreter with it. @type {(error: unknown) => void} */
  let broken = () => {};
  /** What has each parked stack go on. @type {Map<number, (value?: unknown) => void>} */
  const wakes = new Map();

  /** The stack that runs calls this, and then `run_sync`. @param {number} number */
  function leave(number) {
    parked();
    park(new Promise((resolve) => {
      wakes.set(number, resolve);
    }));
  }

  /** @param {number} number */
  function wake(number) {
    const resolve = /** @type {() => void} */ (wakes.get(number));
    wakes.delete(number);
    resolve();
  }

  /** Once the stack that asks for it has left. @param {number} number */
  function begin(number) {
    queueMicrotask(() => {
      bottom.restore();
      python.promisingApply(pointer, [number], 1, [], 0, error).catch(broken);
    });
  }

  return {
    /** Park the stack `from`, and go on with `to`. @param {number} from @param {number} to */
    go(from, to) {
      leave(from);
      wake(to);
    },
    /** The same, where `to` has not begun. @param {number} from @param {number} to */
    start(from, to) {
      leave(from);
      begin(to);
    },
    /** The stack that runs ends. @param {number} to */
    end: wake,
    /** The same, where `to` has not begun. @param {number} to */
    endInto: begin,
    /** A run begins, and nothing is left of the last one. @returns {Promise<never>} rejected where one of its stacks breaks down */
    watch() {
      wakes.clear();
      return new Promise((_, reject) => {
        broken = reject;
      });
    },
  };
}

/**
 * The place where stacks begin: that of a JavaScript that runs nothing below it. To go there is what Pyodide does to go on with a stack
 * that left nothing.
 * @param {any} python  Pyodide's module
 * @returns {{ restore: () => void }}
 */
function bottomOf(python) {
  python.stackStop = python.stackSave();
  return new python.StackState();
}
