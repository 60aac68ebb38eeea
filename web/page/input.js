// @ts-check
/**
 * The lines that `input()` reads.
 *
 * Takes: the lines that came with a run, those that the page provides, and the page's way to ask.
 * Gives: one answer to each question, the oldest question first; null is the end of the input.
 * Refuses: answers that are no text. Only one question at a time is put to the page.
 *
 * The run's own lines come first, then what `provideInput` gave, then the page is asked. Where it has no way to be asked, a
 * run that brought lines is at their end; one that brought none waits for `provideInput`.
 */

/** @typedef {(prompt: string, how: { signal: AbortSignal }) => Promise<string | null> | string | null} AskPage */
/** @typedef {{ prompt: string, control: AbortController, answer: (text: string | null) => void, fail: (error: unknown) => void }} Question */

/**
 * @param {AskPage | null} onInput  its `signal` is aborted where no answer is wanted any more
 * @param {() => void} onUnanswered  a program waits, and the page has said nothing yet of how it will answer
 */
export function createInput(onInput, onUnanswered) {
  /** @type {(string | null)[]} */
  let provided = [];
  /** In their order: the first is the one that the page is asked. A set, because each may leave at any time. @type {Set<Question>} */
  const waiting = new Set();
  /** The one that the page was asked last. @type {Question | undefined} */
  let asked;
  let asks = false;

  const firstWaiting = () => waiting.values().next().value;

  /** Once all that a message says has been heard: a thousand questions that come and go are no thousand prompts. */
  function askSoon() {
    if (asks) return;
    asks = true;
    queueMicrotask(() => {
      asks = false;
      void askFirst();
    });
  }

  async function askFirst() {
    const first = firstWaiting();
    if (first === undefined || first === asked || onInput === null) return;
    asked = first;
    const { prompt, control } = first;
    try {
      const given = await onInput(prompt, { signal: control.signal }) ?? null;
      if (given !== null && typeof given !== 'string') throw new TypeError(`onInput must give a line (a string), or null for the end of the input, not a ${typeof given}`);
      first.answer(given); // which changes nothing where it was answered meanwhile
    } catch (error) {
      first.fail(error);
    }
  }

  /** @param {Question} question */
  function leave(question) {
    waiting.delete(question);
    question.control.abort();
    askSoon();
  }

  /** @param {string} prompt @param {AbortSignal | undefined} signal @returns {Promise<string | null>} */
  function ask(prompt, signal) {
    if (signal?.aborted) return Promise.resolve(null);
    if (onInput === null) onUnanswered();
    return new Promise((resolve, reject) => {
      const forget = () => settle(() => resolve(null));
      /** @param {() => void} end */
      const settle = (end) => {
        signal?.removeEventListener('abort', forget);
        leave(question);
        end();
      };
      /** @type {Question} */
      const question = {
        prompt,
        control: new AbortController(),
        answer: (text) => settle(() => resolve(text)),
        fail: (error) => settle(() => reject(error)),
      };
      signal?.addEventListener('abort', forget, { once: true });
      waiting.add(question);
      askSoon();
    });
  }

  return {
    /**
     * Answers the question that waits longest, else the next one. A text of several lines answers as many.
     * @param {string | null} text
     */
    provide(text) {
      if (text !== null && typeof text !== 'string') {
        throw new TypeError(`provideInput() takes a line (a string), or null for the end of the input, not a ${typeof text}`);
      }
      for (const line of text === null ? [null] : text.replace(/\r?\n$/, '').split(/\r?\n/)) {
        const first = firstWaiting();
        if (first === undefined) provided.push(line);
        else first.answer(line);
      }
    },

    /**
     * A run begins.
     * @param {string | string[] | undefined} given  the lines that came with it
     */
    begin(given) {
      const lines = typeof given === 'string' ? linesOf(given) : [...(given ?? [])].map(String);
      return {
        /** @param {string} prompt @param {AbortSignal} [signal] aborted where the program no longer waits @returns {Promise<string | null>} */
        async readLine(prompt, signal) {
          const line = lines.shift() ?? (waiting.size === 0 ? provided.shift() : undefined);
          if (line !== undefined) return line;
          return onInput === null && given !== undefined ? null : ask(prompt, signal);
        },
        /** Those of its lines that nobody has read. @returns {string[] | null} null: it brought none */
        left: () => (given === undefined ? null : [...lines]),
        /** It is over: nobody waits any more. */
        end() {
          for (const question of waiting) question.answer(null);
        },
      };
    },

    /** What was provided and not read is forgotten. */
    reset() {
      provided = [];
    },
  };
}

/** @param {string} text @returns {string[]} no line at all for no text */
const linesOf = (text) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
