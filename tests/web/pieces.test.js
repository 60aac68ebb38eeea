// @ts-check
// Takes: texts of any length. Holds: what a program prints goes out whole and in order, in messages that the page lets through.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createOutput } from '../../web/engine/output.js';

const PIECE = 1024 * 1024;

/** @param {string[]} prints */
function sent(prints) {
  /** @type {{ text: string, ends: number[] }[]} */
  const messages = [];
  const output = createOutput((_stream, text, ends) => messages.push({ text, ends }));
  const { write } = output; // as the engine hands it on
  for (const print of prints) write('stdout', print);
  output.flush();
  return messages;
}

test('a long text travels in pieces', () => {
  const long = 'abcdefg'.repeat(2_500_000);
  const messages = sent(['before', long, 'after']);
  assert.equal(messages.map(({ text }) => text).join(''), `before${long}after`);
  for (const { text, ends } of messages) {
    assert.ok(text.length <= 2 * PIECE);
    assert.equal(ends.at(-1), text.length);
  }
});

test('no cut goes through a character', () => {
  const long = `${'x'.repeat(PIECE - 1)}😀${'y'.repeat(10)}`;
  const messages = sent([long]);
  assert.deepEqual(messages.map(({ text }) => text), ['x'.repeat(PIECE - 1), `😀${'y'.repeat(10)}`]);
});

test('a text of exactly one piece is one', () => {
  assert.equal(sent(['x'.repeat(PIECE)]).length, 1);
});
