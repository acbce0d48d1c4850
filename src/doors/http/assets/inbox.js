// What the pages gain from JavaScript; everything works without it.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);

// The only door from text to a document (Trusted Types): one that is read from and never shown, so nothing in it runs.
const trusted = window.trustedTypes?.createPolicy("relais", { createHTML: (text) => text });
const read = (text) => new DOMParser().parseFromString(trusted ? trusted.createHTML(text) : text, "text/html");

// The server says times in the house's zone; where the house has none, they are said in the reader's.
function localise(within) {
  if (one("[data-zone]")?.dataset.zone !== "") return;
  const now = new Date();
  // As the server says them: by itself English is American.
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const [day, clock] = [{ day: "numeric", month: "short" }, { hour: "2-digit", minute: "2-digit" }];
  const format = (date, short) => {
    const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
    const today = date.toDateString() === now.toDateString();
    const parts = short ? (today ? clock : { ...day, ...year }) : { ...day, ...year, ...clock };
    return date.toLocaleString(language, parts);
  };
  for (const time of within.querySelectorAll("time[datetime]")) {
    time.textContent = format(new Date(time.dateTime), time.closest("ul.list"));
  }
}

// A form's `id` is the field of that name, where it has one.
const idOf = (node) => node?.getAttribute?.("id") || "";

// What differs becomes what the server says; the rest is not touched: focus, selection, frames and folds stay.
function become(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  const readers = (name) => name === "open" || name === "selected";
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !readers(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value && !readers(name)) old.setAttribute(name, value);
  const known = new Map([...old.children].map((child) => [idOf(child), child]));
  const wanted = new Set([...fresh.children].map(idOf));
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const found = idOf(next) ? known.get(idOf(next)) : idOf(place) ? null : place;
    if (found?.nodeName !== next.nodeName) {
      old.insertBefore(next, place);
      continue;
    }
    while (place !== found && !(idOf(place) && wanted.has(idOf(place)))) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
    if (found === place) place = place.nextSibling;
    else old.insertBefore(found, place);
    become(found, next);
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

// A line on top that is read out: the page is not live, nobody is signed in any more, or it is not here (any more).
function note(kind) {
  const line = one("#note");
  if (!line || line.dataset.kind === kind) return;
  line.dataset.kind = kind;
  line.textContent = line.dataset[kind] || "";
  if (kind !== "out") return;
  const link = document.createElement("a");
  link.href = "/inbox/sign-in";
  link.target = "_blank";
  link.textContent = line.dataset.again;
  line.append(" ", link);
}

// What is written in, aimed at or read stays where it is on the screen while the page around it changes. A mouse that
// rests aims at nothing: whoever comes back to the list finds what is new on top.
let aimed = -Infinity;
addEventListener("pointermove", () => { aimed = performance.now(); }, { passive: true });
function hold() {
  const focus = document.activeElement;
  const middle = () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("article,ul.list li,form.reply");
  const kept = [
    focus !== document.body && focus,
    performance.now() - aimed < 2000 && one("#live li:hover,#live article:hover"),
    scrollY > 0 && middle(),
  ].find((node) => {
    const place = node && node.getBoundingClientRect();
    return place && place.bottom > 0 && place.top < innerHeight;
  });
  const before = kept?.getBoundingClientRect().top;
  return () => {
    const moved = kept?.isConnected ? kept.getBoundingClientRect().top - before : 0;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
  };
}

// Live: what changed is read again from the server, so nothing is lost over a broken connection. The newest question
// is answered, and only a page somebody looks at says that it was seen.
let asked = 0;
async function refresh() {
  const live = one("#live");
  if (!live) return;
  const mine = ++asked;
  const headers = document.hidden ? { "x-live": "1" } : { "x-live": "1", "x-seen": "1" };
  const response = await fetch(location.href, { headers });
  const page = response.ok && read(await response.text());
  if (mine !== asked) return;
  if (response.status === 401) return note("out");
  if (response.status === 404) return note("gone");
  const fresh = page && one("#live", page);
  if (!fresh) return;
  // In another tab somebody went over to another house: this page is of the one before.
  if (fresh.dataset.house !== live.dataset.house) return location.reload();
  if (["out", "gone"].includes(one("#note")?.dataset.kind)) note("");
  const focus = document.activeElement;
  const stay = hold();
  localise(fresh);
  become(live, fresh);
  stay();
  if (focus !== document.activeElement && focus?.isConnected) focus.focus({ preventScroll: true });
  for (const place of ["#counts", "#beside"]) {
    const now = one(place, page);
    if (!now || !one(place)) continue;
    localise(now);
    become(one(place), now);
  }
  document.title = page.title;
  const icon = one("link[rel=icon]");
  const now = one("link[rel=icon]", page)?.getAttribute("href");
  if (now && icon.getAttribute("href") !== now) icon.setAttribute("href", now);
  count();
}

// One question at a time and one a second at most: whatever happens meanwhile is one more.
let due = false;
let busy = false;
function soon() {
  due = true;
  if (busy) return;
  busy = true;
  setTimeout(async () => {
    due = false;
    await refresh().catch(() => {});
    setTimeout(() => {
      busy = false;
      if (due) soon();
    }, 850);
  }, 150);
}

function listen() {
  const live = one("#live");
  if (!live) return;
  let source;
  let again;
  let wait = 2000;
  // From what this page has seen on; after a break the browser says itself what it heard last.
  const open = () => {
    clearTimeout(again);
    source?.close();
    source = new EventSource(`/inbox/events?since=${live.dataset.seen}`);
    source.addEventListener("changed", soon);
    source.addEventListener("reset", soon);
    source.addEventListener("open", () => {
      wait = 2000;
      if (one("#note")?.dataset.kind === "lost") note("");
    });
    // What a proxy answers while the gateway starts again ends a stream for good.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      if (!["out", "gone"].includes(one("#note")?.dataset.kind)) note("lost");
      soon();
      again = setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, 60000);
    });
  };
  open();
  // A page kept for the way back would keep its stream, and a browser has six connections to a house: the seventh
  // page would never come.
  addEventListener("pagehide", () => {
    clearTimeout(again);
    source.close();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    open();
    soon();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    soon();
    if (source.readyState === EventSource.CLOSED) open();
  });
}

// Results as one types.
function search() {
  const field = one("#search input[type=search]");
  if (!field || !one("#live form[id]")) return;
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = new URL(location.href);
      for (const name of ["cursor", "deleted", "q"]) address.searchParams.delete(name);
      if (field.value) address.searchParams.set("q", field.value);
      history.replaceState(null, "", address);
      refresh().catch(() => {});
    }, 120);
  });
}

const boxes = (chosen = "") => [...document.querySelectorAll(`ul.list input[name=id]${chosen}`)];

function count() {
  const [all, ticked] = [one("#all"), one("#ticked")];
  if (!all) return;
  const chosen = boxes(":checked").length;
  ticked.textContent = chosen ? `(${chosen})` : "";
  all.checked = chosen > 0 && chosen === boxes().length;
}

// The list beside a conversation stays where it was scrolled to, as far as this conversation is in sight.
function beside() {
  const list = one("#beside");
  if (!list) return;
  list.scrollTop = sessionStorage.getItem("beside") || 0;
  const [row, frame] = [one("[aria-current]", list)?.getBoundingClientRect(), list.getBoundingClientRect()];
  if (row && (row.bottom > innerHeight || row.top < frame.top)) list.scrollTop += row.top - frame.top - frame.height / 3;
  addEventListener("pagehide", () => sessionStorage.setItem("beside", list.scrollTop));
}

// On a phone the filters are one line that scrolls.
const chosen = () => one("nav.filters [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// One box ticks all; with Shift those between are ticked like the last one.
function tick() {
  let last;
  document.addEventListener("click", (event) => {
    if (!event.target.matches("ul.list input[name=id]")) return;
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
    last = event.target;
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "all") for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("#all,ul.list input")) count();
  });
  count();
}

// Delete asks in a dialogue; without JavaScript a page asks.
function confirmDelete() {
  const form = one("#bulk");
  const dialog = one("#confirm");
  if (!form || !dialog) return;
  form.addEventListener("submit", (event) => {
    if (form.elements.confirm.value === "1" || event.submitter?.name === "action") return;
    event.preventDefault();
    const chosen = form.querySelectorAll("input[name=id]:checked").length;
    if (chosen === 0) return;
    one("#chosen").textContent = chosen;
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "delete") return;
    form.elements.confirm.value = "1";
    form.submit();
  });
}

// The keys of templates/keys.html. Whoever speaks to their computer turns them off in the settings.
function keys() {
  const wish = one("#keys");
  if (wish) {
    wish.checked = localStorage.getItem("keys") !== "off";
    wish.addEventListener("change", () => localStorage.setItem("keys", wish.checked ? "on" : "off"));
  }
  one("#help-key")?.addEventListener("click", () => one("#help").showModal());
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=checkbox]),textarea,select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem("keys") === "off" || one("dialog[open]")) return;
    const rows = [...document.querySelectorAll("ul.list a")];
    const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const at = rows.indexOf(document.activeElement);
    // In a conversation its neighbours are opened; in the list rows are walked.
    const go = (from, step) => {
      if (from < 0 && one("#beside")) return;
      const row = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
      if (one("#beside")) { if (row && row !== rows[here]) row.click(); } else row?.focus();
    };
    if (event.key === "j") go(one("#beside") ? here : at, 1);
    else if (event.key === "k") go(one("#beside") ? here : at, -1);
    else if (event.key === "?") one("#help")?.showModal();
    else if (event.key === "x" && at >= 0 && !one("#beside")) one("input", rows[at].closest("li")).click();
    else if (event.key === "#") one("#delete")?.click();
    else if (event.key === "u") one("#back")?.click();
    else if (event.key === "r") one("#text")?.focus();
    else if (event.key === "/") one("#search input[type=search]")?.focus();
    else return;
    event.preventDefault();
  });
}

// As somebody types who does not look for accents: "coracao", "coeur".
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("œ", "oe").replaceAll("ß", "ss");

// The emoji are fetched when the box is first opened.
function emoji() {
  const holder = one(".emoji");
  if (!holder) return;
  const [button, box] = [one("button", holder), one(".emoji-box", holder)];
  const [search, grid, text] = [one("input", box), one(".emoji-grid", box), one("#text")];
  let all;
  const recent = () => JSON.parse(localStorage.getItem("emoji") || "[]");
  function insert(character) {
    text.setRangeText(character, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    localStorage.setItem("emoji", JSON.stringify([character, ...recent().filter((e) => e !== character)].slice(0, 16)));
    text.focus();
  }
  function show() {
    if (!all) return;
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    const first = recent();
    const found = wanted.length
      ? all.filter(([, , words]) => wanted.every((word) => words.includes(word)))
      : [...first.map((e) => all.find(([c]) => c === e) || [e, e]), ...all.filter(([c]) => !first.includes(c))];
    grid.replaceChildren(...found.slice(0, 320).map(([character, name]) => {
      const choice = document.createElement("button");
      choice.type = "button";
      choice.textContent = character;
      choice.title = name;
      choice.setAttribute("aria-label", name);
      choice.addEventListener("click", () => insert(character));
      return choice;
    }));
  }
  button.addEventListener("click", async () => {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden) return;
    const named = ([character, words]) => [character, words.split("|")[0], plain(words)];
    all ??= (await (await fetch(holder.dataset.src)).json()).map(named);
    show();
    search.focus();
  });
  search.addEventListener("input", show);
  // Enter takes the first one found, and never sends the reply around it.
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    one("button", grid)?.click();
  });
  const close = () => {
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  document.addEventListener("click", (event) => { if (!event.composedPath().includes(holder)) close(); });
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    button.focus();
  });
}

// An alert on top of the form, instead of the one before.
function wrong(form, text) {
  one("p[role=alert].said", form)?.remove();
  if (!text) return;
  const told = document.createElement("p");
  told.className = "wrong said";
  told.setAttribute("role", "alert");
  told.textContent = text;
  form.prepend(told);
  told.scrollIntoView({ block: "nearest" });
}

// Files may be dropped on the form or pasted into the text. Each is listed and can be taken out again; what would be
// too large is said before it travels, and then how far it has come.
function files() {
  const form = one("form.reply");
  if (!form) return;
  const input = () => one("#files", form);
  const choose = (list) => {
    const all = new DataTransfer();
    for (const file of list) all.items.add(file);
    input().files = all.files;
    show();
  };
  const add = (list) => choose([...input().files, ...list]);
  const fits = () => [...input().files].reduce((sum, file) => sum + file.size, 0) <= Number(input().dataset.most);
  function show() {
    wrong(form, fits() ? "" : input().dataset.large);
    one("#chosen-files", form).replaceChildren(...[...input().files].map((file) => {
      const [line, out] = [document.createElement("li"), document.createElement("button")];
      line.textContent = `${file.name} (${Math.ceil(file.size / 1000)} kB) `;
      out.type = "button";
      out.textContent = "×";
      out.setAttribute("aria-label", `${input().dataset.remove}: ${file.name}`);
      out.addEventListener("click", () => {
        choose([...input().files].filter((other) => other !== file));
        input().focus();
      });
      line.append(out);
      return line;
    }));
  }
  form.addEventListener("change", (event) => { if (event.target === input()) show(); });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => { if (event.clipboardData.files.length) add(event.clipboardData.files); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (fits()) send(form, event.submitter);
    else show();
  });
}

// The words stay on the page until the server has them, whatever becomes of the line or the session; and fetch does not
// tell how much has left. The answer is a new page, or this form with what is wrong.
function send(form, submitter) {
  const sending = new XMLHttpRequest();
  const buttons = form.querySelectorAll("button");
  const bar = one("#upload", form);
  const said = new FormData(form, submitter);
  let late;
  const wait = (waits) => {
    for (const button of buttons) button.disabled = waits;
    // What is written now would go with neither this reply nor the next page.
    for (const text of form.querySelectorAll("textarea")) text.readOnly = waits;
    clearTimeout(late);
    bar.hidden = true;
    // A line of text has left before anybody looks.
    if (waits) late = setTimeout(() => { bar.hidden = false; }, one("#files", form).files.length ? 0 : 800);
    else submitter?.focus();
  };
  sending.open("POST", submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
  sending.setRequestHeader("x-live", "1");
  sending.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  const failed = () => { wait(false); wrong(form, bar.dataset.failed); };
  sending.onerror = failed;
  sending.onabort = failed;
  sending.onload = () => {
    if (sending.status === 401) {
      wait(false);
      return note("out");
    }
    const page = read(sending.responseText);
    // Whoever is not led on is asked something: the form says what.
    const own = /\/(reply|draft|preview)(?=\?|$)/;
    const fresh = own.test(sending.responseURL) && one("form.reply", page);
    if (sending.status >= 400 && !fresh) {
      wait(false);
      return wrong(form, one(".card p", page)?.textContent || bar.dataset.failed);
    }
    sessionStorage.removeItem(unsentPlace());
    if (!fresh) {
      const address = sending.responseURL;
      const newest = [...page.querySelectorAll("#live article")].at(-1);
      // Some browsers fill a form that is loaded anew with what stood in it.
      form.reset();
      one("#text", form).value = "";
      return arrive(said.has("verb") || said.has("translate") ? `${address}#${newest?.id}` : address);
    }
    form.replaceChildren(...fresh.childNodes);
    emoji();
    preview();
    (one("#translation", form) || one("#text", form)).focus({ preventScroll: true });
    one("[role=alert]", form)?.scrollIntoView();
  };
  wait(true);
  sending.send(said);
}

// A page that is the same but for the place on it is loaded anew, and begins at that place.
function arrive(address) {
  history.replaceState(null, "", address);
  history.scrollRestoration = "manual";
  location.reload();
}

function begin() {
  document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });
  history.scrollRestoration = "auto";
}

// What stands in the form; files travel only when they are sent.
function written() {
  const said = new FormData(one("form.reply"));
  said.delete("files");
  return said;
}

// Words that are on no page and in no draft yet stay in this tab: over a reload, the end of a session or of the line.
const unsentPlace = () => `unsent ${location.pathname}`;

// Saved as one types, so that it is there on another device. Sending ends saving: what is sent is no draft.
function drafts() {
  const form = one("form.reply");
  if (!form) return;
  let waiting;
  let saving = new AbortController();
  async function save(leaving) {
    clearTimeout(waiting);
    waiting = undefined;
    saving.abort();
    saving = new AbortController();
    const [text, saved, said] = [one("#text", form), one("#saved", form), written()];
    for (const name of ["translation", "previewed", "accepted"]) said.delete(name);
    const question = { method: "POST", body: said, headers: { "x-live": "1" }, signal: saving.signal, keepalive: leaving };
    try {
      const response = await fetch(form.action.replace(/reply(?=\?|$)/, "draft"), question);
      if (response.status === 401) note("out");
      else if (response.status === 404) note("gone");
      else if (response.status === 204 && said.get("text") === text.value) {
        saved.textContent = saved.dataset.said;
        sessionStorage.removeItem(unsentPlace());
      }
    } catch { /* a newer one, or no network: the next key tries again */ }
  }
  form.addEventListener("input", (event) => {
    if (event.target.matches(".emoji input,#files")) return;
    one("#saved", form).textContent = "";
    sessionStorage.setItem(unsentPlace(), one("#text", form).value);
    outdated();
    clearTimeout(waiting);
    waiting = setTimeout(save, 600, false);
  });
  // Whoever goes away, or puts the phone away, has not always waited for it.
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting) save(true); });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = undefined;
    saving.abort();
  });
}

// What was begun in this tab and no page has. After sending, the page shows the reply as a message.
function unsent() {
  const [form, text] = [one("form.reply"), one("#text")];
  if (!form) return;
  const kept = sessionStorage.getItem(unsentPlace());
  sessionStorage.removeItem(unsentPlace());
  const sent = location.hash.startsWith("#m") && !new URLSearchParams(location.search).has("at");
  if (kept !== null && kept !== text.value && !sent) {
    text.value = kept;
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  form.addEventListener("submit", () => sessionStorage.setItem(unsentPlace(), one("#text").value));
}

// A translation that was looked at says what stood above it then.
function outdated() {
  const [seen, told] = [one("#preview [name=previewed]"), one("#outdated")];
  if (seen && told) told.hidden = seen.value.trim() === one("#text").value.trim();
}

// The translation is shown in place; chosen files stay chosen.
function preview() {
  const look = one("#look");
  if (!look) return;
  look.addEventListener("click", async (event) => {
    event.preventDefault();
    const said = written();
    look.disabled = true;
    try {
      const response = await fetch(look.formAction, { method: "POST", body: said, headers: { "x-live": "1" } });
      if (response.status === 401) return note("out");
      const page = read(await response.text());
      const fresh = one("#preview", page);
      if (fresh) one("#preview").replaceChildren(...fresh.childNodes);
      one("#translation")?.focus();
    } finally {
      look.disabled = false;
    }
  });
}

// How long a reply can still be taken back.
function countdown() {
  setInterval(() => {
    for (const told of document.querySelectorAll("[data-left]")) {
      told.dataset.until ??= performance.now() + 1000 * told.dataset.left;
      const left = Math.max(0, Math.ceil((told.dataset.until - performance.now()) / 1000));
      told.textContent = told.dataset.said.replace("#", left);
      if (left === 0) told.closest("form").hidden = true;
    }
  }, 1000);
}

// A page that answered a button has the address of the button: reloading and listening want the page's own.
if (/^\/inbox\/\w+\/(reply|undo|preview)$/.test(location.pathname)) {
  history.replaceState(null, "", location.pathname.replace(/\/\w+$/, "") + location.search);
}
if (location.pathname === "/inbox/begin") history.replaceState(null, "", "/inbox");
if (history.scrollRestoration === "manual") addEventListener("load", begin);
localise(document);
drafts();
unsent();
preview();
listen();
search();
beside();
chosen();
tick();
confirmDelete();
keys();
emoji();
files();
countdown();
