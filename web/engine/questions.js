// @ts-check
/**
 * The questions of the program at hand, on their way to the page, and the answers on their way back.
 *
 * Takes: Python's questions as one flat list, `[number, function, how many tokens, …tokens]` of a call, `[number, kind, text]` of another;
 * the page's answers.
 * Gives: `asks` messages that hold many questions; answers as one flat list, `[number, ok, how many, …tokens]`, in the order in which
 * they came.
 * Refuses: nothing: Python and the page bound both.
 *
 * Questions are gathered until the program waits, breathes, or has `FULL` of them. An event or a line of input that comes for a
 * question that was forgotten goes to the next one of its kind: it is the page's only one.
 */

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').Question} Question */
/** @typedef {import('../protocol.js').Answer} Answer */
/** @typedef {Extract<Answer, { ok: true }>} Good */
/** What there is but once, and must not be lost. @typedef {'input' | 'receive'} Only */

/** Questions, or tokens in them, that leave without waiting for more. */
const FULL = 256;
const FULL_TOKENS = 65_536;
const MOST_LATE = 1_000;

/** @param {(questions: Question[], forgotten: number[], heard: number, idle: boolean) => void} say */
export function createQuestions(say) {
  /** By their numbers, what Python calls on the page: module and name. @type {[string, string][]} */
  const functions = [];
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

  /** @param {boolean} idle */
  function send(idle) {
    if (!idle && questions.length === 0 && forgotten.length === 0) return;
    say(questions, forgotten, heard, idle);
    [questions, tokens, forgotten] = [[], 0, []];
  }

  /** Nobody waits for the answer to that question, which may come all the same. @param {number} number @param {Question['what']} what @param {boolean} comes */
  function leave(number, what, comes) {
    open.delete(number);
    if (!comes || (what !== 'input' && what !== 'receive')) return;
    late.set(number, what);
    if (late.size > MOST_LATE) late.delete(/** @type {number} */ (late.keys().next().value));
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
  function put(question) {
    const size = tokensOf(question);
    if (tokens + size > FULL_TOKENS) send(false); // the page bounds what one message holds
    questions.push(question);
    tokens += size;
    if (questions.length >= FULL || tokens >= FULL_TOKENS) send(false);
  }

  return {
    reset() {
      [heard, questions, tokens, forgotten, open, ready] = [0, [], 0, [], new Map(), new Map()];
      [spare, late] = [{ input: [], receive: [] }, new Map()];
    },

    /** @param {number} number @param {string} module @param {string} name */
    name(number, module, name) {
      functions[number] = [module, name];
    },

    /** @param {unknown[]} list */
    ask(list) {
      for (let at = 0; at < list.length;) {
        const call = /** @type {number} */ (list[at]);
        const what = /** @type {number | Exclude<Question['what'], 'call'>} */ (list[at + 1]);
        if (typeof what === 'number') {
          const [module, name] = /** @type {[string, string]} */ (functions[what]);
          const end = at + 3 + /** @type {number} */ (list[at + 2]);
          open.set(call, 'call');
          put({ call, what: 'call', module, name, args: list.slice(at + 3, end) });
          at = end;
        } else {
          open.set(call, what);
          const found = what === 'frame' ? undefined : spare[what].shift();
          if (found === undefined) put({ call, what, text: /** @type {string} */ (list[at + 2]) });
          else ready.set(call, found);
          at += 3;
        }
      }
    },

    send,

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

    /** @param {Answer} answer */
    hear(answer) {
      heard += 1;
      const { call } = answer;
      const what = open.get(call);
      const other = late.size === 0 ? undefined : late.get(call);
      if (other !== undefined) late.delete(call);
      // What came for a forgotten question may have taken the place of its own answer, which is then for the next one of its kind.
      if (what !== undefined && !ready.has(call)) ready.set(call, answer);
      else if (other !== undefined) pass(other, answer);
    },

    /** Whether there is an answer to take. */
    get some() {
      return ready.size > 0;
    },

    /** @returns {unknown[] | undefined} */
    take() {
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
    },
  };
}

/** @param {Question} question */
const tokensOf = (question) => (question.what === 'call' ? question.args.length : 0);
