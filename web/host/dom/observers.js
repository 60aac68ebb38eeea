// @ts-check
/**
 * `dom`: what the browser watches: being seen, size, changes in the tree.
 *
 * Takes: elements. Gives: ids of listeners; what was seen goes to `receive()`. Refuses: nothing beyond what its types do.
 */
import { PythonError } from '../registry.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

/**
 * @param {import('./page.js').Page} page
 * @param {Element} element
 * @param {string} type
 * @param {(tell: (detail: unknown) => void) => { disconnect: () => void }} start
 */
function observe(page, element, type, start) {
  const listener = { type, selector: null };
  const observer = start((detail) => page.send(type, element, id, detail));
  const id = page.keep('listener', listener, element, () => observer.disconnect());
  return id;
}

/** @param {import('./page.js').Page} page @param {MutationRecord} record */
const change = (page, record) => ({
  kind: { childList: 'children', attributes: 'attributes', characterData: 'text' }[record.type],
  target: page.idOrNone(record.target instanceof Element ? record.target : record.target.parentElement),
  attribute: record.attributeName,
  added: page.idsOf([...record.addedNodes].filter((node) => node instanceof Element)),
  removed: [...record.removedNodes].filter((node) => node instanceof Element).length,
});

/** @type {Group} */
export const observers = {
  title: 'Observe',
  doc: 'Each starts at once, gives the id of a listener for `stop`, and tells through `receive()`.',
  functions: [
    {
      signature: 'observe_intersection(element: Element, threshold: float = 0) -> Listener',
      doc: 'Tells `{"visible": …, "ratio": …}` as `intersection` now, and whenever the part of the element that can be seen passes '
        + 'the threshold, from 0 (any) to 1 (all).',
      raises: { ValueError: 'for thresholds outside 0 to 1' },
      run: (page, element, threshold) => {
        if (!(threshold >= 0 && threshold <= 1)) throw new PythonError('ValueError', `a threshold is between 0 and 1, not ${threshold}`);
        return observe(page, element, 'intersection', (tell) => {
          const observer = new IntersectionObserver((entries) => {
            const last = entries.at(-1);
            if (last !== undefined) tell({ visible: last.isIntersecting, ratio: last.intersectionRatio });
          }, { threshold });
          observer.observe(element);
          return observer;
        });
      },
    },
    {
      signature: 'observe_resize(element: Element) -> Listener',
      doc: 'Tells `{"width": …, "height": …}` of its content as `resize` now, and whenever they change.',
      run: (page, element) => observe(page, element, 'resize', (tell) => {
        const observer = new ResizeObserver((entries) => {
          const last = entries.at(-1);
          if (last !== undefined) tell({ width: last.contentRect.width, height: last.contentRect.height });
        });
        observer.observe(element);
        return observer;
      }),
    },
    {
      signature: 'observe_mutations(element: Element, options: MutationOptions = {}) -> Listener',
      doc: 'Tells a list of changes as `mutation`: each with `kind` (`children`, `attributes`, `text`), `target`, `attribute`, the elements `added`, and the '
        + 'number `removed`. Changes that the program makes itself are told as well.',
      raises: { ValueError: 'where the options leave nothing to watch' },
      run: (page, element, { children, attributes, text, subtree }) => {
        if (!children && !attributes && !text) {
          throw new PythonError('ValueError', "observe_mutations() has nothing to watch: one of 'children', 'attributes', 'text' must be True");
        }
        return observe(page, element, 'mutation', (tell) => {
          const observer = new MutationObserver((records) => tell(records.map((record) => change(page, record))));
          observer.observe(element, { childList: children, attributes, characterData: text, subtree });
          return observer;
        });
      },
    },
  ],
};
