// @ts-check
/**
 * What the pages of this folder share: cases, one after the other, and their report.
 *
 * Takes: cases by `test(title, body)`; a body throws where something is not as it must be. `asked` has what the page's address
 * says after its name (`isolation`, `count`, `seed`, `only`: a part of the titles to run).
 * Gives: `window.results`: `{ passed, failed: [title: why], figures }`. Figures are for people: nothing is asserted of them.
 * Refuses: nothing to end a page early: a case that hangs is a failure with its title, and the next one has a new worker.
 */
import { createWorker } from '/dist/edge-python.js?setElement=false';

export const asked = Object.fromEntries(new URLSearchParams(location.search));
export const isolation = /** @type {'strict' | 'worker'} */ (asked.isolation ?? 'strict');

/** Milliseconds that one case may take before it counts as hanging. */
const PATIENCE = Number(asked.patience ?? 25_000);

/** @type {[string, () => Promise<void>][]} */
const cases = [];
/** @type {Record<string, number>} */
const figures = {};
/** @type {any} */
let worker = null;
/** Of the shared worker: packages that a case may set before it runs. @type {Record<string, any>} */
export const handlers = {};

/** @param {string} title @param {() => Promise<void>} body */
export const test = (title, body) => cases.push([title, body]);

/** A figure for people. @param {string} name @param {number} value */
export const figure = (name, value) => (figures[name] = Math.round(value * 1000) / 1000);

/** @param {any} seen @param {any} expected @param {string} [what] */
export function equal(seen, expected, what = 'this') {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} is ${a}, not ${b}`);
}

/** @param {boolean} holds @param {string} otherwise */
export function holds(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** @param {number} ms */
export const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Until it is so; the case's patience is the limit. @param {() => boolean} so */
export async function until(so) {
  while (!so()) await after(2);
}

/** A worker of a case's own. @param {object} [options] */
export const newWorker = (options = {}) => createWorker({ isolation, ...options });

/** The worker that cases share: its host package `page` is `handlers`, looked up at each call. */
export async function sharedWorker() {
  worker ??= await newWorker({
    mainThreadModules: {
      page: ({ callSignal, pushEvent }) => ({
        /** @param {string} name @param {any[]} args */
        call: (name, ...args) => handlers[name](...args, { signal: callSignal?.(), pushEvent }),
      }),
    },
  });
  return worker;
}

/** Run a program in the shared worker; its result. @param {string} source @param {object} [how] */
export async function run(source, how) {
  return (await sharedWorker()).run(source, how);
}

/** What a program prints, in a run that succeeds. @param {string} source @param {object} [how] */
export async function printed(source, how) {
  const { ok, out } = await run(source, how);
  if (!ok) throw new Error(`the program failed:\n${out}`);
  return out;
}

/** The next run works: what every disturbance must leave. */
export async function stillWorks() {
  equal(await printed('async def f():\n  sleep(0)\n  return 6 * 7\nprint(run(f()), gather(f(), f()))'), '42 [42, 42]\n', 'the next run');
}

/** What a promise rejects with, as text. @param {Promise<any> | (() => any)} promise */
export async function rejection(promise) {
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    return `${/** @type {Error} */ (error).name}: ${/** @type {Error} */ (error).message}`;
  }
  throw new Error('this did not fail');
}

/** Runs all cases, and tells the test. */
export async function report() {
  /** @type {string[]} */
  const failed = [];
  let passed = 0;
  for (const [title, body] of cases.filter(([title]) => title.includes(asked.only ?? ''))) {
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`did not end within ${PATIENCE / 1000} s`)), PATIENCE);
      });
      await Promise.race([body(), late]);
      passed += 1;
      console.log(`passed: ${title}`);
    } catch (error) {
      failed.push(`${title}: ${/** @type {Error} */ (error).message}`);
      console.log(`FAILED: ${title}: ${/** @type {Error} */ (error).stack}`);
      worker?.dispose();
      worker = null;
    } finally {
      clearTimeout(timer);
    }
  }
  worker?.dispose();
  /** @type {any} */ (window).results = { passed, failed, figures };
}
