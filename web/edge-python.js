// @ts-check
/**
 * The one script of a page: loading it registers `<edge-python>`.
 *
 * Takes: nothing, or `?setElement=false` in its own address, which registers nothing.
 * Gives: `defineElement`, `createWorker`, `EdgePythonElement`.
 * Refuses: a tag that is already another class's.
 *
 * The least that a page's content policy must allow, here with everything on the page's own origin:
 *   default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'
 * The frame is the engine's; no `style-src` is needed. Where these files come from a CDN, its
 * origin goes into `script-src`, `connect-src` and `frame-src`; origins of URL modules into `connect-src`, of host packages into
 * `script-src`. `require-trusted-types-for 'script'` is not supported.
 */

import { createWorker } from './client.js';
import { EdgePythonElement } from './element.js';

export { EdgePythonElement, createWorker };

/**
 * @param {string} [tag]
 * @returns {CustomElementConstructor}
 */
export function defineElement(tag = 'edge-python') {
  const present = customElements.get(tag);
  if (present === EdgePythonElement || (present !== undefined && present.prototype instanceof EdgePythonElement)) return present;
  if (present !== undefined) throw new TypeError(`<${tag}> is already defined by another script`);
  // A class may carry one tag only, so that every further one gets a class of its own.
  const element = customElements.getName?.(EdgePythonElement) == null ? EdgePythonElement : class extends EdgePythonElement {};
  customElements.define(tag, element);
  return element;
}

if (new URL(import.meta.url).searchParams.get('setElement') !== 'false') defineElement();
