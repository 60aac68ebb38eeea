// @ts-check
/**
 * How the program rests: it waits for answers or a time, or for a part of Python, takes a breath, is paused or looked at.
 *
 * Takes: Python's questions and its waits; the page's answers, its wish to pause, its timer's end.
 * Gives: the program parked until there is something, or nothing more to wait for.
 * Refuses: to let a paused program go on, unless its run is over.
 *
 * What is asked and answered: `questions.js`.
 */
import { createQuestions } from './questions.js';

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').Answer} Answer */
/** Whether it could be shown, and what, or why not. @typedef {[boolean, string]} Seen */
/** @typedef {{ what: 'state' | 'stack' | 'globals', seen: (seen: Seen) => void }} Look */

/**
 * A program that is parked. `give`: what it gets when it goes on. `settle`: what has its stack go on; null while it shows itself.
 * `over`: nothing holds it any more.
 * @typedef {{ give: () => unknown, settle: ((value: unknown) => void) | null, over: boolean }} Resting
 */

const GONE = 'there is no program: it has ended';

/** Milliseconds that a timer can hold. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param {ReturnType<typeof import('./limits.js').createLimits>} limits
 * @param {import('./boot.js').Started['stacks']} stacks  null: no program can wait
 * @param {(message: EngineMessage) => void} say
 */
export function createWaiting(limits, stacks, say) {
  const breathe = createBreath(over);
  const questions = createQuestions((asked, forgotten, heard, idle) =>
    say({ type: 'asks', run, heard, used: limits.used, idle, questions: asked, forgotten }));
  let run = 0;
  /** @type {Resting | null} */
  let resting = null;
  /** It rests until an answer comes, or its timer's end. */
  let waits = false;
  /** What it waited for has come, and a pause holds it. */
  let held = false;
  /** What has it go on in the middle of an import. @type {(() => void) | null} */
  let importing = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The page's last wish to pause; 0: none. */
  let pausing = 0;
  /** Which of them it was told of. */
  let confirmed = 0;
  /** The program is on its way back to where it was saved, and no pause holds it before. */
  let restoring = false;
  /** Who wants to look at the program, in order. @type {Look[]} */
  let looks = [];

  function reset() {
    clearTimeout(timer);
    questions.reset();
    [resting, importing, waits, held, pausing, confirmed] = [null, null, false, false, 0, 0];
    for (const { seen } of looks) seen([false, GONE]);
    looks = [];
  }

  function confirm() {
    if (confirmed === pausing) return;
    confirmed = pausing;
    say({ type: 'paused', run, pause: pausing, used: limits.used });
  }

  /** The program does not compute until it is `over`, and the page lets it. @param {() => unknown} give */
  function rest(give) {
    limits.pause();
    resting = { give, settle: null, over: false };
    park(resting);
  }

  /** @param {Resting} resting  The stack is parked, at first or again after it showed itself. */
  function park(resting) {
    stacks?.park(new Promise((settle) => {
      resting.settle = settle;
    }));
    if (resting.over) goOn(resting);
    else if (looks.length > 0) show();
  }

  /** The program rests: it shows itself to the first of those who look, then rests on. */
  function show() {
    const [first] = looks;
    if (resting === null || resting.over || resting.settle === null || first === undefined) return;
    const { settle } = resting;
    resting.settle = null;
    settle(first.what);
  }

  /** What the program rested for has come: it goes on, unless a pause holds it. */
  function over() {
    if (resting === null) return;
    held = pausing !== 0 && !restoring && limits.why === null;
    if (held) {
      confirm();
    } else {
      resting.over = true;
      if (resting.settle !== null) goOn(resting);
    }
  }

  /** @param {Resting} done */
  function goOn({ settle, give }) {
    resting = null;
    limits.resume();
    settle?.(give());
  }

  /** @param {number} ms below 0: for ever */
  function startTimer(ms) {
    if (ms < 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      say({ type: 'awake', run, used: limits.used });
      wake();
    }, Math.min(Math.ceil(ms), LONGEST));
  }

  /** An answer has come to a program that waits, or it is to wait no longer. */
  function wake() {
    if (!waits) return;
    waits = false;
    if (timer !== undefined) {
      clearTimeout(timer);
      timer = undefined;
    }
    over();
  }

  /** Messages of the page come in. Their time is not the program's. @param {() => unknown} give */
  function slice(give) {
    questions.send(false);
    limits.breathed();
    rest(give);
    breathe();
  }

  /** The page lets the program go on, or its run is over. */
  function release() {
    pausing = 0;
    if (held) over();
  }

  return {
    /** @param {number} id @param {boolean} restores */
    begin(id, restores) {
      reset();
      [run, restoring] = [id, restores];
    },

    /** The program is where it was saved: a wish to pause takes effect here, one that lies in the queue too. */
    restored() {
      if (restoring) say({ type: 'awake', run, used: limits.used });
      restoring = false;
      limits.wish();
    },

    /** The run is over. */
    finish() {
      reset();
      run = 0;
    },

    /** What Python calls. */
    bridge: {
      name: questions.name,
      ask: questions.ask,
      forget: questions.forget,

      /**
       * @param {number} seconds  0: what is at hand; below 0: for ever
       * @param {unknown[]} first  questions to be asked before
       * @returns {unknown[] | boolean | undefined} answers; nothing; whether the program is to wait by `run_sync`, which gives the same
       */
      wait(seconds, ...first) {
        if (limits.why !== null) return undefined;
        if (first.length > 0) questions.ask(first);
        const atHand = seconds === 0 || questions.some;
        if (atHand && !limits.due) return questions.take();
        if (atHand) {
          slice(questions.take);
        } else {
          waits = true;
          startTimer(seconds * 1000);
          rest(questions.take);
          questions.send(true);
          if (pausing !== 0) confirm();
        }
        return true;
      },

      /**
       * In the middle of an import: until that settles. It is no place to be paused at or looked at: both come right after.
       * @param {Promise<void>} library
       */
      library(library) {
        limits.pause();
        questions.send(true);
        stacks?.park(new Promise((settle) => {
          const goOn = () => {
            if (importing !== goOn) return;
            importing = null;
            limits.resume();
            if (pausing !== 0 || looks.length > 0) limits.wish();
            say({ type: 'awake', run, used: limits.used });
            settle(undefined);
          };
          importing = goOn;
          void library.then(goOn);
        }));
      },

      /** In the middle of a computation: what comes stays here until somebody waits for it. */
      breathe: () => slice(() => undefined),

      /** What the first of those who look sees; the program rests on. @param {boolean} ok @param {string} text */
      shown(ok, text) {
        looks.shift()?.seen([ok, text]);
        if (resting !== null) park(resting);
      },
    },

    /** What is to be seen of the program, once it rests. @param {Look['what']} what @returns {Promise<Seen>} */
    look(what) {
      if (run === 0) return Promise.resolve([false, GONE]);
      return new Promise((seen) => {
        looks.push({ what, seen });
        if (resting === null) limits.wish();
        else show();
      });
    },

    /** @param {Answer[]} answers */
    settle(answers) {
      for (const answer of answers) questions.hear(answer);
      if (questions.some) wake();
      else if (waits) questions.send(true); // all were for nobody: the page, which waits to hear of each, would take it for computing
    },

    /** @param {number} number */
    pause(number) {
      pausing = number;
      if (restoring) return;
      if (waits || held) confirm();
      else limits.wish();
    },

    resume: release,

    /** The run was ended: a program that waits hears of it, paused or not. */
    end() {
      release();
      wake();
      importing?.();
    },
  };
}

/**
 * What has `done` called once the messages that lie in the worker's queue have been handled.
 * @param {() => void} done
 * @returns {() => void}
 */
function createBreath(done) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  return () => port2.postMessage(null);
}
