// @ts-check
/**
 * Stacks that park and go on: JavaScript Promise Integration, by the shortest way.
 *
 * Takes: the browser's `WebAssembly.Suspending` before Pyodide starts, then the Pyodide.
 * Gives: `takeSuspending`: whether this browser can park a stack; `createSwitch`: let the next `run_sync` of Python's wait for a promise
 * of ours, begin a stack, go from one to another.
 * Refuses: a Pyodide that suspends in another way than the one known here, and another Python, at the start, with an error.
 *
 * `run_sync` by itself makes an asyncio task, a proxy and a timer of each promise: 50 µs and more. Told to wait for a future that never
 * comes, it makes nothing, and calls its one suspending import. That is where ours is put in its place: 3 µs.
 *
 * Every stack begins at one place of the stack in linear memory, where the program's first began. So no number of parked stacks fills it:
 * what one leaves there is copied away when another wants the place, and back when it goes on. Python's garbage collector looks at the
 * frames of all thread states, and the outermost of them lie there: so a parked stack's thread state has no frames.
 */

/** What stands in the place of Pyodide's promise: called when the running stack is about to be parked. @typedef {() => Promise<unknown>} Wait */

/** Before Pyodide starts, once. */
export function takeSuspending() {
  const wasm = /** @type {any} */ (WebAssembly);
  const Suspending = wasm.Suspending;
  /** What the next suspension waits for. @type {Wait | null} */
  let next = null;
  let found = false;
  const waits = typeof Suspending === 'function';
  if (waits) {
    wasm.Suspending = function (/** @type {(...given: unknown[]) => unknown} */ inner) {
      found = true;
      return new Suspending((/** @type {unknown[]} */ ...given) => {
        if (next === null) return inner(...given);
        const wait = next;
        next = null;
        return wait();
      });
    };
  }
  return {
    /** Whether this browser can park a stack. */
    waits,
    /** Whether Pyodide has made its import. */
    found: () => found,
    /** @param {Wait} wait */
    expect(wait) {
      next = wait;
    },
  };
}

/**
 * @param {any} pyodide
 * @param {any} entry  the Python function that each stack runs, with its number
 * @param {ReturnType<typeof takeSuspending>} suspending
 * @param {() => void} parked  called before the browser may enter Python by itself
 */
export function createSwitch(pyodide, entry, suspending, parked) {
  if (!suspending.found()) throw new Error('this Pyodide suspends in a way that web/engine/switch.js does not know');
  const python = pyodide._module;
  const pointer = python.PyProxy_getPtr(entry);
  python._Py_IncRef(pointer); // it is called as long as the engine lives
  const error = python._malloc(4);
  const bottom = bottomOf(python);
  const offset = frameOffset(python);
  /** A stack broke down, and the interpreter with it. @type {(error: unknown) => void} */
  let broken = () => {};
  /** What has each parked stack go on. @type {Map<number, (value?: unknown) => void>} */
  const wakes = new Map();

  /** What Python's next `run_sync` waits for. @param {Promise<unknown>} promise */
  function park(promise) {
    parked();
    const slot = (python._PyThreadState_Get() + offset) >> 2;
    suspending.expect(() => {
      const frame = python.HEAP32[slot];
      python.HEAP32[slot] = 0;
      return promise.then((value) => {
        python.HEAP32[slot] = frame;
        return value;
      });
    });
  }

  /** The stack that runs calls this, and then `run_sync`. @param {number} number */
  function leave(number) {
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
    park,
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

/** A copy of CPython's own map of itself (`_Py_DebugOffsets`): where it says what it is, and what lies where in a thread state. */
const MAP = { cookie: 'xdebugpy', version: 8, size: 176, currentFrame: 208 };
const KNOWN = 0x030e;

/** Where a thread state has its innermost frame. @param {any} python @returns {number} */
function frameOffset(python) {
  const at = python.__PyRuntime;
  const view = new DataView(python.HEAPU8.buffer, at, 256);
  const number = (/** @type {number} */ where) => Number(view.getBigUint64(where, true));
  const cookie = new TextDecoder().decode(python.HEAPU8.slice(at, at + MAP.cookie.length));
  const found = number(MAP.currentFrame);
  if (cookie !== MAP.cookie || number(MAP.version) >> 16 !== KNOWN || !(found > 0 && found < number(MAP.size))) {
    throw new Error('this Python is not the one that web/engine/switch.js knows');
  }
  return found;
}
