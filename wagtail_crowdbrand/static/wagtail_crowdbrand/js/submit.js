// Keeps words on this device and sends each picture as soon as it is chosen.
// The form is complete without this script, and it only uses what the form offers.

const form = document.querySelector("form[data-cb-form]");
const words = document.querySelector("[data-cb-words]")?.dataset ?? {};
const status = document.querySelector("[data-cb-status]");
const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (text) => { if (status) status.textContent = text; };

// Words: each draft has one entry, {at, from, now}. `from` is what the server showed.

const OFF = "cb:off";
const TYPED = "textarea, select, input:not([type=hidden], [type=file], [type=email], [type=password])";
const isKept = (input) => input.matches(TYPED) && input.name && !input.closest("[data-cb-private]");
const keyOf = (code) => `cb:${form.dataset.cbStore}:${code || "new"}`;
const key = () => keyOf(form.dataset.cbCode);
let base;
let timer;
let handedOver = false;

function store(area, name, value) {
  try {
    if (value === undefined) return JSON.parse(area.getItem(name));
    if (value === null) area.removeItem(name);
    else area.setItem(name, JSON.stringify(value));
  } catch {
    return null; // full, switched off, or not ours
  }
  return value;
}

function forget(name) {
  store(localStorage, name, null);
  store(sessionStorage, name, null);
}

function collect() {
  const values = {};
  for (const input of form.elements) {
    if (!isKept(input)) continue;
    values[input.name] ??= [];
    const toggles = input.type === "checkbox" || input.type === "radio";
    if (!toggles || input.checked) values[input.name].push(input.value.trim());
  }
  return values;
}

function apply(values) {
  for (const input of form.elements) {
    const value = isKept(input) && values[input.name];
    if (!value) continue;
    if (input.type === "checkbox" || input.type === "radio") input.checked = value.includes(input.value);
    else if (input.value.trim() !== value[0]) input.value = value[0] ?? "";
  }
  count();
}

const same = (one, other) =>
  Object.keys(collect()).every((name) => String(one[name] ?? "") === String(other[name] ?? ""));

const clock = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang || undefined, { timeStyle: "short" }).format(at);

function save() {
  clearTimeout(timer);
  if (handedOver || store(localStorage, OFF)) return;
  const now = collect();
  if (same(now, base)) return;
  const at = Date.now();
  if (store(localStorage, key(), { at, from: base, now })) {
    const text = fill(words.saved, { time: clock(at) });
    const shown = document.querySelector("[data-cb-saved]");
    if (shown.textContent !== text) shown.textContent = text;
  }
}

function restore() {
  const entry = store(localStorage, key()) ?? store(sessionStorage, key());
  if (!entry || same(entry.now, base)) return forget(key());
  const notice = document.querySelector("[data-cb-restored]");
  const [text, button] = notice.querySelectorAll("p, button");
  const show = (restored) => {
    text.textContent = fill(restored ? words.restored : words.other, { time: clock(entry.at) });
    button.textContent = restored ? words.undo : words.use;
    apply(restored ? entry.now : base);
  };
  let restored = same(entry.from, base);
  show(restored);
  button.addEventListener("click", () => { restored = !restored; show(restored); });
  notice.hidden = false;
}

function keepWords() {
  document.querySelector("[data-cb-keep]").hidden = false;
  const off = document.querySelector("[data-cb-off]");
  off.checked = Boolean(store(localStorage, OFF));
  off.addEventListener("change", () => {
    store(localStorage, OFF, off.checked || null);
    document.querySelector("[data-cb-saved]").textContent = "";
    if (off.checked) forget(key());
    else save();
  });
  base = collect();
  if (!off.checked) restore();
  form.addEventListener("input", () => {
    handedOver = false;
    clearTimeout(timer);
    timer = setTimeout(save, 700);
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
}

// On its way to the server it stays for this tab only, until the server has it.
function handOver() {
  clearTimeout(timer);
  handedOver = true;
  if (!store(localStorage, OFF)) {
    store(sessionStorage, key(), { at: Date.now(), from: base, now: collect() });
  }
  store(localStorage, key(), null);
}

// How much may still be typed.

function count() {
  for (const input of form.querySelectorAll("[data-cb-limit]")) {
    let shown = document.getElementById(`${input.id}_count`);
    if (!shown) {
      shown = document.createElement("p");
      shown.id = `${input.id}_count`;
      shown.className = "cb-field__help cb-count";
      input.after(shown);
    }
    const left = input.dataset.cbLimit - [...input.value.trim()].length;
    shown.textContent = `${left < 0 ? words.tooMany : words.left} ${Math.abs(left)}`;
    shown.classList.toggle("cb-count--over", left < 0);
  }
}

// Pictures: one request each, one after the other, the same the buttons make.

const STALLED = 45_000;
const jobs = [];
let sending = null;
let goOn = null;
let warned = false;

function row(job) {
  const template = document.querySelector("[data-cb-row]");
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-cb-${name}]`);
  part("name").textContent = job.file.name;
  part("size").textContent = fill(words.size, { size: Math.max(1, Math.round(job.file.size / 1000)).toLocaleString() });
  part("bar").setAttribute("aria-label", job.file.name);
  part("retry").addEventListener("click", () => { job.problem = ""; draw(job); next(); });
  part("cancel").addEventListener("click", () => drop(job));
  job.row = item;
  job.part = part;
  pendingIn(job.box).append(item);
}

const pendingIn = (id) => document.getElementById(id).querySelector("[data-cb-pending]");

function draw(job) {
  if (!job.row) return;
  job.part("bar").hidden = Boolean(job.problem);
  job.part("problem").textContent = job.problem;
  job.part("retry").hidden = !job.problem || job.final;
  job.part("cancel").textContent = job.problem ? words.leaveOut : words.cancel;
  job.row.classList.toggle("cb-pending--failed", Boolean(job.problem));
}

function drop(job) {
  jobs.splice(jobs.indexOf(job), 1);
  const focused = job.row?.contains(document.activeElement);
  const input = document.getElementById(job.box)?.querySelector("input[type=file]");
  job.row?.remove();
  if (focused) input?.focus();
  if (job === sending) {
    sending = null;
    job.request.abort();
  }
  next();
}

function fail(job, problem, { final = false } = {}) {
  sending = null;
  Object.assign(job, { problem: problem || words.failed, final });
  draw(job);
  say([job.file?.name, job.problem].filter(Boolean).join(": "));
  if (!job.file) drop(job);
  else next();
}

function enqueue(job) {
  jobs.push({ problem: "", ...job });
  const added = jobs.at(-1);
  if (added.file) {
    row(added);
    const limit = form.dataset.cbMaxBytes;
    if (limit && added.file.size > limit) return fail(added, words.tooLarge, { final: true });
    draw(added);
  }
  return next();
}

function next() {
  if (sending) return;
  sending = jobs.find((job) => !job.problem) ?? null;
  if (sending) send(sending);
  else if (goOn) {
    const button = goOn;
    goOn = null;
    if (jobs.length) refuse();
    else form.requestSubmit(button);
  }
}

function send(job) {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  if (job.file) data.append(job.name, job.file, job.file.name);
  data.append(job.button ?? "upload", job.value ?? "1");
  const sent = collect();
  const request = new XMLHttpRequest();
  job.request = request;
  let stalled;
  const alive = () => {
    clearTimeout(stalled);
    stalled = setTimeout(() => { request.abort(); if (sending === job) fail(job); }, STALLED);
  };
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => {
    alive();
    if (job.row && event.lengthComputable) job.part("bar").value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => clearTimeout(stalled));
  request.addEventListener("error", () => fail(job));
  request.addEventListener("load", () => receive(job, request, sent));
  request.open("POST", form.action);
  alive();
  request.send(data);
}

function receive(job, request, sent) {
  const page = request.response;
  const answer = page?.querySelector("form[data-cb-form]");
  if (request.status >= 400 || !answer || !page.getElementById(job.box)) {
    const problems = page?.querySelectorAll("#problems li") ?? [];
    return fail(job, [...problems].map((item) => item.textContent).join(" "));
  }
  const wrong = page.getElementById(job.box).querySelector("[data-cb-wrong]");
  const problem = wrong?.dataset.cbWrong;
  wrong?.remove();
  swap(page);
  moveTo(answer, request.responseURL);
  base = sent;
  if (problem) return fail(job, problem, { final: true });
  say(fill(job.file ? words.added : words.changed, { name: job.file?.name }));
  sending = null;
  return drop(job);
}

// New rows come from the server; what was typed meanwhile and the focus stay.
function swap(page) {
  const focused = document.activeElement?.id;
  const typed = collect();
  for (const old of form.querySelectorAll("[data-cb-uploads]")) {
    const fresh = document.importNode(page.getElementById(old.id), true);
    fresh.classList.remove("cb-field--error");
    for (const image of fresh.querySelectorAll("img")) {
      const shown = [...old.querySelectorAll("img")].find(({ src }) => src === image.src);
      if (shown) image.replaceWith(shown); // not loaded again
    }
    fresh.querySelector("[data-cb-pending]").replaceWith(old.querySelector("[data-cb-pending]"));
    old.replaceWith(fresh);
  }
  apply(typed);
  const target = focused && (document.getElementById(focused) ?? document.getElementById(focused.replace(/^(up|down|remove)-/, "id_alt-")));
  if (focused && target !== document.activeElement) (target ?? form.querySelector("input[type=file]"))?.focus();
}

// The first picture makes a draft, which has an address of its own.
function moveTo(answer, url) {
  if (answer.dataset.cbCode === form.dataset.cbCode) return;
  forget(key());
  form.action = answer.getAttribute("action");
  form.dataset.cbCode = answer.dataset.cbCode;
  save();
  history.replaceState(null, "", new URL(url).pathname);
}

function refuse() {
  warned = true;
  say(words.unsent);
  form.querySelector(".cb-pending--failed button:not([hidden])")?.focus();
}

function onSubmit(event) {
  const button = event.submitter;
  if (["up", "down", "remove"].includes(button?.name)) {
    event.preventDefault();
    enqueue({ button: button.name, value: button.value, box: button.closest("[data-cb-uploads]").id });
  } else if (jobs.some((job) => !job.problem)) {
    event.preventDefault();
    goOn = button;
    say(words.waiting);
  } else if (jobs.length && !warned) {
    event.preventDefault();
    refuse();
  } else {
    jobs.length = 0;
    handOver();
  }
}

function choose(event) {
  const input = event.target;
  if (input.type !== "file") return;
  const box = input.closest("[data-cb-uploads]").id;
  const files = [...input.files];
  input.value = "";
  warned = false;
  for (const file of files) enqueue({ file, name: input.name, box });
}

function retry() {
  for (const job of jobs) {
    if (!job.final) Object.assign(job, { problem: "" });
    draw(job);
  }
  next();
}

if (form) {
  // A draft's page was shown, so the server has what made it.
  if (form.dataset.cbCode) store(sessionStorage, keyOf(""), null);
  if (form.dataset.cbForm === "done") forget(key());
  else {
    document.documentElement.classList.add("cb-js");
    keepWords();
    count();
    form.addEventListener("input", count);
    form.addEventListener("change", choose);
    form.addEventListener("submit", onSubmit);
    window.addEventListener("online", retry);
    window.addEventListener("beforeunload", (event) => { if (jobs.length) event.preventDefault(); });
  }
}
