// @ts-check
/**
 * Work for the time in which nobody wants anything of the engine: what the last run left goes, and copies of standard modules are made for the
 * next one.
 *
 * Takes: a function that does a part of it, and says whether there is more.
 * Gives: `begin`: there may be something to do; `end`: there is not, any more; `rest`: a message has come; `wait`: it has been dealt with.
 * Refuses: to keep anybody waiting for longer than one part takes: between two, messages come in.
 */

/** Milliseconds without a message before the first part: who runs programs one after the other is not to meet it. */
const QUIET = 50;
/** Milliseconds between two parts: what came meanwhile is dealt with first. */
const BETWEEN = 1;

/** @param {() => boolean} part */
export function createIdle(part) {
  let left = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function step() {
    left = part();
    if (left) timer = setTimeout(step, BETWEEN);
  }

  const rest = () => clearTimeout(timer);
  function wait() {
    rest();
    if (left) timer = setTimeout(step, QUIET);
  }

  return {
    begin() {
      left = true;
      wait();
    },
    /** Nothing is to be done any more. */
    end() {
      left = false;
      rest();
    },
    rest,
    wait,
  };
}
