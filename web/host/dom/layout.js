// @ts-check
/**
 * `dom`: where things are, and how far the page is scrolled.
 *
 * Takes: elements, places in CSS pixels. Gives: dicts of numbers. Refuses: nothing beyond what its types do.
 */
import { changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

/** The element that scrolls the page itself. */
const scroller = () => document.scrollingElement ?? document.documentElement;
/** @param {boolean} smooth @returns {ScrollBehavior} */
const behaviour = (smooth) => (smooth ? 'smooth' : 'instant');

/** @type {Group} */
export const layout = {
  title: 'Place and scroll',
  doc: "Numbers are CSS pixels. Places count from the window's upper left corner.",
  functions: [
    {
      signature: 'get_rect(element: Element) -> dict[str, float]',
      doc: 'The box of the element: `x`, `y`, `width`, `height`, `top`, `right`, `bottom`, `left`.',
      run: (_, element) => {
        const { x, y, width, height, top, right, bottom, left } = element.getBoundingClientRect();
        return { x, y, width, height, top, right, bottom, left };
      },
    },
    {
      signature: 'element_at(x: float, y: float) -> Element | None',
      doc: 'The uppermost element at a place in the window; `None` outside of it.',
      run: (page, x, y) => page.idOrNone(document.elementFromPoint(x, y)),
    },
    {
      signature: 'get_scroll(element: Element | None = None) -> dict[str, float]',
      doc: 'How far an element, or the page, is scrolled: `x` and `y`; how far it can be: `max_x` and `max_y`.',
      run: (_, element) => {
        const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = element ?? scroller();
        return { x: scrollLeft, y: scrollTop, max_x: scrollWidth - clientWidth, max_y: scrollHeight - clientHeight };
      },
    },
    {
      signature: 'set_scroll(x: float, y: float, element: Element | None = None, smooth: bool = False) -> None',
      doc: 'Scrolls the page, or an element, to there; smoothly where it shall be seen.',
      run: (_, x, y, element, smooth) => (element === null ? scroller() : changeable(element)).scrollTo({ left: x, top: y, behavior: behaviour(smooth) }),
    },
    {
      signature: 'scroll_into_view(element: Element, smooth: bool = False) -> None',
      doc: 'Scrolls until the element is seen, no further than needed.',
      run: (_, element, smooth) => element.scrollIntoView({ behavior: behaviour(smooth), block: 'nearest', inline: 'nearest' }),
    },
  ],
};
