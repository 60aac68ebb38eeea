// @ts-check
/**
 * The cell: a hidden frame with an opaque origin, in it a worker without network and storage, in it the engine.
 *
 * Takes: the runtime's `frame.html`, as text and by its address.
 * Gives: the port to a worker that waits for the engine's script; `remove`, which ends the frame with all that runs in it.
 * Refuses: a page whose policy allows no cell, with a sentence that says what to add; it never starts anything less. A
 * frame that is removed or moved in the document ends the engine, with one error.
 *
 * The text is tried first (`srcdoc`: no request). It inherits the page's own Content-Security-Policy, and where that
 * forbids its script, a worker or WebAssembly, the file takes its place, which inherits nothing. No browser tells a page
 * what its policy allows, so what happens decides; the page remembers it.
 */

/** @typedef {{ text: string, url: string }} FrameFile */

/** A frame that has loaded and says nothing in this time mostly has a script that was not allowed to run: the file is tried. */
const SILENCE_MS = 500;
/** It is counted in turns of the page: one that is busy itself cannot hear the frame, and a second one would be no help. */
const TURN_MS = 50;
/** After this it is not waited for any more: on a machine that is busy it may only have been slow. */
const LONG_SILENCE_MS = { text: 3_000, url: 10_000 };
/** For a file to come, and for a worker to start. */
const PATIENCE_MS = 60_000;
const WANTS = "isolation 'strict' cannot start on this page";

/** What the page's policy has not let happen yet, in this document. */
let textWorks = true;

/**
 * @param {FrameFile} frame
 * @param {object} has
 * @param {() => Blob | undefined} has.code  the engine's, if it is at hand: the frame compiles it meanwhile
 * @param {Promise<object[]>} has.first  what its worker is told first: the engine's script, and what that listens to. It finds that at its door
 * @param {(port: MessagePort) => void} onPort
 * @param {(error: Error) => void} onFailure    there is no cell, or no longer; it is removed already
 * @returns {() => void}                        remove
 */
export function openCell(frame, has, onPort, onFailure) {
  /** @type {Set<() => void>} */
  const frames = new Set();
  /** What the file's attempt said, which is the last. @type {Error | null} */
  let why = null;
  let over = false;

  function remove() {
    over = true;
    for (const close of frames) close();
    frames.clear();
  }

  /** @param {Error} error */
  function fail(error) {
    if (over) return;
    remove();
    onFailure(error);
  }

  /** @param {() => void} close @param {MessagePort} port */
  function settle(close, port) {
    for (const other of frames) if (other !== close) other();
    onPort(port);
  }

  /** @param {'text' | 'url'} way @param {() => void} [onSilent] */
  function attempt(way, onSilent) {
    const close = openFrame(frame, way, {
      has,
      onUp: (port) => {
        textWorks = way === 'text';
        settle(close, port);
      },
      onSilent,
      onUnfit: (error) => {
        frames.delete(close);
        why = way === 'url' ? error : why;
        onSilent?.();
        if (frames.size === 0) fail(/** @type {Error} */ (why));
      },
      onLost: fail,
    });
    frames.add(close);
  }

  function tryText() {
    let tried = false;
    attempt('text', () => {
      if (!tried && !over) attempt('url');
      tried = true;
    });
  }

  if (!globalThis.document?.documentElement) {
    const where = 'there is no document to put its frame in';
    queueMicrotask(() => fail(new Error(`${WANTS}: ${where}; programs that you trust run with isolation: 'worker'`)));
  } else if (textWorks) tryText();
  else attempt('url');
  return remove;
}

/**
 * One frame and what becomes of it.
 * @param {FrameFile} frame
 * @param {'text' | 'url'} way
 * @param {object} on
 * @param {Parameters<typeof openCell>[1]} on.has
 * @param {(port: MessagePort) => void} on.onUp
 * @param {(() => void) | undefined} on.onSilent  it may come yet
 * @param {(error: Error) => void} on.onUnfit
 * @param {(error: Error) => void} on.onLost
 */
function openFrame(frame, way, { has, onUp, onSilent, onUnfit, onLost }) {
  const { host, element } = hiddenFrame();
  const { port1: port, port2: theirs } = new MessageChannel();
  const origin = new URL(frame.url, document.baseURI).origin;
  let closed = false;
  let loaded = false;
  /** What it has said so far. @type {'' | 'here' | 'up'} */
  let said = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const watch = new MutationObserver((records) => {
    const gone = records.some(({ removedNodes }) => [...removedNodes].some((node) => node === host || node.contains(host)));
    if (gone || !host.isConnected) lose();
  });

  function close() {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    watch.disconnect();
    document.removeEventListener('securitypolicyviolation', onViolation, true);
    port.close();
    host.remove();
  }

  function lose() {
    if (closed) return;
    close();
    onLost(new Error("the Python engine ended: the page removed or moved the hidden <div> below <html> that holds its frame"));
  }

  /** @param {string} why */
  function refuse(why) {
    if (closed) return;
    close();
    onUnfit(new Error(`${WANTS}: ${why}`));
  }

  /** @param {SecurityPolicyViolationEvent} event */
  function onViolation(event) {
    const framing = ['frame-src', 'child-src', 'default-src'].includes(event.effectiveDirective);
    if (!framing || way !== 'url' || said !== '') return;
    if (event.blockedURI !== '' && !frame.url.startsWith(event.blockedURI)) return;
    refuse(`its Content-Security-Policy forbids the engine's frame; add ${origin} to its frame-src`);
  }

  function silent() {
    const embedder = "; where the page has a Cross-Origin-Embedder-Policy, send the file with the same one";
    refuse(`${frame.url} did not answer; serve it without X-Frame-Options and without a policy of your own${embedder}`);
  }

  function waitFor(/** @type {number} */ ms, /** @type {() => void} */ then) {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  }

  /** @param {number} turns */
  function listen(turns) {
    waitFor(TURN_MS, () => {
      if (turns > 1) return listen(turns - 1);
      waitFor(LONG_SILENCE_MS[way] - SILENCE_MS, silent);
      return onSilent?.();
    });
  }

  element.addEventListener('load', () => {
    if (loaded) return lose(); // it was moved, and begins anew
    loaded = true;
    element.contentWindow?.postMessage({ port: theirs, code: has.code() }, '*', [theirs]);
    listen(SILENCE_MS / TURN_MS);
  });
  port.onmessage = ({ data }) => {
    switch (data?.cell) {
      case 'here':
        said = 'here';
        return waitFor(PATIENCE_MS, () => refuse('its worker did not start'));
      case 'up':
        said = 'up';
        clearTimeout(timer);
        return onUp(port);
      default:
        return refuse(`its Content-Security-Policy lacks ${String(data?.lacks).slice(0, 80)}`);
    }
  };

  // Not when it has answered: that would be its way to the page and back.
  has.first.then((messages) => closed || messages.forEach((message) => port.postMessage(message)), () => {});
  document.addEventListener('securitypolicyviolation', onViolation, true);
  try {
    if (way === 'text') element.srcdoc = frame.text;
    else element.src = frame.url;
  } catch {
    // Trusted Types: a page that wants them takes no text as a document.
    queueMicrotask(() => refuse('its policy requires Trusted Types'));
    return close;
  }
  waitFor(PATIENCE_MS, silent);
  document.documentElement.append(host);
  watch.observe(document, { childList: true });
  watch.observe(document.documentElement, { childList: true });
  return close;
}

/**
 * A frame that nobody sees, hears of, or comes to with the Tab key. It has a place of its own, so that an element that is
 * moved does not take it along (a frame that moves starts anew), and a shadow, so that `window.frames` stays the page's.
 */
function hiddenFrame() {
  const host = document.createElement('div');
  host.hidden = true;
  host.inert = true;
  host.ariaHidden = 'true';
  host.style.setProperty('display', 'none', 'important');
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts');
  // Where the page has an embedder policy, a file that does not say one of its own may be shown without credentials only.
  element.setAttribute('credentialless', '');
  element.setAttribute('referrerpolicy', 'no-referrer');
  element.title = 'Edge Python engine';
  element.tabIndex = -1;
  host.attachShadow({ mode: 'closed' }).append(element);
  return { host, element };
}
