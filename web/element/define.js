// @ts-check
/**
 * Registers the element under a tag.
 *
 * Takes: a tag, `edge-python` where none is given. Gives: the class that has it; `EdgePythonElement`, the class of all.
 * Refuses: a tag that is already another class's.
 */
import { EdgePythonElement } from '../element.js';

export { EdgePythonElement };

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
