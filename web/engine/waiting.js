// @ts-check
/**
 * What a program waits for, on its way to the page and back.
 *
 * Takes: Python's questions as one flat list, `[number, kind, …]`; the page's answers, its wish to pause, its timer's end.
 * Gives: `asks` messages that hold many questions; answers as one flat list, `[number, ok, how many, …tokens]`, in the order in which
 * they came; a promise for each wait, which is kept when there is something, or nothing more to wait for.
 * Refuses: to let a paused program go on, unless its run is over.
 *
 * Questions are gathered until the program waits, breathes, or has `FULL` of them. An event or a line of input that comes for a
 * question that was forgotten goes to the next one of its kind: it is the page's only one.
 */

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').Question} Question */
/** @typedef {import('../protocol.js').Answer} Answer */
/** @typedef {Extract<Answer, { ok: true }>} Good */
/** What there is but once, and must not be lost. @typedef {'input' | 'receive'} Only */
/** Whether it could be shown, and what, or why not. @typedef {[boolean, string]} Seen */
/** @typedef {{ what: 'state' | 'stack' | 'globals', seen: (seen: Seen) => void }} Look */

const GONE = 'there is no program: it has ended';

/** Questions, or tokens in them, that leave without waiting for more. */
const FULL = 256;
const FULL_TOKENS = 65_536;
const MOST_LATE = 1_000;
/** Milliseconds that a timer can hold. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param {ReturnType<typeof import('./limits.js').createLimits>} limits
 * @param {import('./boot.js').Started['stacks']} stacks  null: no program can wait
 * @param {(message: EngineMessage) => void} say
 */
export function createWaiting(limits, stacks, say) {
  const breathe = createBreath();
  let run = 0;
  /** Answers that came in this run. */
  let heard = 0;
  /** @type {Question[]} */
  let questions = [];
  let tokens = 0;
  /** @type {number[]} */
  let forgotten = [];
  /** What was asked and not answered, in order. @type {Map<number, Question['what']>} */
  let open = new Map();
  /** What came for forgotten questions. @type {Record<Only, Good[]>} */
  let spare = { input: [], receive: [] };
  /** Questions that the page may answer although nobody waits: forgotten ones, and such whose answer came in the place of another. @type {Map<number, Only>} */
  let late = new Map();
  /** What came and was not taken yet, by the number of the question that it answers. @type {Map<number, Answer>} */
  let ready = new Map();
  /** Has the program go on that waits for an answer. @type {(() => void) | null} */
  let wake = null;
  /** Has the program go on that is paused. @type {(() => void) | null} */
  let proceed = null;
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
  /** The program rests: has it show itself to the first of them. @type {(() => void) | null} */
  let show = null;
  /** Parks the program again after that. */
  let restOn = () => {};

  function reset() {
    clearTimeout(timer);
    [heard, questions, tokens, forgotten, open, ready] = [0, [], 0, [], new Map(), new Map()];
    [spare, late, wake, proceed, pausing, confirmed] = [{ input: [], receive: [] }, new Map(), null, null, 0, 0];
    for (const { seen } of looks) seen([false, GONE]);
    [looks, show, restOn] = [[], null, () => {}];
  }

  /** @param {boolean} idle */
  function send(idle) {
    if (!idle && questions.length === 0 && forgotten.length === 0) return;
    say({ type: 'asks', run, heard, used: limits.used, idle, questions, forgotten });
    [questions, tokens, forgotten] = [[], 0, []];
  }

  /** Nobody waits for the answer to that question, which may come all the same. @param {number} number @param {Question['what']} what @param {boolean} comes */
  function leave(number, what, comes) {
    open.delete(number);
    if (!comes || (what !== 'input' && what !== 'receive')) return;
    late.set(number, what);
    if (late.size > MOST_LATE) late.delete(/** @type {number} */ (late.keys().next().value));
  }

  /** @param {Answer} answer */
  function hear(answer) {
    heard += 1;
    const what = open.get(answer.call) ?? late.get(answer.call);
    late.delete(answer.call);
    if (open.has(answer.call)) ready.set(answer.call, answer);
    else if (what === 'input' || what === 'receive') pass(what, answer);
  }

  /** It was for a question that nobody waits for. @param {Only} what @param {Answer} answer */
  function pass(what, answer) {
    if (!answer.ok) return;
    const next = [...open.keys()].find((number) => open.get(number) === what && !ready.has(number));
    if (next === undefined) {
      spare[what].push(answer);
    } else {
      late.set(next, what);
      ready.set(next, answer);
    }
  }

  /** @param {Question} question */
  function ask(question) {
    const found = question.what === 'input' || question.what === 'receive' ? spare[question.what].shift() : undefined;
    open.set(question.call, question.what);
    if (found !== undefined) {
      ready.set(question.call, found);
      return;
    }
    const size = tokensOf(question);
    if (tokens + size > FULL_TOKENS) send(false); // the page bounds what one message holds
    questions.push(question);
    tokens += size;
    if (questions.length >= FULL || tokens >= FULL_TOKENS) send(false);
  }

  /** @returns {unknown[] | undefined} */
  function take() {
    if (ready.size === 0) return undefined;
    /** @type {unknown[]} */
    const list = [];
    for (const [number, answer] of ready) {
      open.delete(number);
      if (answer.ok) {
        list.push(number, true, answer.value.length);
        for (const token of answer.value) list.push(token);
      } else {
        list.push(number, false, 2, answer.error.name, answer.error.message);
      }
    }
    ready.clear();
    return list;
  }

  /** Once the page lets the program go on. */
  async function release() {
    while (pausing !== 0 && !restoring && limits.why === null) {
      confirm();
      await new Promise((resolve) => {
        proceed = () => resolve(null);
      });
      proceed = null;
    }
  }

  function confirm() {
    if (confirmed === pausing) return;
    confirmed = pausing;
    say({ type: 'paused', run, pause: pausing, used: limits.used });
  }

  /**
   * The program does not compute until `until` is kept, and the page lets it.
   * @param {() => Promise<unknown>} until
   * @param {() => unknown} [give]  what it gets then
   */
  function rest(until, give) {
    limits.pause();
    let released = false;
    const over = (async () => {
      await until();
      if (pausing !== 0) await release();
      released = true;
    })();
    restOn = () => {
      /** @type {Promise<void>} */
      const looked = new Promise((resolve) => {
        show = resolve;
        if (looks.length > 0) resolve();
      });
      stacks?.park(Promise.race([over, looked]).then(() => {
        show = null;
        const [first] = looks;
        if (first !== undefined && !released) return first.what;
        limits.resume();
        return give?.();
      }));
    };
    restOn();
  }

  /** @param {number} ms below 0: for ever @returns {Promise<void>} */
  function event(ms) {
    return new Promise((resolve) => {
      wake = () => {
        clearTimeout(timer);
        wake = null;
        resolve();
      };
      if (ms < 0) return;
      timer = setTimeout(() => {
        say({ type: 'awake', run, used: limits.used });
        wake?.();
      }, Math.min(Math.ceil(ms), LONGEST));
    });
  }

  /** Messages of the page come in. Their time is not the program's. @param {() => unknown} [give] */
  function slice(give) {
    send(false);
    limits.breathed();
    rest(breathe, give);
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
      /** @param {unknown[]} list  of each question: number, kind, then module, name, how many tokens, tokens; or a text */
      ask(list) {
        for (let at = 0; at < list.length;) {
          const [call, what] = /** @type {[number, Question['what']]} */ ([list[at], list[at + 1]]);
          if (what === 'call') {
            const [module, name, size] = /** @type {[string, string, number]} */ (list.slice(at + 2, at + 5));
            ask({ call, what, module, name, args: list.slice(at + 5, at + 5 + size) });
            at += 5 + size;
          } else {
            ask({ call, what, text: /** @type {string} */ (list[at + 2]) });
            at += 3;
          }
        }
      },

      /** @param {number} number */
      forget(number) {
        const what = open.get(number);
        if (what === undefined) return;
        const at = questions.findIndex((question) => question.call === number);
        if (at >= 0) {
          open.delete(number);
          for (const question of questions.splice(at, 1)) tokens -= tokensOf(question);
          return;
        }
        const answer = ready.get(number);
        ready.delete(number);
        leave(number, what, answer === undefined);
        if (answer === undefined) forgotten.push(number);
        else if (what === 'input' || what === 'receive') pass(what, answer);
        if (forgotten.length >= FULL) send(false);
      },

      /**
       * @param {number} seconds  0: what is at hand; below 0: for ever
       * @returns {unknown[] | boolean | undefined} answers; nothing; whether the program is to wait by `run_sync`, which gives the same
       */
      wait(seconds) {
        if (limits.why !== null) return undefined;
        const atHand = seconds === 0 || ready.size > 0;
        if (atHand && !limits.due) return take();
        if (atHand) {
          slice(take);
        } else {
          rest(() => event(seconds * 1000), take);
          send(true);
          if (pausing !== 0) confirm();
        }
        return true;
      },

      /** In the middle of a computation: what comes stays here until somebody waits for it. */
      breathe: () => slice(),

      /** What the first of those who look sees; the program rests on. @param {boolean} ok @param {string} text */
      shown(ok, text) {
        looks.shift()?.seen([ok, text]);
        restOn();
      },
    },

    /** What is to be seen of the program, once it rests. @param {Look['what']} what @returns {Promise<Seen>} */
    look(what) {
      if (run === 0) return Promise.resolve([false, GONE]);
      return new Promise((seen) => {
        looks.push({ what, seen });
        if (show === null) limits.wish();
        else show();
      });
    },

    /** @param {Answer[]} answers */
    settle(answers) {
      for (const answer of answers) hear(answer);
      if (ready.size > 0) wake?.();
      else if (wake !== null) send(true); // all were for nobody: the page, which waits to hear of each, would take it for computing
    },

    /** @param {number} number */
    pause(number) {
      pausing = number;
      if (restoring) return;
      if (wake !== null) confirm();
      else limits.wish();
    },

    resume() {
      pausing = 0;
      proceed?.();
    },

    /** The run was ended: a program that waits hears of it, paused or not. */
    end() {
      pausing = 0;
      proceed?.();
      wake?.();
    },
  };
}

/** @param {Question} question */
const tokensOf = (question) => (question.what === 'call' ? question.args.length : 0);

/**
 * A promise that is kept once the messages that lie in the worker's queue have been handled.
 * @returns {() => Promise<void>}
 */
function createBreath() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void) | null} */
  let done = null;
  port1.onmessage = () => done?.();
  return () =>
    new Promise((resolve) => {
      done = resolve;
      port2.postMessage(null);
    });
}
