// @ts-check
/**
 * The first code of the cell's worker: it runs before the engine and takes the worker's powers away.
 *
 * Takes: one message from the frame: the port to the page, and one through which the compiled code comes. The first message of the page: the
 * engine's script, which may lie at the door already. So all of this may go on while the page still looks for it.
 * Gives: an engine that speaks to the page through that port by the worker's usual `postMessage` and `onmessage`, so that
 * one script serves both kinds of isolation. What it throws by itself reaches the page as `failed`.
 * Refuses: to start where the policy that holds here lacks something: it says what, and the page tries another way.
 *
 * Nothing here is the boundary: that is the origin, which is opaque, and the policy, which allows no request. What is
 * removed is removed so that whoever gets this far finds little to try.
 *
 * `frame.js` starts it from its own text, so it must not use anything from outside.
 */
export function prelude() {
  const scope = /** @type {any} */ (globalThis);
  const POWERS = [
    'fetch', 'fetchLater', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport', 'RTCPeerConnection',
    'RTCDataChannel', 'TCPSocket', 'UDPSocket', 'Worker', 'SharedWorker', 'importScripts', 'BroadcastChannel', 'indexedDB',
    'IDBFactory', 'caches', 'CacheStorage', 'Cache', 'cookieStore', 'CookieStore', 'localStorage', 'sessionStorage',
    'StorageManager', 'StorageBucketManager', 'FileSystemHandle', 'FileSystemFileHandle', 'FileSystemDirectoryHandle',
    'webkitRequestFileSystem', 'webkitRequestFileSystemSync', 'webkitResolveLocalFileSystemURL',
    'webkitResolveLocalFileSystemSyncURL', 'LockManager', 'Notification', 'PushManager', 'ServiceWorkerRegistration',
    'BackgroundFetchManager', 'FontFace', 'fonts', 'OffscreenCanvas', 'createImageBitmap', 'ImageDecoder', 'VideoDecoder',
    'AudioDecoder', 'GPU', 'USB', 'HID', 'Serial', 'Permissions', 'ReportingObserver', 'crashReport', 'close', 'eval',
  ];

  /** From the worker itself and from every prototype that it has it from. @param {string[]} names */
  function remove(names) {
    for (let at = scope; at !== null; at = Object.getPrototypeOf(at)) for (const name of names) delete at[name];
  }

  /** What the policy lacks, or ''. */
  function lacking() {
    try {
      new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    } catch {
      return "'wasm-unsafe-eval' in script-src";
    }
    const empty = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }));
    try {
      scope.importScripts(empty);
    } catch {
      return 'blob: in script-src';
    } finally {
      URL.revokeObjectURL(empty);
    }
    return '';
  }

  // All of this before the port is there: the page is still on its way.
  const lacks = lacking();
  const load = scope.importScripts;
  const agent = { userAgent: scope.navigator.userAgent }; // Pyodide looks at it
  remove([...POWERS, 'navigator']);
  Object.defineProperty(scope, 'navigator', { value: Object.freeze(agent) });

  scope.onmessage = (/** @type {MessageEvent} */ { data: { port, early } }) => {
    scope.onmessage = null;
    scope.early = new Promise((resolve) => { // restore.js takes it up
      early.onmessage = (/** @type {MessageEvent} */ { data }) => resolve(data);
      early.onmessageerror = () => resolve(null);
    });
    if (lacks !== '') return void port.postMessage({ cell: 'unfit', lacks });
    const post = port.postMessage.bind(port);
    scope.postMessage = post;
    scope.addEventListener('error', (/** @type {ErrorEvent} */ event) => {
      event.preventDefault();
      post({ type: 'failed', message: String(event.message) });
    });
    port.onmessage = (/** @type {MessageEvent} */ { data: { engine } }) => {
      port.onmessage = (/** @type {MessageEvent} */ event) => scope.onmessage?.(event);
      const script = URL.createObjectURL(engine);
      try {
        load.call(scope, script);
      } finally {
        URL.revokeObjectURL(script);
      }
    };
    post({ cell: 'up' });
  };
  scope.postMessage('up');
}
