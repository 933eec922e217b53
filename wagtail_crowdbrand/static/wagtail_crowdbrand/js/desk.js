/* The desk without full page loads: what is sent and followed here comes back as the
   desk alone and takes its place. Without this file everything works by full pages. */
(() => {
  const PART = { "X-Crowdbrand-Part": "desk" };
  // A second click of a double click must not decide on what has just appeared.
  const DWELL = 250;
  const TYPING = "input, textarea, select, [contenteditable]";

  class Desk extends window.StimulusModule.Controller {
    static targets = ["region", "live", "heading", "form", "mail", "rule", "undo", "keys"];
    static values = { failed: String };

    initialize() {
      this.shownAt = -DWELL;
      this.timers = {};
    }

    connect() {
      this.element.classList.add("cb-desk--live");
      requestAnimationFrame(() => this.listKeys());
    }

    disconnect() {
      Object.values(this.timers).forEach(clearTimeout);
    }

    // Wagtail's own list of shortcuts (“?”) knows of ours.
    listKeys() {
      const ours = this.keysTarget.content;
      document
        .querySelectorAll("#keyboard-shortcuts-dialog table")
        .forEach((table) => table.append(ours.cloneNode(true)));
    }

    // A key that is held down decides once.
    calm(event) {
      if (event.repeat && event.key.length === 1 && !event.target.closest?.(TYPING)) {
        event.stopPropagation();
      }
    }

    send(event) {
      const form = event.target;
      event.preventDefault();
      const hasty = performance.now() - this.shownAt < DWELL;
      if (this.busy || (hasty && "cbDeskDecides" in form.dataset)) return;
      const data = new FormData(form, event.submitter);
      const address = form.getAttribute("action");
      if (form.getAttribute("method") === "get") {
        const query = [...data].filter(([, value]) => value);
        this.go(`${address}?${new URLSearchParams(query)}`);
      } else {
        this.go(address, { method: "POST", body: data });
      }
    }

    follow(event) {
      if (!event.isTrusted && event.target.matches("kbd")) this.choose(event);
      const box = event.target.closest("input[type=checkbox]");
      // After a tick by mouse the shortcuts go on working.
      if (box && event.detail) box.blur();
      const link = event.target.closest("a[data-cb-desk-swap]");
      if (!link || event.defaultPrevented || event.button || event.metaKey) return;
      if (event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.go(link.href);
    }

    // A reason by its number. A focused radio would keep the other numbers to itself.
    choose(event) {
      const radio = event.target.closest("label").control;
      event.preventDefault();
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }

    back() {
      this.go(location.href, {}, { remember: false });
    }

    async go(url, options = {}, { remember = true } = {}) {
      if (this.busy) return;
      this.busy = true;
      this.regionTarget.setAttribute("aria-busy", "true");
      try {
        const [part, response] = await this.read(url, options);
        const region = part.getElementById("cb-desk-region");
        if (!region && options.method) throw response;
        if (!region) return location.assign(response.url);
        if (remember && response.url !== location.href) {
          history.pushState({}, "", response.url);
        }
        this.show(part, region);
      } catch {
        // What was written stays. Whoever signs in again elsewhere has another token.
        this.say(this.failedValue, "error");
        if (options.method) await this.renew().catch(() => {});
      } finally {
        this.busy = false;
        this.regionTarget.removeAttribute("aria-busy");
      }
    }

    async read(url, options) {
      const response = await fetch(url, { headers: PART, ...options });
      const text = await response.text();
      return [new DOMParser().parseFromString(text, "text/html"), response];
    }

    async renew() {
      const [part] = await this.read(location.href);
      const token = part.querySelector("#cb-desk-region [name=csrfmiddlewaretoken]");
      this.element.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
        field.value = token.value;
      });
    }

    show(part, region) {
      // Wagtail never lets go of a shortcut: what leaves must not answer to its key.
      this.regionTarget.querySelectorAll("a[data-controller~=w-kbd]").forEach((link) => {
        link.removeAttribute("href");
      });
      this.regionTarget.replaceChildren(...region.childNodes);
      document.title = part.title;
      const messages = [...part.querySelectorAll("#cb-desk-messages li")];
      this.dispatch("clear", { target: document, prefix: "w-messages" });
      messages.forEach((item, index) => {
        this.say(item.textContent.trim(), item.dataset.level, index === 0);
      });
      this.shownAt = performance.now();
      const heading = this.headingTargets.at(-1);
      window.scrollTo({ top: 0 });
      heading?.focus({ preventScroll: !heading.closest("form") });
      const undone = this.element.querySelector("[data-cb-desk-said]");
      this.liveTarget.textContent = undone ? undone.textContent : "";
    }

    say(text, level, clear = true) {
      const type = ["error", "warning", "success"].includes(level) ? level : "success";
      const detail = { text, type, clear };
      this.dispatch("add", { target: document, prefix: "w-messages", detail });
    }

    // The mail as it would be now: at once for another reason, after a pause in typing.
    write(event) {
      const form = event.target.form;
      if (!form || !this.formTargets.includes(form)) return;
      const typed = event.target.matches("textarea");
      if (typed && event.type === "change") return;
      clearTimeout(this.timers.mail);
      this.timers.mail = setTimeout(() => this.preview(form, typed), typed ? 400 : 0);
    }

    async preview(form, typed) {
      const data = new FormData(form);
      data.append("preview", "1");
      const comment = form.elements.comment;
      const before = comment.value;
      const asked = (this.asked = Symbol("asked"));
      const [part] = await this.read(form.getAttribute("action"), {
        method: "POST",
        body: data,
      });
      const fresh = part.querySelector("[data-cb-desk-target=form]");
      if (!fresh || asked !== this.asked || !form.isConnected) return;
      ["mail", "rule"].forEach((name) => {
        const found = fresh.querySelector(`[data-cb-desk-target=${name}]`);
        this[`${name}Target`].replaceChildren(...found.childNodes);
      });
      // Whoever began to write meanwhile goes on.
      if (!typed && comment.value === before) {
        comment.value = fresh.elements.comment.value;
      }
    }

    undoTargetConnected(place) {
      clearInterval(this.timers.undo);
      const form = place.querySelector("[data-cb-desk-seconds]");
      if (!form) return;
      const end = performance.now() + 1000 * form.dataset.cbDeskSeconds;
      const left = form.querySelector("[data-cb-desk-left]");
      this.timers.undo = setInterval(() => {
        const seconds = Math.ceil((end - performance.now()) / 1000);
        left.textContent = left.textContent.replace(/\d+/, Math.max(0, seconds));
        if (seconds > 0) return;
        clearInterval(this.timers.undo);
        form.querySelector("button").disabled = true;
      }, 1000);
    }
  }

  window.wagtail.app.register("cb-desk", Desk);
})();
