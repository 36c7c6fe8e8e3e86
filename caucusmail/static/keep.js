/* A draft is kept as one types: the form marked data-keep is posted, as its Save button would, a moment after the last key.
   Without this file the button does it. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  const line = document.querySelector("[data-kept]");
  const IDLE = 3000, LONGEST = 120000;
  let timer = 0, wait = IDLE, busy = null, over = false, changed = 0;
  const say = (word) => {
    const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    line.textContent = line.dataset[word].replace("{time}", now);
  };
  const later = (pause) => { clearTimeout(timer); if (!over) timer = setTimeout(keep, pause); };
  const send = async () => {
    const body = new FormData(form), seen = changed;
    body.set("do", "keep");
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
      if (answer.ok) {
        form.elements.revision.value = await answer.text();
        wait = IDLE;
        say("saved");
        if (changed !== seen) later(IDLE);
      } else if (answer.status < 500 && answer.status !== 429) {
        over = answer.status !== 422;
        say(over ? "conflict" : "unread");
      } else throw answer.status;
    } catch {
      wait = Math.min(wait * 2, LONGEST);
      say("offline");
      later(wait);
    }
  };
  const keep = () => { if (!busy && !over) busy = send().finally(() => { busy = null; }); };
  form.addEventListener("input", () => { changed += 1; if (!busy) later(wait); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    over = true;
    if (!busy) return;
    event.preventDefault();  /* what is under way decides which revision this one follows */
    busy.finally(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
})();
