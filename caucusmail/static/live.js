/* What moves by itself: regions marked data-live are fetched again and swapped; seconds count down; a device shows its
   own clock. Without this file the pages work and refresh by a header. */
(() => {
  "use strict";
  const clocks = () => document.querySelectorAll("[data-clock]").forEach((line) => {
    const at = new Date(line.dataset.clock);
    const tongue = document.documentElement.lang;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    line.querySelector("b").textContent = at.toLocaleString(tongue === "en" ? "en-GB" : tongue,
      { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      + (zone ? ` (${zone.replace(/_/g, " ")})` : "");
    line.hidden = false;
  });
  const tick = () => document.querySelectorAll("[data-left]").forEach((one) => {
    one.dataset.left = Math.max(0, one.dataset.left - 1);
    one.textContent = one.dataset.left;
  });
  const live = () => document.querySelector("[data-live]");
  /* What has the focus is found again by where it leads: its id, the target of its link, the action of its form. */
  const path = (one) => one && one !== document.body
    && (one.id ? `#${CSS.escape(one.id)}`
      : one.closest("form") ? `form[action="${CSS.escape(one.closest("form").getAttribute("action"))}"] button`
        : one.hasAttribute("href") ? `a[href="${CSS.escape(one.getAttribute("href"))}"]` : "");
  const replace = (old, fresh) => {
    const held = old.contains(document.activeElement) && path(document.activeElement);
    old.replaceWith(document.adoptNode(fresh));
    const again = held && fresh.querySelector(held);
    if (again) again.focus({ preventScroll: true });
  };
  const swap = async () => {
    const old = live();
    if (!old) return;
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = answer.ok && page.getElementById(old.id);
        if (fresh) replace(old, fresh);
      } catch { /* offline: the numbers stand until the next turn */ }
    }
    next();
  };
  const next = () => { const one = live(); if (one && one.dataset.live) setTimeout(swap, one.dataset.live * 1000); };
  clocks();
  setInterval(tick, 1000);
  next();
})();
