// @ts-check
/**
 * Questions of the page to its engine that belong to no step of a run: the text of a lockfile, the state of a parked program.
 *
 * Takes: what to ask, with its text. Gives: a promise of the answer's text.
 * Refuses: what the engine refuses, with its sentence; all that is open when the engine ends.
 */

/** @typedef {Extract<import('../protocol.js').PageMessage, { type: 'ask' }>} Ask */

/** @param {(message: Ask) => void} post */
export function createAsks(post) {
  /** @type {Map<number, PromiseWithResolvers<string>>} */
  const open = new Map();
  let last = 0;

  return {
    /** @param {Ask['what']} what @param {string} [text] @param {string} [name]  what messages call the text @returns {Promise<string>} */
    ask(what, text = '', name = '') {
      last += 1;
      /** @type {PromiseWithResolvers<string>} */
      const answer = Promise.withResolvers();
      open.set(last, answer);
      post({ type: 'ask', ask: last, what, text, name });
      return answer.promise;
    },
    /** @param {Extract<import('../protocol.js').EngineMessage, { type: 'answer' }>} message */
    receive({ ask, ok, text }) {
      if (ok) open.get(ask)?.resolve(text);
      else open.get(ask)?.reject(new Error(text));
      open.delete(ask);
    },
    /** The engine that would have answered is gone. @param {Error} error */
    forsake(error) {
      for (const answer of open.values()) answer.reject(error);
      open.clear();
    },
  };
}
