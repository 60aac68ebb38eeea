// @ts-check
/**
 * The one script of a page: loading it registers `<edge-python>`.
 *
 * Takes: nothing, or `?setElement=false` in its own address, which registers nothing.
 * Gives: `defineElement`, `createWorker`, `EdgePythonElement`.
 * Refuses: a tag that is already another class's.
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
