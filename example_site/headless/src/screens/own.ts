/** One's own idea: where it stands, why, and what can still be done about it. */
import { api, asForm, bearer, get, Refusal, type Own } from "../api";
import { fill, h, paragraphs } from "../elements";
import { IdeaForm, type Content } from "../idea-form";
import { forgetKey, keepKey, keys } from "../keep";
import { go, type Place, type Screen } from "../router";
import { say } from "../shell";
import { explain } from "../trouble";
import { day, whatNext } from "../wording";
import { readBrief } from "./brief";
import { fact } from "./idea";
import { given } from "./send";

export function readOwn(code: string, token: string): Promise<Own> {
  const options = { params: { path: { code } }, headers: bearer(token) };
  return get(api.GET("/submissions/{code}/own", options));
}

/** A picture that only its contributor may see: asked for with the key, never by address. */
export function lookAt(code: string, token: string, upload_id: string): Promise<Blob> {
  const options = { params: { path: { code, upload_id } }, headers: bearer(token) };
  return get(api.GET("/submissions/{code}/uploads/{upload_id}", { ...options, parseAs: "blob" }));
}

export function tokenFor(code: string): string {
  const key = keys()[code];
  if (key) return key.token;
  throw new Refusal(401, "no_key", "This browser has no key for this idea. The link in your mail brings it.");
}

export async function own({ params }: Place): Promise<Screen> {
  const code = params[0]!;
  const token = tokenFor(code);
  const row = await readOwn(code, token);
  const body = h("article", { class: "own" });
  draw(body, row, token);
  return { title: `${row.status_label}: ${row.title}`, body };
}

function draw(body: HTMLElement, row: Own, token: string): void {
  const { code } = row;
  const trouble = h("p", { class: "note", role: "alert", hidden: true });
  const act = async (deed: () => Promise<unknown>) => {
    try {
      await deed();
      const now = await readOwn(code, token);
      draw(body, now, token);
      body.querySelector<HTMLElement>("h1")?.focus();
      say(now.status_label);
    } catch (error) {
      trouble.textContent = explain(error);
      trouble.hidden = false;
    }
  };
  fill(
    body,
    h("p", { class: "tags" }, h("a", { href: "/mine" }, "My ideas")),
    h(
      "section",
      { class: "ticket" },
      h("h1", { tabindex: "-1" }, row.status_label),
      h("p", {}, whatNext(row.status)),
      h("p", { class: "ticket__code" }, code),
      h("p", { class: "quiet" }, "Your code. Keep the mail: its link opens this page on any device."),
    ),
    row.reason && reasons(row),
    trouble,
    h("div", { class: "actions" }, ...actions(row, act, token)),
    row.can_appeal && appealForm(act, code, token),
    h("section", { class: "prose" }, h("h2", {}, row.title), ...paragraphs(row.summary)),
    row.images.length > 0 && h("div", { class: "thumbs" }, ...row.images.map((image) => thumb(image, code, token))),
    h(
      "dl",
      { class: "facts" },
      fact("Sent", row.submitted_at ? day(row.submitted_at) : ""),
      fact("Confirmed", row.confirmed_at ? day(row.confirmed_at) : ""),
      fact("Name shown", row.credit_name),
      fact("With", row.co_authors),
      fact("Link", row.link),
      fact("Not yours", row.third_party),
      ...row.answers.map(({ label, value }) => fact(label, value)),
    ),
  );
}

function thumb({ upload, alt, width, height }: Own["images"][number], code: string, token: string): HTMLElement {
  const image = h("img", { alt, width, height });
  lookAt(code, token, upload).then(
    (blob) => (image.src = URL.createObjectURL(blob)),
    () => image.replaceWith(h("p", {}, alt)),
  );
  return h("div", { class: "sheet" }, image);
}

function reasons({ reason, rule }: Own): HTMLElement {
  return h(
    "section",
    { class: "reason" },
    h("h2", {}, "Why"),
    ...paragraphs(reason),
    rule && h("p", { class: "quiet" }, rule),
  );
}

type Act = (deed: () => Promise<unknown>) => Promise<void>;

function actions(row: Own, act: Act, token: string): (HTMLElement | null)[] {
  const { code } = row;
  const withdraw = () =>
    get(api.POST("/submissions/{code}/withdraw", { params: { path: { code } }, headers: bearer(token) }));
  const forget = () => {
    forgetKey(code);
    go("/mine", { replace: true });
  };
  return [
    row.can_edit.allowed ? h("a", { class: "button button--loud", href: `/mine/${code}/edit` }, "Change it") : null,
    row.url ? h("a", { class: "button", href: `/ideas/${code}` }, "See it on show") : null,
    row.can_withdraw.allowed ? asked("Take it back", "Yes, take it back for good", () => void act(withdraw)) : null,
    h("a", { class: "button", href: `/mine/${code}/data` }, "Your data"),
    asked("Forget it on this device", "Yes, forget the key", forget),
  ];
}

/** A second button asks before anything happens. */
function asked(label: string, sure: string, deed: () => void): HTMLElement {
  return h(
    "details",
    { class: "sure" },
    h("summary", { class: "button" }, label),
    h("button", { type: "button", class: "button button--loud", click: deed }, sure),
  );
}

function appealForm(act: Act, code: string, token: string): HTMLElement {
  const text = h("textarea", { id: "appeal", rows: 5, maxlength: 4000, required: true });
  const submit = (event: Event) => {
    event.preventDefault();
    const options = { params: { path: { code } }, headers: bearer(token), body: { text: text.value } };
    void act(() => get(api.POST("/submissions/{code}/appeals", options)));
  };
  return h(
    "details",
    { class: "task" },
    h("summary", {}, "I object to this decision"),
    h(
      "form",
      { class: "form", submit },
      h(
        "div",
        { class: "field" },
        h("label", { for: "appeal" }, "Why the decision is wrong"),
        h("p", { class: "hint" }, "Somebody else looks at it again."),
        text,
      ),
      h("p", { class: "actions" }, h("button", { class: "button" }, "Object")),
    ),
  );
}

export async function edit({ params }: Place): Promise<Screen> {
  const code = params[0]!;
  const token = tokenFor(code);
  const row = await readOwn(code, token);
  const { allowed, detail } = row.can_edit;
  if (!allowed) throw new Refusal(403, "not_editable", detail ?? "");
  const brief = await readBrief(row.brief_id);
  const form = new IdeaForm(brief, contentOf(row, brief.fields), {
    wire: {
      send: (file) => addPicture(code, token, file),
      look: (upload) => lookAt(code, token, upload),
      changed: () => undefined,
    },
    withEmail: false,
    button: "Save the change",
    send: (content) => change(code, token, content),
  });
  return {
    title: `Change: ${row.title}`,
    body: h(
      "article",
      { class: "send" },
      h("p", { class: "tags" }, h("a", { href: `/mine/${code}` }, `Back to ${code}`)),
      h("h1", {}, "Change your idea"),
      h("p", { class: "lead" }, "It is reviewed again. What is on show stays until then."),
      form.element,
    ),
  };
}

async function change(code: string, token: string, content: Content): Promise<void> {
  const { email: _unchanged, ...body } = { ...content, answers: given(content.answers) };
  const options = { params: { path: { code } }, headers: bearer(token), body };
  await get(api.PUT("/submissions/{code}/own", options));
  keepKey(code, token, content.title);
  go(`/mine/${code}`, { replace: true });
}

async function addPicture(code: string, token: string, file: File): Promise<string> {
  const options = { params: { path: { code } }, headers: bearer(token), body: { file } };
  const { id } = await get(api.POST("/submissions/{code}/uploads", { ...options, bodySerializer: asForm }));
  return id;
}

/** What was sent, as the form takes it: several choices are stored a line each. */
export function contentOf(row: Own, fields: { id: string; kind: string }[]): Content {
  const several = new Set(fields.filter(({ kind }) => kind === "multiple").map(({ id }) => id));
  const answers = row.answers.map(({ field, value }): [string, string | string[]] => [
    field,
    several.has(field) ? value.split("\n").filter(Boolean) : value,
  ]);
  return {
    title: row.title,
    summary: row.summary,
    link: row.link,
    third_party: row.third_party,
    credit_name: row.credit_name,
    co_authors: row.co_authors,
    answers: Object.fromEntries(answers),
    images: row.images.map(({ upload, alt }) => ({ upload, alt })),
  };
}
