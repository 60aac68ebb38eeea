// @ts-check
/**
 * The file viewer: the very files that the program is made of, in tabs.
 *
 * Takes: an element whose `data-files` lists addresses, and a `<template>` per file that is not fetched.
 * Gives: a tab list that works by keyboard, and source in colours.
 * Refuses: nothing; a file that does not load says so in its tab.
 */

/** Strings before comments, because a string may hold a `#`. */
const TOKENS = new RegExp([
  '(?<string>[rbfRBF]{0,2}(?:"""[\\s\\S]*?"""|\'\'\'[\\s\\S]*?\'\'\'|"(?:\\\\.|[^"\\\\\\n])*"|\'(?:\\\\.|[^\'\\\\\\n])*\'))',
  '(?<comment>#.*|//.*|<!--[\\s\\S]*?-->)',
  '(?<keyword>\\b(?:from|import|as|def|class|return|yield|for|in|if|else|elif|while|not|and|or|is|None|True|False|raise|lambda|'
    + 'with|try|except|const|new|let)\\b)',
  '(?<number>\\b\\d[\\d_.]*\\b)',
  '(?<=\\b(?:def|class) )(?<name>\\w+)',
].join('|'), 'g');

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
function coloured(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? '';
    fragment.append(text.slice(end, match.index));
    const span = document.createElement('span');
    span.className = `t-${kind}`;
    span.append(match[0]);
    fragment.append(span);
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

/** @param {HTMLElement} viewer */
export async function showFiles(viewer) {
  const names = (viewer.dataset['files'] ?? '').split(/\s+/).filter((name) => name !== '');
  const base = viewer.dataset['base'] ?? './';
  const list = document.createElement('div');
  list.className = 'tabs';
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', viewer.dataset['label'] ?? 'Files');
  const panel = document.createElement('pre');
  panel.className = 'source';
  panel.setAttribute('role', 'tabpanel');
  panel.tabIndex = 0;
  panel.id = `${viewer.id}-panel`;

  /** @type {HTMLButtonElement[]} */
  const tabs = [];
  /** @type {Map<string, Promise<string>>} */
  const texts = new Map();

  /** @param {string} name */
  const textOf = (name) => {
    let text = texts.get(name);
    if (text === undefined) {
      const written = viewer.querySelector(`template[data-name="${name}"]`);
      text = written instanceof HTMLTemplateElement
        ? Promise.resolve((written.content.textContent ?? '').trim())
        : fetch(new URL(base + name, document.baseURI)).then((response) => {
          if (!response.ok) throw new Error(`the server answered ${response.status}`);
          return response.text();
        });
      texts.set(name, text);
    }
    return text;
  };

  /** @param {number} index */
  const open = async (index) => {
    const name = names[index] ?? '';
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', tabs[index]?.id ?? '');
    let text;
    try {
      text = await textOf(name);
    } catch (error) {
      text = `# ${name} did not load: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (tabs[index]?.getAttribute('aria-selected') !== 'true') return; // another tab was opened meanwhile
    panel.replaceChildren(coloured(text.trimEnd()));
    panel.scrollTo(0, 0);
  };

  names.forEach((name, index) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = `${viewer.id}-tab-${index}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', panel.id);
    tab.textContent = name.replace('../', '');
    tab.addEventListener('click', () => void open(index));
    tab.addEventListener('keydown', (event) => {
      const last = names.length - 1;
      const next = {
        Home: 0, End: last, ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      tabs[next]?.focus();
      tabs[next]?.scrollIntoView({ block: 'nearest', inline: 'center' });
      void open(next);
    });
    tabs.push(tab);
    list.append(tab);
  });
  viewer.append(list, panel);
  await open(0);
}
