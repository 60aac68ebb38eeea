// @ts-check
/**
 * The one script of the cell's frame. The build puts it into `frame.html`, with a policy that names its hash.
 *
 * Takes: one message from the page that made the frame: a port, and the engine's code, if the page has that by now.
 * Gives: a classic worker from a `blob:`, which is handed both. It starts at once: by when the page has heard that its frame is there, the
 * worker is half there too. A module worker does not start at an opaque origin. The code is compiled here, while the worker reads the
 * engine's script; what it is nobody knows yet, so its bytes go along.
 * Refuses: everything else: once its worker has the port the frame listens to nothing.
 */
import { prelude } from './prelude.js';

/** What comes of the code. */
const { port1: ours, port2: early } = new MessageChannel();
/** @type {MessagePort | null} */
let port = null;
/** @type {Worker | null} */
let worker = null;
/** The worker has said so. */
let up = false;
/** It cannot start. */
let unfit = false;

/** Once both are there. */
function meet() {
  if (port === null) return;
  if (unfit) {
    port.postMessage({ cell: 'unfit', lacks: 'blob: in worker-src' });
  } else if (up) {
    worker?.postMessage({ port, early }, [port, early]);
    port = null;
  }
}

function fail() {
  unfit = true;
  meet();
}

onmessage = ({ data, source }) => {
  if (source !== parent) return;
  onmessage = null;
  ({ port } = data);
  port?.postMessage({ cell: 'here' });
  compile(data.code).catch(() => ours.postMessage(null)); // the worker reads it itself, and finds what is wrong
  meet();
};

/** @param {Blob | undefined} code */
async function compile(code) {
  if (code === undefined) return ours.postMessage(null);
  const bytes = await code.arrayBuffer();
  ours.postMessage({ bytes, module: await WebAssembly.compile(bytes) }, [bytes]);
}

const url = URL.createObjectURL(new Blob([`(${prelude})()`], { type: 'text/javascript' }));
try {
  worker = new Worker(url, { name: 'edge-python' });
  worker.onerror = fail;
  worker.onmessage = ({ target }) => {
    /** @type {Worker} */ (target).onmessage = /** @type {Worker} */ (target).onerror = null;
    URL.revokeObjectURL(url);
    up = true;
    meet();
  };
} catch {
  fail();
}
