// What the pages gain from JavaScript; everything works without it.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);

// The only door from text to a document (Trusted Types): one that is read from and never shown, so nothing in it runs.
const trusted = window.trustedTypes?.createPolicy("relais", { createHTML: (text) => text });
const read = (text) => new DOMParser().parseFromString(trusted ? trusted.createHTML(text) : text, "text/html");

// The server says times in the house's zone; where the house has none, they are said in the reader's.
function localise(within) {
  if (one("[data-zone]")?.dataset.zone !== "") return;
  const now = new Date().getFullYear();
  const format = (date) => date.toLocaleString(document.documentElement.lang, {
    day: "numeric", month: "short", year: date.getFullYear() === now ? undefined : "numeric", hour: "2-digit", minute: "2-digit",
  });
  for (const time of within.querySelectorAll("time[datetime]")) {
    time.textContent = format(new Date(time.dateTime));
  }
}

// Live: what changed is read again from the server, so nothing is lost over a broken connection.
async function refresh(address = location.href, wanted = () => true) {
  const live = one("#live");
  const response = await fetch(address, { headers: { "x-live": "1" } });
  if (!live || !response.ok) return;
  const page = read(await response.text());
  if (!wanted()) return;
  const fresh = one("#live", page);
  if (!fresh) return;
  const ticked = new Set([...live.querySelectorAll("input[name=id]:checked")].map((box) => box.value));
  const open = new Set([...live.querySelectorAll("details[open][id]")].map((details) => details.id));
  for (const box of fresh.querySelectorAll("input[name=id]")) box.checked = ticked.has(box.value);
  for (const details of fresh.querySelectorAll("details[id]")) details.open = open.has(details.id);
  const focus = live.contains(document.activeElement) && document.activeElement.getAttribute("href");
  localise(fresh);
  live.replaceChildren(...fresh.childNodes);
  if (focus) one(`a[href="${CSS.escape(focus)}"]`, live)?.focus();
  const counts = one("#counts", page);
  if (counts) one("#counts").replaceChildren(...counts.childNodes);
  document.title = page.title;
  const icon = one("link[rel=icon]");
  const now = one("link[rel=icon]", page)?.getAttribute("href");
  if (now && icon.getAttribute("href") !== now) icon.setAttribute("href", now);
}

function listen() {
  if (!one("#live")) return;
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => {}), 150);
  };
  // From what this page has seen on; after a break the browser says itself what it heard last.
  let source;
  const open = () => {
    source = new EventSource(`/inbox/events?since=${one("#live").dataset.seen}`);
    source.addEventListener("changed", soon);
    source.addEventListener("reset", soon);
  };
  open();
  // A page kept for the way back would keep its stream, and a browser has six connections to a house: the seventh
  // page would never come.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    open();
    soon();
  });
}

// Results as one types; only the newest question is answered.
function search() {
  const form = one("form.search");
  const field = form && one("input", form);
  if (!field || !one("ul.list, #bulk")) return;
  let waiting;
  let asked = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const address = new URL(location.href);
      for (const name of ["cursor", "deleted"]) address.searchParams.delete(name);
      address.searchParams.set("q", field.value);
      address.searchParams.set("typing", "1");
      const mine = ++asked;
      await refresh(address, () => mine === asked).catch(() => {});
      if (mine !== asked) return;
      address.searchParams.delete("typing");
      history.replaceState(null, "", address);
    }, 120);
  });
}

// A choice narrows the list at once; one box ticks all.
function narrow() {
  const form = one("form.narrow");
  form?.addEventListener("change", () => form.requestSubmit());
  const all = one("#all");
  if (!all) return;
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("ul.list input[name=id]")) box.checked = all.checked;
  });
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

// j and k walk the list, x ticks, # deletes, / searches; in a conversation r answers and u goes back.
function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=checkbox]),textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...document.querySelectorAll("ul.list a")];
    const at = rows.indexOf(document.activeElement);
    if (event.key === "j") rows[Math.min(at + 1, rows.length - 1)]?.focus();
    else if (event.key === "k") rows[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "x" && at >= 0) one("input", rows[at].closest("li")).click();
    else if (event.key === "#") one("#delete")?.click();
    else if (event.key === "u" && one(".reply")) location.href = "/inbox";
    else if (event.key === "r") one("#text")?.focus();
    else if (event.key === "/") one(".search input")?.focus();
    else return;
    event.preventDefault();
  });
}

// The emoji are fetched when the box is first opened.
function emoji() {
  const holder = one(".emoji");
  if (!holder) return;
  const [button, box] = [one("button", holder), one(".emoji-box", holder)];
  const [search, grid, text] = [one("input", box), one(".emoji-grid", box), one("#text")];
  let all;
  holder.hidden = false;
  const recent = () => JSON.parse(localStorage.getItem("emoji") || "[]");
  function insert(character) {
    text.setRangeText(character, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    localStorage.setItem("emoji", JSON.stringify([character, ...recent().filter((e) => e !== character)].slice(0, 16)));
    text.focus();
  }
  function show() {
    const wanted = search.value.trim().toLowerCase();
    const first = recent();
    const found = wanted
      ? all.filter(([, words]) => words.includes(wanted))
      : [...first.map((e) => all.find(([c]) => c === e) || [e, e]), ...all.filter(([c]) => !first.includes(c))];
    grid.replaceChildren(...found.slice(0, 320).map(([character, words]) => {
      const choice = document.createElement("button");
      choice.type = "button";
      choice.textContent = character;
      choice.title = words;
      choice.setAttribute("aria-label", words);
      choice.addEventListener("click", () => insert(character));
      return choice;
    }));
  }
  button.addEventListener("click", async () => {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden) return;
    all ??= await (await fetch(holder.dataset.src)).json();
    show();
    search.focus();
  });
  search.addEventListener("input", show);
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
}

// Files may be dropped on the form or pasted into the text; how far they have come is shown.
function files() {
  const form = one("form.reply");
  if (!form) return;
  const add = (list) => {
    const input = one("#files", form);
    const all = new DataTransfer();
    for (const file of [...input.files, ...list]) all.items.add(file);
    input.files = all.files;
  };
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => { if (event.clipboardData.files.length) add(event.clipboardData.files); });
  form.addEventListener("submit", (event) => {
    if (!one("#files", form).files.length || event.defaultPrevented) return;
    event.preventDefault();
    upload(form, event.submitter);
  });
}

// What fetch does not tell: how much has left. The answer is a new page, or this form with what is wrong.
function upload(form, submitter) {
  const sending = new XMLHttpRequest();
  const buttons = form.querySelectorAll("button");
  const bar = one("#upload", form);
  const wrong = (text) => {
    const told = document.createElement("p");
    told.className = "wrong";
    told.setAttribute("role", "alert");
    told.textContent = text;
    form.prepend(told);
  };
  const wait = (waits) => {
    for (const button of buttons) button.disabled = waits;
    bar.hidden = !waits;
  };
  const said = new FormData(form, submitter);
  sending.open("POST", submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
  sending.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  sending.onerror = () => { wait(false); wrong(bar.dataset.failed); };
  sending.onload = () => {
    const page = read(sending.responseText);
    const fresh = sending.status === 422 && one("form.reply", page);
    if (sending.status >= 400 && !fresh) {
      wait(false);
      return wrong(one(".card p", page)?.textContent || bar.dataset.failed);
    }
    if (!fresh) return location.assign(sending.responseURL.replace(/\/(reply|draft|preview)$/, ""));
    form.replaceChildren(...fresh.childNodes);
    emoji();
    preview();
    one("[role=alert]", form)?.scrollIntoView();
  };
  wait(true);
  sending.send(said);
}

// What stands in the form; files travel only when they are sent.
function written() {
  const said = new FormData(one("form.reply"));
  said.delete("files");
  return said;
}

// Saved as one types, so that it is there on another device. Sending ends saving: what is sent is no draft.
function drafts() {
  const form = one("form.reply");
  if (!form) return;
  let waiting;
  let saving = new AbortController();
  form.addEventListener("input", (event) => {
    if (event.target.matches(".emoji input,#files")) return;
    const [text, saved] = [one("#text", form), one("#saved", form)];
    saved.textContent = "";
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      saving.abort();
      saving = new AbortController();
      const said = written();
      for (const name of ["translation", "previewed", "accepted"]) said.delete(name);
      try {
        const response = await fetch(form.action.replace(/reply$/, "draft"), { method: "POST", body: said, headers: { "x-live": "1" }, signal: saving.signal });
        if (response.ok && said.get("text") === text.value) saved.textContent = saved.dataset.said;
      } catch { /* a newer one, or no network: the next key tries again */ }
    }, 600);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    saving.abort();
  });
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
      const response = await fetch(look.formAction, { method: "POST", body: said });
      const page = read(await response.text());
      const fresh = one("#preview", page);
      if (fresh) one("#preview").replaceChildren(...fresh.childNodes);
      one("#translation")?.focus();
    } finally {
      look.disabled = false;
    }
  });
}

// A page that answered a button has the address of the button: reloading and listening want the page's own.
if (/^\/inbox\/\w+\/(reply|undo|preview)$/.test(location.pathname)) {
  history.replaceState(null, "", location.pathname.replace(/\/\w+$/, ""));
}
localise(document);
drafts();
preview();
listen();
search();
narrow();
confirmDelete();
keys();
emoji();
files();
