// @ts-check
/**
 * The host package `dom`: a page's elements for programs that the page trusts with them.
 *
 * Takes: selectors, tag names, texts, and the integer ids that it handed out itself.
 * Gives: ids for elements (the same element always has the same id), texts, bools; events as JSON through `receive()`.
 * Refuses: unknown ids, bad selectors, and the ways by which text becomes code (`dom/safety.js`).
 *
 * A program with `dom` can still read and change everything that the page shows, typed passwords included, and make the
 * browser ask any address for an image: that is why the page must grant it.
 */
import { attributes, classes, style, text } from './dom/content.js';
import { building, finding } from './dom/elements.js';
import { events } from './dom/events.js';
import { files } from './dom/files.js';
import { forms } from './dom/forms.js';
import { layout } from './dom/layout.js';
import { animation, sound } from './dom/media.js';
import { observers } from './dom/observers.js';
import { Page } from './dom/page.js';
import { dialogs, surroundings } from './dom/window.js';
import { definePackage } from './registry.js';

/** @typedef {import('./registry.js').Alias<Page>} Alias */

/**
 * @param {import('./dom/page.js').Kind} kind
 * @param {string} called
 * @param {string} doc
 * @param {Record<string, string>} [hints]
 * @returns {Alias}
 */
const idFor = (kind, called, doc, hints = {}) => ({ is: 'int', called, doc, hints, take: (page, id) => page.find(kind, id) });

const INTRODUCTION = `
The elements of the page, for programs that the page trusts with them: \`grant="dom"\`.

Objects of the page stay there. A program holds integers for them: the same object always has the same one.

\`dom\` refuses what turns text into code: \`script\`, \`iframe\`, \`object\` and their kin, \`on…\` attributes, \`javascript:\`
addresses, \`srcdoc\`. It does not touch other programs' elements. It still lets a program read and change all that the page
shows. Grant it to programs that you would let do that by hand.
`;

const EVENTS = `
| | |
| --- | --- |
| \`type\` | as it was listened to: \`click\` |
| \`target\` | the element that was listened to; with \`selector\`, the one that matched; \`None\` for the window |
| \`listener\` | what \`listen\` gave |
| \`data\` | the \`data-…\` attributes of the target: \`data-row="3"\` is \`{"row": "3"}\` |
| \`detail\` | what this event says: the rows below that fit, in one dict; \`None\` where none does |

| events | detail |
| --- | --- |
| of the keyboard | \`key\`, \`code\`, \`repeat\`, and \`shift\`, \`ctrl\`, \`alt\`, \`meta\` |
| of mouse and pointer | \`x\`, \`y\` in the window; \`inside_x\`, \`inside_y\` from the target's corner; \`button\`, \`buttons\`; the four keys as above |
| \`pointer…\`, \`click\` | \`pointer\`, \`pointer_type\`, \`pressure\` |
| \`wheel\` | \`delta_x\`, \`delta_y\` |
| \`touch…\` | \`touches\`: a list, each with \`id\` and its place |
| on a field | \`name\`, \`value\`; \`checked\` for a box; \`selected\` for a \`select\` of several; \`files\` |
| \`input\` | \`input\`, the kind of change, and \`inserted\`, its text |
| \`submit\` | \`values\` by name, and \`submitter\`, the button. The page stays |
| \`drop\`, \`paste\` | \`files\` as \`get_files\` gives them, and \`text\`. A dropped file does not replace the page |
| on \`audio\` and \`video\` | as \`get_media\` |
| on \`dialog\`, \`details\` | \`open\`, and \`value\` of a dialog |
| \`scroll\` | \`x\`, \`y\` |
| \`animation…\`, \`transition…\` | \`name\`, \`elapsed\` seconds |
| of the window | \`hash\`; \`width\`, \`height\`; \`visible\`; \`online\` |
| a \`CustomEvent\` | its own |

At most 10,000 events wait for \`receive()\`; more are dropped. Give \`throttle\` for moving pointers and scrolling.
`;

export const table = definePackage({
  name: 'dom',
  doc: INTRODUCTION,
  setup: (context) => new Page(context),
  types: {
    Element: idFor('element', "an element's id (int)", 'the id of an element, by which the other functions know it', {
      None: 'query() gives None where nothing matches',
      str: 'query() finds the id for a selector',
      list: 'query_all() gives a list: take one of it',
    }),
    File: idFor('file', "a file's id (int)", 'the id of a file, from `get_files` or an event', {
      dict: "give its 'id'",
      str: 'programs see only files that the reader chose',
    }),
    Animation: {
      is: 'int',
      called: "an animation's id (int)",
      doc: 'the id of an animation, from `animate`',
      take: (page, id) => page.findGoing('animation', id),
    },
    Listener: { is: 'int', called: "a listener's id (int)", doc: 'the id of what goes on until it is stopped' },
    ListenOptions: {
      is: 'dict',
      doc: 'how to listen',
      fields: {
        'selector: str | None = None': 'only events on elements inside that match; the event\'s `target` is the one that does. '
          + 'One listener serves a whole list.',
        'prevent: bool = False': 'the browser does not do what it does by itself: follow a link, scroll',
        'stop: bool = False': 'elements around do not hear of it',
        'once: bool = False': 'end after the first',
        'keys: list[str] = []': 'only these keys, for keyboard events; others stay with the browser',
        'throttle: float = 0': 'at most one in so many seconds: the first, then the latest',
        'capture: bool = False': 'hear of it before the elements inside do',
        'passive: bool = False': 'promise the browser not to prevent it',
      },
    },
    MutationOptions: {
      is: 'dict',
      doc: 'what to watch',
      fields: {
        'children: bool = True': 'elements and texts that come and go',
        'attributes: bool = True': 'attributes that change',
        'text: bool = True': 'texts that change',
        'subtree: bool = False': 'inside all elements inside, too',
      },
    },
    AnimateOptions: {
      is: 'dict',
      doc: 'how to animate; the words are those of CSS',
      fields: {
        'duration: float = 1': 'seconds',
        'delay: float = 0': 'seconds before it begins',
        'iterations: float = 1': "how often; `float('inf')` for ever",
        "easing: str = 'linear'": '`ease-in-out`, `cubic-bezier(…)`',
        "direction: str = 'normal'": '`reverse`, `alternate`',
        "fill: str = 'none'": '`forwards` leaves the last state in place',
      },
    },
  },
  groups: [finding, building, text, attributes, classes, style, layout, forms, events, observers, files, animation, sound, dialogs, surroundings],
  notes: [{ title: 'What an event says', doc: EVENTS }],
});

export const dom = table.factory;
