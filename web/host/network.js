// @ts-check
/**
 * The host package `network`: HTTP, WebSockets and server-sent events for programs that the page trusts with them.
 *
 * Takes: addresses, options, texts and bytes. Gives: answers; integers for connections, whose messages arrive as JSON text
 * through `receive()`. Refuses: other schemes than http:, https:, ws: and wss:, and what a browser refuses any page.
 *
 * A program with `network` can send what it knows to anyone, and ask any server that the page itself may ask, with the
 * reader's cookies where it says so: that is why the page must grant it.
 */
import { definePackage } from './registry.js';
import { watchPolicy } from './network/common.js';
import { createRequests } from './network/http.js';
import { createEventStreams, createWebSockets } from './network/sockets.js';

/** @typedef {ReturnType<typeof setup>} State */

/** @param {import('./registry.js').Context} context */
function setup({ pushEvent, signal, callSignal = () => signal }) {
  const policy = watchPolicy(signal);
  return {
    http: createRequests(callSignal, policy),
    ws: createWebSockets({ signal, callSignal, pushEvent, policy }),
    sse: createEventStreams({ signal, callSignal, pushEvent, policy }),
  };
}

const TIMEOUT = 'seconds until a `TimeoutError`; without it, as long as the browser waits';
const REQUEST = {
  "method: str = 'GET'": '',
  'headers: dict[str, str] = {}': 'to send along',
  'body: str | bytes | None = None': 'what to send: text as UTF-8, or bytes',
  'timeout: float | None = None': `${TIMEOUT}. The whole answer counts`,
  "credentials: str = 'omit'": "cookies: `'omit'`, `'same-origin'` or `'include'`",
  "redirect: str = 'follow'": "`'follow'` or `'error'`",
  "cache: str = 'default'": "the browser's: `'default'`, `'no-store'`, `'reload'`, `'no-cache'` or `'force-cache'`",
  'id: int | None = None': 'a number of your own, for `abort_request`',
};
const FAILS = {
  OSError: 'no answer came, or not all of it, or the page may not read it (CORS)',
  TimeoutError: 'it took longer than `timeout`',
  ValueError: 'the address or an option is wrong',
};
const ANSWERS = { ...FAILS, OSError: 'as with `fetch`, or the status is not one of success' };

export const table = definePackage({
  name: 'network',
  doc: `HTTP, WebSockets and server-sent events. The page grants it with \`grant="network"\`.

Addresses may be relative to the page. Servers of other origins must allow the page to read their answers, by the header
\`Access-Control-Allow-Origin\` (CORS); a browser does not tell a refusal from a server that is down. Plain requests carry no
cookies unless \`credentials\` says so. WebSockets and event streams carry those that the browser has for the address.`,
  setup,
  types: {
    RequestOptions: {
      is: 'dict',
      doc: 'How to ask. Every entry may be left out.',
      fields: { ...REQUEST, "method: str = 'GET'": "the verb: `'GET'`, `'POST'`, `'PUT'`, `'PATCH'`, `'DELETE'`, `'HEAD'` …" },
    },
    FetchOptions: {
      is: 'dict',
      doc: 'As `RequestOptions`, and one more.',
      fields: {
        ...REQUEST,
        "method: str = 'GET'": 'the verb',
        "read: str = 'text'": "`'text'` or `'bytes'`: how to read the answer, and the name of its entry in the result",
      },
    },
    SocketOptions: {
      is: 'dict',
      doc: 'How to open a WebSocket.',
      fields: {
        'protocols: list[str] = []': 'sub-protocols, the best first',
        'timeout: float | None = None': TIMEOUT,
      },
    },
    StreamOptions: {
      is: 'dict',
      doc: 'How to open a stream of server-sent events.',
      fields: {
        'events: list[str] = []': 'names of events to listen to, besides `message`',
        "credentials: str = 'same-origin'": "cookies: `'same-origin'`, or `'include'` for other origins as well",
        'timeout: float | None = None': TIMEOUT,
      },
    },
  },
  groups: [
    {
      title: 'Requests',
      doc: `A call waits for the whole answer. Another coroutine may go on meanwhile, and may abort it by the \`id\` that you
chose. A program without a second coroutine sets a \`timeout\`: nothing else of it runs while it waits. \`cancel()\` and \`with_timeout()\`
abort the request of the coroutine that waits for it, and so does the end of the program. \`reset()\` on the page
aborts all requests, and closes all connections.`,
      functions: [
        {
          signature: 'fetch(url: str, options: FetchOptions = {}) -> dict',
          doc: `Asks a server. Gives a dict: \`status\`, \`ok\` (True for a status of 200 to 299), \`url\` (the final one, after
redirects), \`headers\` (names in lower case) and \`text\`, or \`bytes\`. Text is read as UTF-8. A status such as 404 is an
answer, not an error.`,
          raises: FAILS,
          run: ({ http }, url, options) => http.fetch(url, options),
        },
        {
          signature: 'fetch_text(url: str, options: RequestOptions = {}) -> str',
          doc: 'The text of a good answer.',
          raises: ANSWERS,
          run: ({ http }, url, options) => http.text(url, options),
        },
        {
          signature: 'fetch_json(url: str, options: RequestOptions = {}) -> Any',
          doc: 'The value of a good answer that is JSON. Integers keep all their digits; `1.0` becomes `1`.',
          raises: { ...ANSWERS, ValueError: 'the address or an option is wrong, or the answer is not JSON' },
          run: ({ http }, url, options) => http.json(url, options),
        },
        {
          signature: 'fetch_bytes(url: str, options: RequestOptions = {}) -> bytes',
          doc: 'The bytes of a good answer.',
          raises: ANSWERS,
          run: ({ http }, url, options) => http.bytes(url, options),
        },
        {
          signature: 'abort_request(id: int) -> bool',
          doc: `Ends the request with that \`id\`: the call that waits for it raises \`ConnectionAbortedError\`, which is an
\`OSError\`. False where no request with it is under way.`,
          run: ({ http }, id) => http.abort(id),
        },
      ],
    },
    {
      title: 'WebSockets',
      doc: `From \`ws_open\` on, \`receive()\` gives texts of JSON: \`{"type": "ws", "id": 1, "event": "message", "data": "…",
"binary": false}\`. Bytes come in base64, with \`"binary": true\`. The last one is \`{"type": "ws", "id": 1, "event": "close",
"code": 1000, "reason": "", "clean": true}\`, whoever closed; \`clean\` is false where the connection broke.`,
      functions: [
        {
          signature: 'ws_open(url: str, options: SocketOptions = {}) -> int',
          doc: 'Opens a WebSocket and waits until it is open. Gives its number.',
          raises: { ...FAILS, OSError: 'it could not be opened' },
          run: ({ ws }, url, options) => ws.open(url, options),
        },
        {
          signature: 'ws_send(id: int, data: str | bytes) -> None',
          doc: 'Sends a text, or bytes. It waits while more than 4 MiB are still to be sent.',
          raises: { OSError: 'it is not open', ValueError: 'the number was never given out' },
          run: ({ ws }, id, data) => ws.send(id, data),
        },
        {
          signature: "ws_close(id: int, code: int = 1000, reason: str = '') -> None",
          doc: 'Begins to close it; the event `close` follows. A code of your own is one from 3000 to 4999. Closing twice is no error.',
          raises: { ValueError: 'the number was never given out, or the code or the reason is not allowed' },
          run: ({ ws }, id, code, reason) => ws.close(id, code, reason),
        },
        {
          signature: 'ws_state(id: int) -> str',
          doc: "`'open'`, `'closing'` or `'closed'`.",
          raises: { ValueError: 'the number was never given out' },
          run: ({ ws }, id) => ws.state(id),
        },
      ],
    },
    {
      title: 'Server-sent events',
      doc: `From \`sse_open\` on, \`receive()\` gives texts of JSON: \`{"type": "sse", "id": 1, "event": "message", "name": "message",
"data": "…", "last_id": ""}\`. The browser connects again by itself where the connection ends: \`"event": "reconnecting"\`, then
\`"event": "open"\`. Where the server ends it for good, the last one is \`"event": "close"\`. Over HTTP/1.1 a browser keeps at
most six connections to a server, streams included: close those that you no longer need.`,
      functions: [
        {
          signature: 'sse_open(url: str, options: StreamOptions = {}) -> int',
          doc: 'Opens a stream and waits until it is open. Gives its number.',
          raises: { ...FAILS, OSError: 'it could not be opened, or the answer is no stream of events' },
          run: ({ sse }, url, options) => sse.open(url, options),
        },
        {
          signature: 'sse_close(id: int) -> None',
          doc: 'Closes it; no event follows. Closing twice is no error.',
          raises: { ValueError: 'the number was never given out' },
          run: ({ sse }, id) => sse.close(id),
        },
        {
          signature: 'sse_state(id: int) -> str',
          doc: "`'connecting'` (again), `'open'` or `'closed'`.",
          raises: { ValueError: 'the number was never given out' },
          run: ({ sse }, id) => sse.state(id),
        },
      ],
    },
  ],
});

export const network = table.factory;
