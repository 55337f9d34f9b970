'use strict';
(() => {
  const $ = (q, e = document) => e.querySelector(q), all = (q, e = document) => [...e.querySelectorAll(q)];
  const el = (name, text, cls) => { const e = document.createElement(name); if (text !== undefined) e.textContent = text; if (cls) e.className = cls; return e; };

  // Exchanges lie compressed, a scenario at a time, and are unpacked when first looked at. They come after this script, so
  // that nobody waits for a browser that reads them.
  const loaded = new Promise(done => addEventListener('DOMContentLoaded', done));
  const unpack = async id => {
    await loaded;
    const packed = document.getElementById(id);
    if (!packed || !window.DecompressionStream) throw new Error('this browser cannot unpack the exchanges; the HAR file beside this page has them');
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), c => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  };
  const archives = new Map();
  const archive = id => {
    if (!archives.has(id)) archives.set(id, unpack('har:' + id).then(text => JSON.parse(text.split('\n', 1)[0]).map(both => both.map(parts))));
    return archives.get(id);
  };
  // parts takes an HTTP message apart: its first line, headers, and what comes after the empty line.
  const parts = text => {
    const at = text.indexOf('\n\n'), [first, ...lines] = text.slice(0, at).split('\n');
    const headers = lines.map(l => { const i = l.indexOf(': '); return {name: l.slice(0, i), value: l.slice(i + 2)}; });
    return {first, headers, body: text.slice(at + 2), type: (headers.find(h => h.name === 'Content-Type') || {}).value || ''};
  };
  const pretty = (text, type) => {
    if (/json/.test(type)) try { return JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it is */ }
    if (/urlencoded/.test(type)) return text.split('&').map(p => { try { return decodeURIComponent(p.replace(/\+/g, ' ')); } catch { return p; } }).join('\n');
    return text;
  };
  const quote = text => "'" + text.replace(/'/g, "'\\''") + "'";
  const curl = r => {
    const [, method, url] = r.first.match(/^(\S+) (.*)$/);
    return ['curl -i', method === 'GET' ? '' : '-X ' + method, quote(url),
      ...r.headers.filter(h => h.name !== 'User-Agent').map(h => '-H ' + quote(h.name + ': ' + h.value)), r.body ? '--data-raw ' + quote(r.body) : ''].filter(Boolean).join(' \\\n  ');
  };
  const message = (heading, title, m) => {
    const box = el('div');
    box.append(el(heading, title), el('pre', m.first));
    const list = el('dl');
    for (const h of m.headers) list.append(el('dt', h.name), el('dd', h.value));
    box.append(list);
    if (m.body) { const pre = el('pre', pretty(m.body, m.type)); pre.tabIndex = 0; box.append(pre); }
    return box;
  };
  const copy = (text, button) => {
    const fall = () => { const pre = el('pre', text); pre.tabIndex = 0; button.after(pre); getSelection().selectAllChildren(pre); button.textContent = 'selected: copy it with the keyboard'; };
    try { navigator.clipboard.writeText(text).then(() => { button.textContent = 'copied'; }, fall); } catch { fall(); }
  };
  const exchange = ([request, answer], heading) => {
    const box = el('div', undefined, 'x'), bar = el('div', undefined, 'bar'), button = el('button', 'Copy as curl');
    button.type = 'button';
    button.addEventListener('click', () => copy(curl(request), button));
    bar.append(button, el('span', 'Secrets, ids and tokens are stand-ins: put your own in their place.', 'mute'));
    box.append(bar, message(heading, 'Request', request), message(heading, 'Answer', answer));
    return box;
  };
  const fill = async details => {
    const id = details.closest('[data-id]').dataset.id, heading = details.closest('.fail') ? 'h4' : 'h5';
    for (const call of all('.call[data-n]', details)) {
      if (call.dataset.done) continue;
      call.dataset.done = 1;
      try { for (const n of call.dataset.n.split(' ')) call.append(exchange((await archive(id))[+n], heading)); } catch (err) { call.append(el('p', String(err.message || err))); }
    }
  };
  document.addEventListener('toggle', e => { if (e.target.open && e.target.matches('.st > details, .fail details')) fill(e.target); }, true);

  // In a large run what stands in a scenario that passed lies with its exchanges.
  const packed = s => $(':scope > .in[data-packed]', s), unfolding = new Map();
  const unfold = s => {
    const box = packed(s);
    if (box && !unfolding.has(s)) unfolding.set(s, unpack('har:' + s.id).then(text => { box.innerHTML = text.slice(text.indexOf('\n')); box.removeAttribute('data-packed'); }, err => { box.append(el('p', String(err.message || err))); }));
    return unfolding.get(s);
  };
  document.addEventListener('toggle', e => { if (e.target.open && e.target.matches('details.sc')) unfold(e.target); }, true);
  // The words of all that is packed lie in one block, a line for each scenario. They are only compared, never shown.
  const read = async () => {
    const words = new Map();
    if (large) try {
      for (const line of (await unpack('words')).toLowerCase().split('\n')) { const at = line.indexOf('\t'); words.set(line.slice(0, at), line.slice(at + 1)); }
    } catch { /* the names have to do */ }
    return scenarios.map(s => s.textContent.toLowerCase() + ' ' + (words.get(s.id.toLowerCase()) || ''));
  };

  // Deep links: #<scenario> and #<scenario>/<step> open what they name.
  const reveal = async () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* as it is */ }
    const scenario = name && [name, name.slice(0, Math.max(0, name.lastIndexOf('/')))].map(id => document.getElementById(id)).find(e => e && e.matches('details.sc'));
    if (scenario && packed(scenario)) await unfold(scenario);
    const target = name && (document.getElementById(name) || scenario);
    if (!target) return;
    for (let e = target; e; e = e.parentElement) { if (e.tagName === 'DETAILS') e.open = true; e.hidden = false; }
    const inner = target.matches('.st') && $('details', target);
    if (inner) inner.open = true;
    target.scrollIntoView({block: 'start'});
    const focus = target.matches('summary,a') ? target : $('summary,a', target);
    if (focus) focus.focus({preventScroll: true});
  };
  addEventListener('hashchange', reveal);

  // Search and filters work on the text that is there; it is read when first needed.
  const tools = $('.tools'), search = $('#q'), scenarios = all('details.sc'), large = scenarios.some(packed);
  tools.hidden = !scenarios.length;
  let texts, reading;
  const ready = async () => { texts = await (reading ||= read()); };
  const apply = async () => {
    if (search.value.trim() && !texts) {
      $('.count').textContent = 'reading';
      await ready();
    }
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean), pick = {};
    for (const s of all('select', tools)) pick[s.name] = s.value;
    let shown = 0;
    scenarios.forEach((s, i) => {
      const fits = (!pick.state || s.dataset.state === pick.state) && (!pick.feature || s.dataset.id.startsWith(pick.feature + '/')) &&
        (!pick.tag || (' ' + s.dataset.tags + ' ').includes(' ' + pick.tag + ' ')) && words.every(w => texts[i].includes(w));
      s.hidden = !fits;
      shown += fits;
    });
    for (const g of all('[data-group]')) g.hidden = !$('details.sc:not([hidden])', g);
    $('.count').textContent = (shown === scenarios.length ? shown : shown + ' of ' + scenarios.length) + (scenarios.length === 1 ? ' scenario' : ' scenarios');
  };
  let later;
  search.addEventListener('focus', ready, {once: true});
  search.addEventListener('input', () => { clearTimeout(later); later = setTimeout(apply, 80); });
  tools.addEventListener('change', apply);

  const store = (value) => { try { if (value === undefined) return localStorage.getItem('theme'); localStorage.setItem('theme', value); } catch { /* none on file:// or in a sandbox */ } };
  const theme = t => { document.documentElement.dataset.theme = t; };
  if (store()) theme(store());
  $('#theme').addEventListener('click', () => {
    const now = document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    theme(now === 'dark' ? 'light' : 'dark');
    store(document.documentElement.dataset.theme);
  });
  $('#open').addEventListener('click', e => {
    const open = e.target.textContent === 'Open all';
    for (const s of scenarios) if (!s.hidden) s.open = open;
    e.target.textContent = open ? 'Close all' : 'Open all';
  });
  addEventListener('keydown', e => {
    if (e.target.matches('input,select,textarea') || e.ctrlKey || e.metaKey || e.altKey) {
      if (e.key === 'Escape' && e.target === search) { search.value = ''; apply(); search.blur(); }
      return;
    }
    const move = by => {
      const there = all('details.sc:not([hidden]) > summary'), at = there.indexOf(document.activeElement.closest('details.sc') && $('summary', document.activeElement.closest('details.sc')));
      const next = there[Math.min(there.length - 1, Math.max(0, at + by))];
      if (next) { next.focus(); next.scrollIntoView({block: 'center'}); }
    };
    if (e.key === '/') { e.preventDefault(); search.focus(); }
    else if (e.key === 'j') move(1);
    else if (e.key === 'k') move(-1);
  });

  let opened = [];
  addEventListener('beforeprint', () => { opened = scenarios.filter(s => !s.open && !s.hidden && !packed(s)); for (const s of opened) s.open = true; });
  addEventListener('afterprint', () => { for (const s of opened) s.open = false; });

  apply();
  reveal();
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
