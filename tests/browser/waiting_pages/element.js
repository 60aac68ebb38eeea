// @ts-check
/** The element: a prompt for `input()` in place, Escape for the end of input, a Stop button, its state. */
import { after, equal, holds, test, until } from './suite.js';
import { defineElement } from '/dist/edge-python.js?setElement=false';

defineElement();
const place = /** @type {HTMLElement} */ (document.querySelector('#place'));

/** @param {string} source @param {string} [attributes] @returns {Promise<any>} */
async function put(source, attributes = '') {
  place.innerHTML = `<edge-python ${attributes}><script type="text/x-python">${source}</` + 'script></edge-python>';
  const element = /** @type {any} */ (place.firstChild);
  await until(() => !['idle', 'loading', undefined].includes(element.state));
  return element;
}
/** @param {any} element @param {string} selector */
const inside = (element, selector) => element.shadowRoot.querySelector(selector);
const shown = (element) => inside(element, '.output').textContent;
/** @param {any} element */
const question = (element) => inside(element, '[part~="input"]');
/** @param {any} element */
async function asks(element) {
  await until(() => question(element) !== null && !question(element).hidden);
  return question(element).querySelector('input');
}
const can = (button) => button !== undefined && !button.disabled && button.ariaDisabled !== 'true';
const visible = (node) => node !== null && !node.hidden && node.getClientRects().length > 0;
/** The button of the element that says Stop, if it shows one. @param {any} element */
const stopButton = (element) => [...element.shadowRoot.querySelectorAll('button')].find((each) => visible(each) && /stop/i.test(each.textContent + each.ariaLabel));

test('a prompt in place; Enter sends', async () => {
  const element = await put('name = input("Who? ")\nprint("Hello", name)');
  const field = await asks(element);
  equal(element.state, 'waiting');
  holds(visible(field), 'the field is drawn');
  holds(field.labels.length === 1 && field.labels[0].textContent === 'Who?', 'the prompt is its label');
  field.value = 'Ada';
  question(element).requestSubmit();
  await until(() => element.state === 'done');
  holds(shown(element).includes('Hello Ada'), shown(element));
  holds(question(element).hidden, 'the prompt went');
});

test('Escape is the end of input', async () => {
  const element = await put('try:\n    input("? ")\nexcept EOFError:\n    print("the end")');
  const field = await asks(element);
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }));
  await until(() => element.state === 'done');
  holds(shown(element).includes('the end'), shown(element));
});

test('two tasks that ask are asked one after the other', async () => {
  const element = await put('async def ask(n):\n    return input(f"{n}? ")\nprint(gather(ask("a"), ask("b")))');
  for (const [label, text] of [['a?', 'x'], ['b?', 'y']]) {
    const field = await asks(element);
    await until(() => field.labels[0].textContent === label);
    field.value = text;
    question(element).requestSubmit();
    await after(20);
  }
  await until(() => element.state === 'done');
  holds(shown(element).includes("['x', 'y']"), shown(element));
});

test('an input that is cancelled takes its prompt along', async () => {
  const element = await put('async def ask():\n    return input("Quick! ")\ntry:\n    with_timeout(0.2, ask())\nexcept TimeoutError:\n    print("late")\nsleep(1)');
  await asks(element);
  await until(() => shown(element).includes('late'));
  await until(() => question(element).hidden);
  await until(() => element.state === 'waiting'); // the program goes on, and sleeps
  await until(() => element.state === 'done');
});

test('others go on under a prompt', async () => {
  const element = await put('async def ask():\n    return input("? ")\nasync def tick():\n    for n in range(3):\n        sleep(0.02)\n        print("tick", n)\n    return 0\nprint(gather(ask(), tick()))');
  const field = await asks(element);
  await until(() => shown(element).includes('tick 2'));
  holds(!question(element).hidden, 'the prompt stayed');
  field.value = 'x';
  question(element).requestSubmit();
  await until(() => element.state === 'done');
});

const ENDLESS = { computes: 'while True:\n    pass', sleeps: 'sleep(1000)', asks: 'input("? ")' };
for (const attributes of ['', 'controls autorun="true"']) {
  for (const [what, source] of Object.entries(ENDLESS)) {
    test(`a Stop button while it ${what} (${attributes || 'plain'})`, async () => {
      const element = await put(`print("mark")\n${source}`, attributes);
      await until(() => shown(element).includes('mark'));
      await until(() => can(stopButton(element)));
      const button = stopButton(element);
      button.focus();
      equal(element.shadowRoot.activeElement === button, true, 'the button takes focus');
      button.click();
      await until(() => element.state === 'failed');
      await until(() => !can(stopButton(element)));
      holds(question(element) === null || question(element).hidden, 'no prompt is left');
      equal((await element.run('print("next")')).ok, true, 'the next run');
      await until(() => shown(element).includes('next'));
    });
  }
}

test('a Stop button, though the page\'s clock is behind its timers', async () => {
  // Browsers make the clock coarser than timers are: by it, one timer in ten is early in Firefox. This clock makes each of them so.
  const now = performance.now;
  performance.now = () => 0;
  try {
    const element = await put('sleep(1000)');
    await until(() => can(stopButton(element)));
    stopButton(element).click();
    await until(() => element.state === 'failed');
  } finally {
    performance.now = now;
  }
});

test('removing the element while it waits leaves nothing', async () => {
  const element = await put('input("? ")');
  await asks(element);
  element.remove();
  await after(50);
  equal(document.documentElement.querySelectorAll(':scope > div[hidden]').length, 0, 'the cells');
});
