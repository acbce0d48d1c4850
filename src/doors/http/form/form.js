// The contact form: finds the proof of work where one is wanted, and stays on the page of another site.
(() => {
  const bytes = text => new TextEncoder().encode(text);
  const hex = buffer => [...new Uint8Array(buffer)].map(b => b.toString(16).padStart(2, "0")).join("");
  const solve = async riddle => {
    for (let number = 0; number <= riddle.maxnumber; number++) {
      const found = hex(await crypto.subtle.digest("SHA-256", bytes(riddle.salt + number)));
      if (found === riddle.challenge) {
        const { algorithm, challenge, salt, signature } = riddle;
        return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      }
    }
  };
  const say = (form, text) => {
    let place = form.querySelector("[data-relais-said]");
    if (!place) {
      place = document.createElement("p");
      place.setAttribute("data-relais-said", "");
      place.setAttribute("role", "status");
      form.append(place);
    }
    place.textContent = text;
  };
  const send = async (form, button) => {
    button.disabled = true;
    try {
      const data = new FormData(form);
      if (form.dataset.proof) {
        const riddle = await (await fetch(form.dataset.proof)).json();
        data.set("altcha", await solve(riddle));
      }
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (answer.ok) {
        form.reset();
        say(form, form.dataset.thanks || "✓");
        const lang = data.get("lang");
        const thanks = form.action + "/thanks" + (lang ? "?lang=" + encodeURIComponent(lang) : "");
        if (!form.dataset.thanks) location.assign(thanks);
      } else {
        const problem = await answer.json();
        const label = field => form.querySelector(`label[for="${field}"]`)?.textContent || field;
        const lines = (problem.errors || []).map(e => `${label(e.field)}: ${e.detail}`);
        say(form, lines.join(" · ") || problem.detail);
      }
    } catch (error) {
      console.warn(error);
      say(form, form.dataset.failed || "✗");
    }
    button.disabled = false;
  };
  for (const form of document.querySelectorAll("form[data-relais]")) {
    form.addEventListener("submit", event => {
      event.preventDefault();
      send(form, form.querySelector("button"));
    });
  }
})();
