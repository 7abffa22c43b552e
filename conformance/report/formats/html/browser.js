// What the page does in a browser: it fills a case when it is opened, filters the list, and copies commands.
(() => {
  const form = document.querySelector('.filter');
  const status = form.querySelector('[role=status]');
  const announcement = document.getElementById('announcement');
  const rows = [...document.querySelectorAll('.cases > li')];
  const requirements = [...document.querySelectorAll('.requirements tr[id]')].map(({ id }) => id);
  let contents;
  let texts;

  /** What is in the cases, by their ids. It is unpacked when the first of them is opened. */
  async function unpacked() {
    const packs = document
      .getElementById('contents')
      .textContent.split('\n')
      .map((line) => {
        const bytes = Uint8Array.from(atob(line), (character) => character.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
        return new Response(stream).json();
      });
    return Object.assign({}, ...(await Promise.all(packs)));
  }

  /** Puts into a case what is kept as data, once. */
  async function fill(details) {
    contents ??= unpacked();
    const content = (await contents)[details.id] ?? '';
    if (details.childElementCount === 1) details.insertAdjacentHTML('beforeend', content);
  }

  function settings() {
    const data = new FormData(form);
    const text = (name) => String(data.get(name) ?? '');
    return {
      q: text('q').trim(),
      group: text('group'),
      requirement: text('requirement'),
      outcome: data.getAll('outcome'),
    };
  }

  function show() {
    const { q, group, requirement, outcome } = settings();
    const words = q.toLowerCase().split(/\s+/);
    const about = String(requirements.indexOf(`requirement/${requirement}`));
    if (q !== '') texts ??= rows.map((row) => row.querySelector('summary').textContent.toLowerCase());
    let count = 0;
    rows.forEach((row, index) => {
      const { dataset } = row;
      const matches =
        (outcome.length === 0 || outcome.includes(dataset.outcome)) &&
        (group === '' || group === dataset.group) &&
        (requirement === '' || dataset.about.split(' ').includes(about)) &&
        (q === '' || words.every((word) => texts[index].includes(word)));
      row.hidden = !matches;
      if (matches) count += 1;
    });
    const of = requirement === '' ? '' : `, about ${requirement}`;
    status.textContent = `${count} of ${rows.length} cases${of}`;
  }

  /** Keeps the filter in the address, so that it can be sent to somebody. */
  function remember() {
    const { outcome, ...others } = settings();
    const filled = Object.entries(others).filter(([, value]) => value !== '');
    const parameters = new URLSearchParams([...filled, ...outcome.map((value) => ['outcome', value])]);
    history.replaceState(null, '', parameters.size === 0 ? '#cases' : `#cases?${parameters}`);
  }

  function restore(parameters) {
    for (const name of ['q', 'group', 'requirement']) form.elements[name].value = parameters.get(name) ?? '';
    const wanted = parameters.getAll('outcome');
    for (const box of form.querySelectorAll('[name=outcome]')) box.checked = wanted.includes(box.value);
    show();
  }

  /** Goes where the address leads: to a filtered list, or into a part that is closed or filtered away. */
  function follow() {
    const hash = decoded(location.hash.slice(1));
    if (hash.startsWith('cases?')) {
      restore(new URLSearchParams(location.hash.slice('#cases?'.length)));
      open('cases').scrollIntoView();
      return;
    }
    const place = document.getElementById(hash);
    if (place === null) return;
    open(hash);
    if (place.closest('li[hidden]')) restore(new URLSearchParams());
    for (let inner = place.closest('details'); inner !== null; inner = inner.parentElement.closest('details'))
      inner.open = true;
    if (place.matches('.cases > li > details')) {
      fill(place);
      place.querySelector('summary').focus({ preventScroll: true });
    }
    place.scrollIntoView();
  }

  /** Opens what a part of the page folds. */
  function open(id) {
    const part = document.getElementById(id);
    for (const folded of part.querySelectorAll(':scope > details.fold')) folded.open = true;
    return part;
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  async function copy(button) {
    const shown = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      announce(button, 'Copied');
    } catch {
      // A page that was opened from a file may not be allowed to: what is selected can be copied by hand.
      getSelection().selectAllChildren(shown);
      announce(button, 'Press Ctrl+C');
    }
  }

  function announce(button, text) {
    button.dataset.label ??= button.textContent;
    button.textContent = text;
    announcement.textContent = text;
    setTimeout(() => {
      button.textContent = button.dataset.label;
      announcement.textContent = '';
    }, 2000);
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button !== null) copy(button);
  });
  document.addEventListener(
    'toggle',
    (event) => {
      if (event.target.open && event.target.matches('.cases > li > details')) fill(event.target);
    },
    true,
  );
  form.addEventListener('input', () => {
    show();
    remember();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => {
    form.elements.requirement.value = '';
    setTimeout(() => {
      show();
      remember();
    });
  });
  window.addEventListener('hashchange', follow);

  // In print nothing can be opened.
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = [
      ...document.querySelectorAll('details:is(.coverage, .fold, .finding):not([open]), .finding details:not([open])'),
    ];
    for (const details of closed) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });

  form.hidden = false;
  show();
  follow();
})();
