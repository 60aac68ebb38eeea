// @ts-check
/**
 * The host package `stage`: draws a garden into the page.
 *
 * Takes: numbers and colours from the program.
 * Gives: SVG shapes in the `[data-stage]` panel of the card that the element sits in, and a pause that the program waits for.
 * Refuses: numbers that are none.
 */

const SVG = 'http://www.w3.org/2000/svg';
const SPRING = 'cubic-bezier(.2, .9, .3, 1.2)';
/** Each run grows the next garden: the first is the same for every visitor. */
let gardens = 6;

/** @param {{ signal: AbortSignal, element: HTMLElement | null }} context */
export const stage = ({ signal, element }) => {
  const panel = (element?.closest('[data-card]') ?? document).querySelector('[data-stage]');
  const place = panel?.querySelector('[data-canvas]');
  const words = panel?.querySelector('[data-caption]');
  if (!place || !words) throw new Error('this page has no panel to draw into');
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  let width = 400;
  let height = 300;
  /** @type {SVGSVGElement | null} */
  let canvas = null;

  /** @param {unknown} value */
  const number = (value) => {
    const plain = Number(value);
    if (Number.isFinite(plain)) return plain;
    throw Object.assign(new Error(`the stage expects a number, not ${String(value)}`), { name: 'TypeError' });
  };

  /**
   * @param {string} tag
   * @param {Record<string, unknown>} attributes
   * @param {string | null} [from]  the transform that it grows from
   */
  const draw = (tag, attributes, from = null) => {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
    canvas?.append(shape);
    if (from !== null && !calm) {
      shape.animate([{ transform: from, opacity: 0 }, { transform: 'none', opacity: 1 }], { duration: 500, easing: SPRING });
    }
  };

  return {
    /** The number of the garden: another for each run. */
    seed: () => (gardens += 1),

    /** @param {number} w @param {number} h @param {string} sky */
    scene(w, h, sky) {
      width = number(w);
      height = number(h);
      canvas = document.createElementNS(SVG, 'svg');
      canvas.setAttribute('viewBox', `0 0 ${width} ${height}`);
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', 'A garden that the program draws');
      place.replaceChildren(canvas);
      words.textContent = 'Growing…';
      draw('rect', { width, height, fill: sky });
    },

    /** @param {number} y @param {number} rise @param {number} x @param {string} color */
    hill(y, rise, x, color) {
      const [top, peak] = [number(y), number(x)];
      const d = `M0 ${top} Q ${peak} ${top - number(rise) * 2} ${width} ${top} V ${height} H 0 Z`;
      draw('path', { d, fill: color }, 'translateY(12px)');
    },

    /** @param {number} x @param {number} y @param {number} tall @param {number} lean @param {string} color */
    stem(x, y, tall, lean, color) {
      const [left, foot, up, aside] = [number(x), number(y), number(tall), number(lean)];
      const d = `M${left} ${foot} q 0 ${-up * 0.6} ${aside} ${-up}`;
      const line = { d, fill: 'none', stroke: color, 'stroke-width': 2.2, 'stroke-linecap': 'round' };
      draw('path', line, 'translateY(6px)');
    },

    /**
     * @param {number} x @param {number} y @param {number} long @param {number} wide @param {number} angle
     * @param {string} color
     */
    petal(x, y, long, wide, angle, color) {
      const [length, half] = [number(long), number(wide)];
      /** From the foot to the tip on one side. @param {number} side */
      const edge = (side) => [side, -length * 0.35, side * 0.8, -length];
      const [a, b, c, e] = edge(half);
      const d = `M0 0 C ${edge(-half).join(' ')} 0 ${-length} C ${c} ${e} ${a} ${b} 0 0 Z`;
      const transform = `translate(${number(x)} ${number(y)}) rotate(${number(angle)})`;
      const group = document.createElementNS(SVG, 'g');
      group.setAttribute('transform', transform);
      const outer = canvas;
      outer?.append(group);
      const shape = document.createElementNS(SVG, 'path');
      shape.setAttribute('d', d);
      shape.setAttribute('fill', color);
      shape.setAttribute('fill-opacity', '0.92');
      group.append(shape);
      if (!calm) shape.animate([{ transform: 'scale(0)' }, { transform: 'none' }], { duration: 450, easing: SPRING });
    },

    /** @param {number} x @param {number} y @param {number} radius @param {string} color */
    disc(x, y, radius, color) {
      draw('circle', { cx: number(x), cy: number(y), r: number(radius), fill: color });
    },

    /** @param {string} text */
    caption(text) {
      words.textContent = String(text);
    },

    /** The program waits, the page does not. @param {number} milliseconds */
    pause(milliseconds) {
      const time = calm ? 0 : number(milliseconds);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), time);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve(null);
        }, { once: true });
      });
    },
  };
};
