// @ts-check
/**
 * WebSockets and server-sent events: connections that speak when they like.
 *
 * Takes: addresses and options. Gives: an integer for each connection, once it is open; what arrives goes out as JSON
 * text for `receive()`. Refuses: numbers that were never given out, and data for a connection that is not open.
 *
 * A closed connection keeps its number and nothing else: its state stays `closed` for good.
 */
import { PythonError } from '../registry.js';
import { addressOf, checkTimeout, oneOf, unreachable } from './common.js';

/** Bytes that may wait to be sent; a program that sends faster waits too, or the page's memory would fill. */
const MOST_WAITING = 4 * 1024 * 1024;
const STATES = ['connecting', 'open', 'closing', 'closed'];
const STREAM_STATES = ['connecting', 'open', 'closed'];
const NO_EVENTS = 'does not answer with events: it must answer with status 200 and content type text/event-stream';

/**
 * @typedef {object} Context
 * @property {AbortSignal} signal
 * @property {() => AbortSignal} callSignal  of the call that is just beginning
 * @property {(text: string) => void} pushEvent
 * @property {ReturnType<typeof import('./common.js').watchPolicy>} policy
 */

/** @param {Context} context */
export function createWebSockets({ signal, callSignal, pushEvent, policy }) {
  /** @type {Connections<WebSocket>} */
  const sockets = new Connections('WebSocket', 'ws_open', signal);

  return {
    /** @param {string} url @param {{ protocols: string[], timeout: number | null }} options @returns {Promise<number>} */
    async open(url, { protocols, timeout }) {
      checkTimeout(timeout);
      const address = addressOf(url, 'ws');
      let socket;
      try {
        socket = new WebSocket(address, protocols);
      } catch (error) {
        throw new PythonError('ValueError', `the browser refuses this WebSocket: ${/** @type {Error} */ (error).message}`);
      }
      socket.binaryType = 'arraybuffer';
      await opened(socket, { signal: callSignal(), timeout, address, failure: () => unreachable(address, policy, false) });
      const id = sockets.add(socket);
      /** @param {string} event @param {object} detail */
      const say = (event, detail) => pushEvent(JSON.stringify({ type: 'ws', id, event, ...detail }));
      socket.addEventListener('message', ({ data }) => {
        const binary = typeof data !== 'string';
        say('message', { data: binary ? base64(new Uint8Array(data)) : data, binary });
      });
      socket.addEventListener('close', ({ code, reason, wasClean }) => {
        sockets.drop(id);
        say('close', { code, reason, clean: wasClean });
      });
      return id;
    },
    /** @param {number} id @param {string | Uint8Array<ArrayBuffer>} data */
    async send(id, data) {
      const socket = sockets.get(id);
      if (socket?.readyState !== WebSocket.OPEN) {
        throw new PythonError('OSError', `WebSocket ${id} is ${STATES[socket?.readyState ?? 3]}; open another with ws_open()`);
      }
      socket.send(data);
      // There is no event for this.
      while (socket.bufferedAmount > MOST_WAITING && socket.readyState === WebSocket.OPEN) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    /** @param {number} id @param {number} code @param {string} reason */
    close(id, code, reason) {
      const socket = sockets.get(id);
      try {
        socket?.close(code, reason);
      } catch (error) {
        if (/** @type {Error} */ (error).name === 'SyntaxError') {
          throw new PythonError('ValueError', 'the reason for closing is longer than 123 bytes of UTF-8');
        }
        throw new PythonError('ValueError', `a WebSocket is closed with code 1000, or one of your own from 3000 to 4999, not ${code}`);
      }
    },
    /** @param {number} id */
    state: (id) => STATES[sockets.get(id)?.readyState ?? WebSocket.CLOSED],
  };
}

/** @param {Context} context */
export function createEventStreams({ signal, callSignal, pushEvent, policy }) {
  /** @type {Connections<EventSource>} */
  const streams = new Connections('event stream', 'sse_open', signal);

  return {
    /** @param {string} url @param {{ events: string[], credentials: string, timeout: number | null }} options @returns {Promise<number>} */
    async open(url, { events, credentials, timeout }) {
      checkTimeout(timeout);
      oneOf('credentials', credentials, ['same-origin', 'include']);
      const address = addressOf(url);
      const source = new EventSource(address, { withCredentials: credentials === 'include' });
      const failure = async () => {
        const closed = source.readyState === EventSource.CLOSED; // and not trying again: something was answered
        if (closed && address.origin === globalThis.origin) return new PythonError('OSError', `'${address.href}' ${NO_EVENTS}`);
        const error = await unreachable(address, policy);
        return closed ? new PythonError('OSError', `${error.message}, or it ${NO_EVENTS}`) : error;
      };
      const id = streams.reserve();
      /** @param {string} event @param {object} [detail] */
      const say = (event, detail) => pushEvent(JSON.stringify({ type: 'sse', id, event, ...detail }));
      for (const name of new Set(['message', ...events])) {
        source.addEventListener(name, (event) => {
          // A server may call its events `open` or `error` as well; those of the connection have no data.
          if (event instanceof MessageEvent) say('message', { name, data: event.data, last_id: event.lastEventId });
        });
      }
      await opened(source, { signal: callSignal(), timeout, address, failure });
      streams.add(source, id);
      source.addEventListener('open', (event) => {
        if (!(event instanceof MessageEvent)) say('open');
      });
      source.addEventListener('error', (event) => {
        if (event instanceof MessageEvent) return;
        if (source.readyState !== EventSource.CLOSED) return say('reconnecting');
        streams.drop(id);
        say('close');
      });
      return id;
    },
    /** @param {number} id */
    close(id) {
      streams.get(id)?.close();
      streams.drop(id);
    },
    /** @param {number} id */
    state: (id) => STREAM_STATES[streams.get(id)?.readyState ?? EventSource.CLOSED],
  };
}

/**
 * Connections by their numbers.
 * @template {WebSocket | EventSource} T
 */
class Connections {
  #last = 0;
  /** @type {Map<number, T>} */
  #open = new Map();

  /** @param {string} what @param {string} opener @param {AbortSignal} signal */
  constructor(what, opener, signal) {
    this.what = what;
    this.opener = opener;
    signal.addEventListener('abort', () => {
      for (const connection of this.#open.values()) connection.close();
      this.#open.clear();
    }, { once: true });
  }

  reserve() {
    this.#last += 1;
    return this.#last;
  }

  /** @param {T} connection @param {number} [id] */
  add(connection, id = this.reserve()) {
    this.#open.set(id, connection);
    return id;
  }

  /** @param {number} id */
  drop(id) {
    this.#open.delete(id);
  }

  /** @param {number} id @returns {T | undefined} undefined: it is closed */
  get(id) {
    if (id >= 1 && id <= this.#last) return this.#open.get(id);
    throw new PythonError('ValueError', `there is no ${this.what} ${id}; ${this.opener}() gives the number of a new one`);
  }
}

/**
 * Waits for a connection to open; it is closed where it does not.
 * @param {WebSocket | EventSource} connection
 * @param {{ signal: AbortSignal, timeout: number | null, address: URL, failure: () => Promise<Error> }} options
 * @returns {Promise<void>}
 */
async function opened(connection, { signal, timeout, address, failure }) {
  const settled = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    await new Promise((resolve, reject) => {
      const on = (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {(event: Event) => void} */ then) => (
        target.addEventListener(type, then, { signal: settled.signal }));
      on(connection, 'open', (event) => {
        if (!(event instanceof MessageEvent)) resolve(undefined);
      });
      on(connection, 'error', (event) => {
        if (!(event instanceof MessageEvent)) failure().then(reject, reject);
      });
      on(signal, 'abort', () => reject(new PythonError('ConnectionAbortedError', `opening '${address.href}' was aborted`)));
      if (timeout === null) return;
      timer = setTimeout(() => {
        reject(new PythonError('TimeoutError', `'${address.href}' did not open within ${timeout} s`));
      }, timeout * 1000);
    });
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
    settled.abort();
  }
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let binary = '';
  // In pieces: a call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
