/*
 * Comfort for galleries, comparisons and dates. Every page is complete without it, and
 * every sentence comes from the page, in the page's language.
 */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const language = document.documentElement.lang || undefined;

/* The tray: ticking a box changes the address, and every link that hands the tray on. */

const MOST = 4;

function withTray(address, codes) {
  const url = new URL(address, location.href);
  url.searchParams.delete("code");
  codes.forEach((code) => url.searchParams.append("code", code));
  return url;
}

function tray(gallery, say) {
  const form = one("[data-cb-tray]", gallery);
  if (!form) return () => {};
  const boxes = () => all("input[name=code]", form);
  const codes = () => [...new Set(boxes().filter((box) => box.checked).map((box) => box.value))];

  function hand(chosen) {
    all("a[data-cb-keep]", gallery).forEach((link) => {
      link.href = withTray(link.href, chosen).href;
    });
    all("[data-cb-find]", gallery).forEach((find) => {
      all("input[name=code]", find).forEach((field) => field.remove());
      chosen.forEach((code) => {
        const field = Object.assign(document.createElement("input"), { type: "hidden", name: "code", value: code });
        find.append(field);
      });
    });
  }

  function update() {
    const chosen = codes();
    hand(chosen);
    const url = withTray(location.href, chosen);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "code") return;
    if (box.checked && codes().length > MOST) {
      box.checked = false;
      say(gallery.dataset.cbFull);
    } else {
      update();
    }
  });
  all("[data-cb-plain]", form).forEach((button) => { button.hidden = true; });
  addEventListener("pageshow", update);
  update();
  return () => {
    const chosen = new URL(location.href).searchParams.getAll("code");
    const seen = new Set();
    boxes().forEach((box) => {
      // A card that came with “more” replaces its stand-in in the bar.
      const again = seen.has(box.value) && box.closest(".cb-bar");
      seen.add(box.value);
      box.checked = chosen.includes(box.value);
      if (again) box.closest("label").remove();
    });
    hand(chosen);
  };
}

/* “Show more” fetches the next page and appends it. The history entry remembers how
   often, so that Back finds the same ideas in the same place. */

function more(gallery, say, refresh) {
  const cards = one("[data-cb-cards]", gallery);
  const next = () => one("[data-cb-pages] a[rel=next]", gallery);
  if (!cards || !next()) return;
  const words = gallery.dataset;
  const box = document.createElement("p");
  const button = document.createElement("button");
  box.className = "cb-more";
  button.className = "cb-button cb-button--quiet";
  button.type = "button";
  button.textContent = words.cbMore;
  box.append(button);
  one("[data-cb-pages]", gallery).before(box);

  async function append() {
    const link = next();
    if (!link) return 0;
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const items = all("[data-cb-cards] > li", page);
    items.forEach((item) => cards.append(document.importNode(item, true)));
    one("[data-cb-pages]", gallery).replaceWith(document.importNode(one("[data-cb-pages]", page), true));
    box.hidden = !next();
    refresh();
    return items.length;
  }

  async function press() {
    const before = cards.children.length;
    button.disabled = true;
    say(words.cbLoading);
    try {
      const added = await append();
      say(words.cbAdded.replace("%s", added.toLocaleString(language)));
      history.replaceState({ ...history.state, cbMore: (history.state?.cbMore || 0) + 1 }, "");
      one("a", cards.children[before])?.focus();
    } catch {
      say(words.cbFailed);
      box.dataset.failed = words.cbFailed;
    }
    button.disabled = false;
  }

  async function restore() {
    const { cbMore: pages = 0, cbTop: top } = history.state || {};
    try {
      for (let page = 0; page < Math.min(pages, 20); page += 1) await append();
      if (pages && top !== undefined) scrollTo(0, top);
    } catch { /* The first page is there, and so are the links. */ }
  }

  button.addEventListener("click", press);
  addEventListener("pagehide", () => {
    if (history.state?.cbMore) history.replaceState({ ...history.state, cbTop: scrollY }, "");
  });
  restore();
}

for (const gallery of all("[data-cb-gallery]")) {
  const status = one("[data-cb-status]", gallery);
  const say = (text) => { status.textContent = text || ""; };
  more(gallery, say, tray(gallery, say));
}

/* Pictures open in a dialog; the link to the file stays. */

const dialog = one("dialog[data-cb-dialog]");
if (dialog) {
  const frame = one("[data-cb-frame]", dialog);
  const plain = frame.className;
  for (const link of all("a[data-cb-zoom]")) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const shown = one("img", link);
      const image = Object.assign(new Image(), { src: link.href, alt: shown.alt, className: shown.className });
      frame.className = `${plain} ${link.dataset.cbZoom}`;
      frame.replaceChildren(image);
      dialog.showModal();
    });
  }
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

/* Copying an address. */

for (const button of all("button[data-cb-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.cbCopy);
    one("[data-cb-copied]", button.parentElement).textContent = button.dataset.cbDone;
  });
}

/* Dates: the visitor's own time beside the campaign's, and what is left by the server's
   clock. Quiet: nobody wants to hear every minute go by. */

const loaded = Date.now();

function ownTime(clock) {
  const time = one("time", clock);
  if (!time || !clock.dataset.cbYours) return;
  const moment = new Date(time.dateTime);
  const format = (timeZone) => new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone }).format(moment);
  const here = format(undefined);
  if (here === format(clock.dataset.cbZone)) return;
  const note = document.createElement("small");
  note.className = "cb-clock__yours";
  note.textContent = clock.dataset.cbYours.replace("%s", here);
  one(".cb-clock__text", clock).append(" ", note);
}

function countDown(clock) {
  const left = one("[data-cb-until]", clock);
  if (!left) return;
  const until = Date.parse(left.dataset.cbUntil);
  const ahead = Date.parse(clock.dataset.cbNow) - loaded;
  const unit = (number, name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(number);
  const tick = () => {
    const minutes = Math.floor((until - Date.now() - ahead) / 60000);
    if (minutes < 0) return;
    const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
    const parts = days > 1 ? [unit(days, "day")] : hours ? [unit(hours, "hour"), unit(minutes % 60, "minute")] : [unit(minutes, "minute")];
    left.textContent = left.dataset.cbLeft.replace("%s", parts.join(" "));
    setTimeout(tick, days > 1 ? 3600000 : 15000);
  };
  tick();
}

for (const clock of all("[data-cb-now]")) {
  ownTime(clock);
  countDown(clock);
}
