// @ts-check
/**
 * What a program prints, on its way to the page.
 *
 * Takes: one text for each `print`; that of one which prints nothing is passed over.
 * Gives: messages that hold many of them, with the places where each ends: a program prints far faster than messages travel.
 * Refuses: to keep anything long: the first prints of a moment go at once, the others with the next look at the clock, and all
 * before any other message.
 */

/** Milliseconds of a moment. */
const MOMENT = 16;
/** Messages that leave at once in a moment, so that a program that ends badly loses none of its last words. */
const AT_ONCE = 16;
/** A page draws between two messages: none takes it long. */
const MOST_TEXTS = 250;
const MOST_LENGTH = 65_536;

/** Longer texts travel in pieces: a print may be longer than any message. */
const PIECE = 1024 * 1024;

/** @typedef {'stdout' | 'stderr'} Stream */

/** @param {(stream: Stream, text: string, ends: number[]) => void} send */
export function createOutput(send) {
  /** @type {string[]} */
  let texts = [];
  /** @type {number[]} */
  let ends = [];
  let length = 0;
  /** @type {Stream} */
  let stream = 'stdout';
  let moment = 0;
  let sent = 0;

  function flush() {
    if (texts.length === 0) return;
    const text = texts.join('');
    const where = ends;
    [texts, ends, length] = [[], [], 0];
    send(stream, text, where);
  }

  /** A new moment, if one has begun. @param {number} now */
  function look(now) {
    if (now - moment < MOMENT) return;
    [moment, sent] = [now, 0];
    flush();
  }

  const output = {
    flush,
    look,
    /** @param {Stream} to @param {string} text @returns {void} */
    write(to, text) {
      while (text.length > PIECE) {
        const end = isFirstHalf(text.charCodeAt(PIECE - 1)) ? PIECE - 1 : PIECE;
        output.write(to, text.slice(0, end));
        text = text.slice(end);
      }
      if (text === '') return;
      if (to !== stream) flush();
      stream = to;
      texts.push(text);
      length += text.length;
      ends.push(length);
      if (sent < AT_ONCE) {
        if (sent === 0) moment = performance.now();
        sent += 1;
        flush();
      } else if (texts.length >= MOST_TEXTS || length >= MOST_LENGTH) {
        flush();
        look(performance.now());
      }
    },
  };
  return output;
}

/** Whether a character goes on in the next unit. @param {number} unit */
function isFirstHalf(unit) {
  return unit >= 0xd800 && unit <= 0xdbff;
}
