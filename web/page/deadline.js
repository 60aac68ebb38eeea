// @ts-check
/**
 * A moment after which an engine is deaf.
 *
 * Takes: milliseconds from now, as often as one likes: a program that waits has none, one that goes on another.
 * Gives: one call of `missed` where the moment has passed.
 * Refuses: to be hasty. Where the page itself was busy, the engine's word may lie here already when the timer comes: it has one more
 * turn. To set a deadline costs nothing but a look at the clock while a timer runs: a call of the page and back sets and clears one.
 */

/** Milliseconds that a timer can hold: a longer one would end at once. No page lives longer. */
const LONGEST = 2 ** 31 - 1;

export class Deadline {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When it is, by the page's clock. */
  #at = Infinity;
  /** When the timer comes. */
  #comes = Infinity;
  #missed;

  /** @param {() => void} missed */
  constructor(missed) {
    this.#missed = missed;
  }

  /** @param {number} ms  Infinity: there is none */
  set(ms) {
    this.#at = ms < LONGEST ? performance.now() + ms : Infinity;
    if (this.#at < this.#comes) this.#start(ms);
  }

  /** For good. */
  clear() {
    clearTimeout(this.#timer);
    [this.#at, this.#comes] = [Infinity, Infinity];
  }

  /** @param {number} ms */
  #start(ms) {
    clearTimeout(this.#timer);
    this.#comes = performance.now() + ms;
    this.#timer = setTimeout(() => this.#look(() => (this.#timer = setTimeout(() => this.#look(() => this.#miss())))), ms);
  }

  /** @param {() => void} passed */
  #look(passed) {
    const left = this.#at - performance.now();
    if (this.#at === Infinity) this.#comes = Infinity;
    else if (left > 1) this.#start(left); // timers are as coarse as that
    else passed();
  }

  #miss() {
    this.clear();
    this.#missed();
  }
}
