// @ts-check
/**
 * Time slices and the memory cap of one interpreter.
 *
 * Takes: a started Pyodide; for each run its milliseconds of computing and its bytes.
 * Gives: a look around every few bytecodes of the program: the end of a run that is over its limits, a breath in which
 * messages of the page come in.
 * Refuses: memory beyond the cap: the script sees a `MemoryError`, and the end of its run where it goes on asking.
 *
 * The eval loop reads element 0 of Pyodide's interrupt buffer when its own countdown is over, and so do long loops of C code
 * that look for signals (regular expressions, arithmetic of huge integers). Ours is a getter. What it gives is a signal, whose
 * handler is `edge_runtime/hosts/slices.py`.
 */

/** @typedef {{ type: string, message: string }} Why */

const SIGNAL = 2;
/** Checks of the eval loop between two looks: CPython's own 50 cost three times as much, and 200 pass within a millisecond. */
const INTERVAL = 200;
/** While they pass quickly, up to so many looks are left out; they are counted as if they had been. */
const WIDEST = 8;
/** Milliseconds between two looks that are few: as many checks again may pass before the next. */
const SHORT = 0.25;
/** Milliseconds between two looks that are too many: none is left out then. */
const LONG = 1;
/** Checks that a signal's handler makes after it said that it is done, which are not the program's: the one at the end of that call. */
const EXIT = 1;
/** Milliseconds between two breaths: a message of the page is not to wait for 50, and a breath costs half of one. */
const BREATH = 40;
/** Milliseconds until a program that goes on after its end is told again. */
const AGAIN = 10;
/** Requests for memory that may be refused in one run; a caught `MemoryError` is one, which Emscripten asks for three times. */
const REFUSALS = 300;
const PAGE = 65_536;
const MIB = 1024 * 1024;
/** What the runtime may take beyond the cap, to say how the run ended. */
const RESERVE = 16 * MIB;

/**
 * @param {any} pyodide
 * @param {(now: number) => void} onLook  called at each look while a program computes
 */
export function createLimits(pyodide, onLook) {
  const module = pyodide._module;
  const clock = module.__Py_emscripten_signal_clock >> 2;
  const size = () => module.HEAP8.length;
  /** What the interpreter itself takes: a limit is the program's. */
  const base = size();
  let cap = Infinity;
  let limit = Infinity;
  let refused = 0;
  let timeout = Infinity;
  let used = 0;
  let since = 0;
  let computing = false;
  let breathes = false;
  let nextBreath = 0;
  let nextSignal = 0;
  /** @type {Why | null} */
  let why = null;
  /** For how many looks the next one stands, and for how many those after it may, by how quickly the program comes to them. */
  let [width, pace] = [1, 1];
  /** How often the program was looked at since the last mark; what waits and slices look at is not counted. */
  let looks = 0;
  /** From which look on each check of the eval loop is a signal: a restored program is close to where it was saved. */
  let seekAt = Infinity;
  let slicing = false;
  let lastLook = 0;
  /** What was left of the eval loop's countdown when it stopped to count for the program. */
  let left = INTERVAL;
  /** Checks until a look that comes again because the last came at a bad moment: a few, and never equally many, or a loop would be at the
   * same place each time. 0: the next look is an ordinary one. */
  let soon = 0;
  let turn = 0;

  const buffer = {
    get 0() {
      module.HEAP32[clock] = INTERVAL;
      if (!computing || slicing) return 0;
      const extra = soon > 0 && soon < left;
      const now = performance.now();
      if (!extra) {
        looks += width;
        const passed = now - lastLook;
        if (passed >= LONG) pace = 1;
        else if (passed < SHORT) pace = Math.min(pace * 2, WIDEST);
      }
      left = extra ? left - soon - 1 : interval(); // the look itself was at a check
      soon = 0;
      module.HEAP32[clock] = left;
      return look(now);
    },
    set 0(_) {}, // the interpreter takes each signal back
  };

  /** @param {number} now */
  function look(now) {
    lastLook = now;
    const signal = judge(now);
    slicing = signal === SIGNAL;
    return signal;
  }

  /** Checks until the next look, which is not beyond the place that is sought. */
  function interval() {
    width = Math.max(1, Math.min(pace, seekAt - looks));
    return looks >= seekAt ? 0 : width * (INTERVAL + 1) - 1; // a look is at a check of its own
  }

  /** @param {number} now */
  function judge(now) {
    onLook(now);
    if (why === null && used + now - since >= timeout) end({ type: 'TimeoutError', message: `the program computed longer than its limit of ${timeout / 1000} s` });
    if (why === null && refused > REFUSALS) end(outOfMemory());
    if (why !== null) {
      if (now < nextSignal) return 0;
      nextSignal = now + AGAIN;
      return SIGNAL;
    }
    if (looks >= seekAt) return SIGNAL;
    if (!breathes || now < nextBreath) return 0;
    nextBreath = now + BREATH;
    return SIGNAL;
  }

  /** @param {Why} reason  The run is over, whatever the program does. */
  function end(reason) {
    why ??= reason;
    cap = base + limit + RESERVE;
    nextSignal = 0;
    module.HEAP32[clock] = 0;
  }

  /** @returns {Why} */
  const outOfMemory = () => ({ type: 'MemoryError', message: `the program used more than its limit of ${limit / MIB} MiB` });

  // Emscripten takes a refused `grow` for an allocation that failed. Only Pyodide's own memory is meant: those of native modules
  // are bounded by what they declare.
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (/** @type {number} */ pages) {
    if (this.buffer === module.HEAP8.buffer && size() + pages * PAGE > cap) {
      refused += 1;
      throw new RangeError('the limit of memory is reached');
    }
    return grow.call(this, pages);
  };
  pyodide.setInterruptBuffer(buffer);

  return {
    /** A run comes, which is fetched and compiled first. @param {number} ms @param {number} bytes @param {boolean} canBreathe */
    prepare(ms, bytes, canBreathe) {
      [timeout, used, limit, cap] = [ms, 0, bytes, base + bytes];
      [why, refused, breathes] = [null, 0, canBreathe];
      [looks, seekAt, slicing, nextBreath, soon] = [0, Infinity, false, Infinity, 0];
      [width, pace] = [1, 1];
    },
    /** The program begins to compute. */
    begin() {
      since = performance.now();
      nextBreath = Math.min(nextBreath, since + BREATH);
      computing = true;
      module.HEAP32[clock] = left; // until now checks were nobody's, and the countdown of the last mark may be over
    },
    /** The page wants something of it: the next look gives a signal. */
    wish() {
      nextBreath = -Infinity;
    },
    /** A breath is taken. */
    breathed() {
      nextBreath = performance.now() + BREATH;
    },
    /** Whether it is time for one. */
    get due() {
      return breathes && performance.now() >= nextBreath;
    },
    /** A signal was taken up, and its handler is done. @param {boolean} again  it came at a bad moment: the next look gives another */
    handled(again) {
      slicing = false;
      again &&= looks < seekAt; // a restored program is looked at at each check anyway, and none may be left out
      if (again) {
        [nextBreath, nextSignal] = [-Infinity, 0];
        turn = (turn % 13) + 1;
        soon = turn;
      }
      module.HEAP32[clock] = (again ? soon : left) + EXIT;
    },
    /** From here on looks are counted anew. Where there was none for a while, the next check is one: a program may be marked ever so often. */
    mark() {
      [looks, soon] = [0, 0];
      const late = nextBreath === -Infinity || performance.now() - lastLook >= BREATH;
      if (late) [left, width] = [0, 1];
      else left = interval();
      module.HEAP32[clock] = left;
    },
    /** How often the program was looked at since the last mark. */
    get looks() {
      return looks;
    },
    /** From that look after the mark on, give a signal at each check; below 0: never. @param {number} count */
    seek(count) {
      seekAt = count < 0 ? Infinity : count;
    },
    /** The restored program is where it was saved, when the count was this. @param {number} count */
    reached(count) {
      [looks, seekAt, left, width] = [count, Infinity, INTERVAL, 1];
    },
    /** It waits: its time stands still. */
    pause() {
      if (computing) {
        used += performance.now() - since;
        if (!slicing && soon === 0) left = module.HEAP32[clock];
      }
      computing = false;
    },
    /** It computes again. */
    resume() {
      since = performance.now();
      computing = true;
      module.HEAP32[clock] = left;
    },
    /** It is over. */
    finish() {
      computing = false;
      cap = Infinity;
    },
    end,
    get why() {
      return why;
    },
    /** Milliseconds that the program computed before it last waited. */
    get used() {
      return used;
    },
    get outOfMemory() {
      return outOfMemory();
    },
    /** Whether the run took so much that the next one should not inherit it: memory never shrinks. */
    get swollen() {
      return size() - base > limit / 2;
    },
  };
}
