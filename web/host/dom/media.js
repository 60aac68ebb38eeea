// @ts-check
/**
 * `dom`: animation, frames, sound and film.
 *
 * Takes: elements, keyframes, times in seconds. Gives: ids of animations, states. Refuses: elements that play nothing;
 * playing that the browser does not allow before the reader has touched the page.
 */
import { PythonError } from '../registry.js';
import { changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

/** @param {Element} element @returns {HTMLMediaElement} */
function media(element) {
  if (changeable(element) instanceof HTMLMediaElement) return /** @type {HTMLMediaElement} */ (element);
  throw new PythonError('TypeError', `<${element.localName}> plays nothing; audio and video do`);
}

/** A duration is not known before the file has begun to load, and endless for a live stream. @param {number} seconds */
const known = (seconds) => (Number.isFinite(seconds) ? seconds : null);

/** @param {HTMLMediaElement} element */
export const mediaState = ({ currentTime, duration, paused, ended, volume, muted, playbackRate, error }) => ({
  time: currentTime, duration: known(duration), paused, ended, volume, muted, rate: playbackRate, error: error?.message ?? null,
});

/** @param {HTMLMediaElement} element */
async function play(element) {
  try {
    await element.play();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') {
      const advice = 'the browser plays sound only after the reader has clicked or pressed a key; wait for such an event, or mute it';
      throw new PythonError('PermissionError', advice);
    }
    if (error instanceof DOMException && error.name === 'NotSupportedError') {
      throw new PythonError('OSError', 'this browser cannot play it: its address does not answer, or its format is not known');
    }
    throw error;
  }
}

/** @param {unknown} value */
const milliseconds = (value) => /** @type {number} */ (value) * 1000;

/** @param {import('./page.js').Page} page @returns {Promise<number>} */
const nextFrame = (page) => new Promise((resolve) => {
  const frame = requestAnimationFrame((time) => {
    page.endNow(frame);
    resolve(time / 1000);
  });
  page.atEnd(frame, () => cancelAnimationFrame(frame));
});

/** @type {Group} */
export const animation = {
  title: 'Animation',
  doc: 'An animation that is over is no error for these functions: they then do nothing.',
  functions: [
    {
      signature: 'animate(element: Element, keyframes: list[dict] | dict, options: AnimateOptions = {}) -> Animation',
      doc: 'Starts an animation of CSS properties: `animate(box, [{"opacity": 0}, {"opacity": 1}], {"duration": 0.5})`. The keyframes are a list of '
        + 'states or a dict of lists, their names as in JavaScript: `backgroundColor`.',
      raises: { TypeError: 'for keyframes that the browser cannot read', ValueError: 'for options that the browser does not take' },
      run: (page, element, keyframes, { duration, delay, ...others }) => {
        const running = changeable(element).animate(keyframes, { duration: milliseconds(duration), delay: milliseconds(delay), ...others });
        const id = page.keep('animation', running, element, () => running.cancel());
        const over = () => page.releaseIfThere(id);
        running.finished.catch(() => {}); // being cancelled is no error of the page's
        running.addEventListener('cancel', over);
        running.addEventListener('remove', over);
        // One that leaves its last state in place can still be cancelled, which takes that away.
        if (!['forwards', 'both'].includes(others.fill)) running.addEventListener('finish', over);
        return id;
      },
    },
    {
      signature: 'wait_animation(animation: Animation) -> None',
      doc: 'Waits until it is over, by itself or because it was cancelled.',
      run: (_, running) => running?.finished.then(() => null, () => null),
    },
    { signature: 'pause_animation(animation: Animation) -> None', doc: 'Halts it where it is.', run: (_, running) => running?.pause() },
    { signature: 'resume_animation(animation: Animation) -> None', doc: 'Lets it go on.', run: (_, running) => running?.play() },
    {
      signature: 'cancel_animation(animation: Animation) -> None',
      doc: 'Ends it; the element looks as it did without it. Also takes away what `"fill": "forwards"` left in place.',
      run: (_, running) => running?.cancel(),
    },
    {
      signature: 'next_frame() -> float',
      doc: 'Waits until the browser is about to draw, and gives the time in seconds. A loop around it moves things smoothly; while '
        + 'the page is hidden it waits.',
      run: (page) => nextFrame(page),
    },
    {
      signature: 'request_frame() -> Listener',
      doc: 'Tells the same once, as an event `frame` with `{"time": …}`, for programs that wait for other events too.',
      run: (page) => {
        const frame = requestAnimationFrame((time) => {
          page.release(id);
          page.send('frame', null, id, { time: time / 1000 });
        });
        const id = page.keep('listener', { type: 'frame', selector: null }, null, () => cancelAnimationFrame(frame));
        return id;
      },
    },
  ],
};

/** @type {Group} */
export const sound = {
  title: 'Sound and film',
  doc: 'For `audio` and `video`. Times are seconds. Their events, such as `ended` and `timeupdate`, carry what `get_media` gives.',
  functions: [
    {
      signature: 'play(media: Element) -> None',
      doc: 'Plays on, and waits until it does.',
      raises: { PermissionError: 'where the reader has not touched the page yet', OSError: 'where it cannot be loaded', TypeError: 'for other elements' },
      run: (_, element) => play(media(element)),
    },
    { signature: 'pause(media: Element) -> None', doc: 'Halts it.', run: (_, element) => media(element).pause() },
    {
      signature: 'seek(media: Element, time: float) -> None',
      doc: 'Goes to a time.',
      run: (_, element, time) => {
        media(element).currentTime = time;
      },
    },
    {
      signature: 'set_volume(media: Element, volume: float) -> None',
      doc: 'How loud, from 0 to 1.',
      raises: { ValueError: 'for numbers outside of that' },
      run: (_, element, volume) => {
        media(element).volume = volume;
      },
    },
    {
      signature: 'set_muted(media: Element, muted: bool) -> None',
      doc: 'Silent, or not.',
      run: (_, element, muted) => {
        media(element).muted = muted;
      },
    },
    {
      signature: 'set_rate(media: Element, rate: float) -> None',
      doc: 'How fast; 1 is as it was recorded.',
      raises: { ValueError: 'for rates that the browser does not play' },
      run: (_, element, rate) => {
        media(element).playbackRate = rate;
      },
    },
    {
      signature: 'get_media(media: Element) -> dict',
      doc: 'Its state: `time`, `duration` (`None` while not known), `paused`, `ended`, `volume`, `muted`, `rate`, `error` (`None`, '
        + 'or the browser\'s words).',
      run: (_, element) => mediaState(media(element)),
    },
  ],
};
