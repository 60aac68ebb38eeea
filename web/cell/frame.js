// @ts-check
/**
 * The one script of the cell's frame. The build puts it into `frame.html`, with a policy that names its hash.
 *
 * Takes: one message from the page that made the frame: a port.
 * Gives: a classic worker from a `blob:`, which is handed it. A module worker does not start at an opaque origin.
 * Refuses: everything else: once its worker is there the frame listens to nothing.
 */
import { prelude } from './prelude.js';

onmessage = ({ data: { port }, source }) => {
  if (source !== parent) return;
  onmessage = null;
  port.postMessage({ cell: 'here' });
  const unfit = () => port.postMessage({ cell: 'unfit', lacks: 'blob: in worker-src' });
  try {
    const url = URL.createObjectURL(new Blob([`(${prelude})()`], { type: 'text/javascript' }));
    const worker = new Worker(url, { name: 'edge-python' });
    worker.onerror = unfit;
    worker.onmessage = () => {
      worker.onmessage = worker.onerror = null;
      URL.revokeObjectURL(url);
      worker.postMessage({ port }, [port]);
    };
  } catch {
    unfit();
  }
};
