/** What this browser has a key for, what it has not sent, and where mailed links arrive. */
import { api, get } from "../api";
import { h } from "../elements";
import { drafts, keepDraft, keepKey, keys, type Draft } from "../keep";
import { go, type Place, type Screen, type Secret } from "../router";
import { explain } from "../trouble";
import { day } from "../wording";
import { readBrief } from "./brief";
import { contentOf, readOwn } from "./own";

export function mine({ secret }: Place): Screen {
  if (secret) {
    keepKey(secret.code, secret.token);
    queueMicrotask(() => go(`/mine/${secret.code}`, { replace: true }));
  }
  const sent = Object.entries(keys());
  const begun = drafts();
  return {
    title: "My ideas",
    body: h(
      "article",
      {},
      h("h1", {}, "My ideas"),
      list("Not sent yet", begun.map(({ brief, draft }) => unsent(brief, draft))),
      list("Sent", sent.map(([code, key]) => row(code, key.token, key.title))),
      sent.length + begun.length === 0 &&
        h("p", { class: "empty" }, "This browser knows of none. The link in your mail opens what you sent elsewhere."),
    ),
  };
}

function list(title: string, rows: HTMLElement[]): HTMLElement | null {
  if (rows.length === 0) return null;
  return h("section", {}, h("h2", { class: "label" }, title), h("ul", { class: "rows" }, ...rows));
}

function unsent(brief: number, { content, changed }: Draft): HTMLElement {
  return h(
    "li",
    {},
    h("a", { href: `/briefs/${brief}/send` }, String(content.title || "Without a title")),
    h("span", { class: "quiet" }, `changed ${day(changed)}`),
  );
}

function row(code: string, token: string, title: string): HTMLElement {
  const status = h("span", { class: "quiet" }, "…");
  readOwn(code, token).then(
    (own) => (status.textContent = own.status_label),
    (error: unknown) => (status.textContent = explain(error)),
  );
  return h("li", {}, h("a", { href: `/mine/${code}` }, title || code), h("span", { class: "code" }, code), status);
}

/** A mail's link only opens this: mail scanners open links, too, and press no buttons. */
export function confirm({ secret }: Place): Screen {
  const trouble = h("p", { class: "note", role: "alert", hidden: true });
  const body = h(
    "article",
    { class: "confirm" },
    h("h1", {}, "Confirm your idea"),
    secret
      ? h("p", { class: "lead" }, `It counts from the moment you press the button. Its code is ${secret.code}.`)
      : h("p", { class: "lead" }, "Open the link in your mail once more, please."),
    trouble,
  );
  if (secret) {
    const button = h("button", { type: "button", class: "button button--loud" }, "Yes, this idea is mine");
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await confirmWith(secret);
      } catch (error) {
        trouble.textContent = explain(error);
        trouble.hidden = false;
        button.disabled = false;
      }
    });
    body.append(h("p", { class: "actions" }, button));
  }
  return { title: "Confirm your idea", body };
}

async function confirmWith({ code, token }: Secret): Promise<void> {
  const params = { path: { code } };
  const sent = await get(api.POST("/submissions/{code}/confirm", { params, body: { token } }));
  if (sent.token) keepKey(sent.code, sent.token);
  go(`/mine/${sent.code}`, { replace: true });
}

/** Where the mailed link of a draft arrives: it becomes the draft of this browser. */
export async function resume({ secret }: Place): Promise<Screen> {
  if (!secret) return mine({ params: [], query: new URLSearchParams(), secret: null });
  const { code, token } = secret;
  const row = await readOwn(code, token);
  const { fields } = await readBrief(row.brief_id);
  keepDraft(row.brief_id, { content: { ...contentOf(row, fields) }, claim: `${code}.${token}` });
  queueMicrotask(() => go(`/briefs/${row.brief_id}/send`, { replace: true }));
  return { title: "Your idea", body: h("h1", {}, "Your idea") };
}
