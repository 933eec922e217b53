/** One's data: whose it is, a copy of it, and its end. */
import { api, bearer, get, type Reach } from "../api";
import { fill, h } from "../elements";
import { forgetKey } from "../keep";
import type { Place, Screen } from "../router";
import { say } from "../shell";
import { explain } from "../trouble";
import { count } from "../wording";
import { tokenFor } from "./own";

export async function data({ params }: Place): Promise<Screen> {
  const code = params[0]!;
  const token = tokenFor(code);
  const options = { params: { path: { code } }, headers: bearer(token) };
  const reach = await get(api.GET("/submissions/{code}/reach", options));
  const trouble = h("p", { class: "note", role: "alert", hidden: true });
  const attempt = async (deed: () => Promise<void>) => {
    trouble.hidden = true;
    try {
      await deed();
    } catch (error) {
      trouble.textContent = explain(error);
      trouble.hidden = false;
    }
  };
  const body = h("article", { class: "send" });
  const download = () => attempt(async () => save(await copyOf(options), `${code}.zip`));
  const erase = () =>
    attempt(async () => {
      await get(api.POST("/submissions/{code}/erase", { ...options, body: { understood: true } }));
      forgetKey(code);
      fill(body, h("h1", { tabindex: "-1" }, "Erased"), h("p", { class: "lead" }, "Nothing here leads to you any more."));
      body.querySelector("h1")?.focus();
      say("Erased");
    });
  fill(
    body,
    h("p", { class: "tags" }, h("a", { href: `/mine/${code}` }, `Back to ${code}`)),
    h("h1", {}, "Your data"),
    h("p", { class: "lead" }, whose(reach)),
    trouble,
    h("p", { class: "actions" }, h("button", { type: "button", class: "button button--loud", click: download }, "Download a copy")),
    ending(reach, erase),
  );
  return { title: "Your data", body };
}

function whose({ everything, submissions }: Reach): string {
  const number = count(submissions, "idea", "ideas");
  return everything ? `This is about all you sent, in all calls: ${number}.` : "This is about this one idea.";
}

function ending(reach: Reach, erase: () => void): HTMLElement {
  const understood = h("input", { type: "checkbox" });
  const button = h("button", { class: "button", disabled: true }, "Erase my data");
  understood.addEventListener("change", () => (button.disabled = !understood.checked));
  const submit = (event: Event) => {
    event.preventDefault();
    erase();
  };
  const shown = reach.on_show ? `${count(reach.on_show, "idea disappears", "ideas disappear")} from the gallery. ` : "";
  const remains = reach.remaining ? "A code, dates and the decision remain, which lead to nobody." : "";
  return h(
    "section",
    { class: "part" },
    h("h2", {}, "Erase it"),
    h("p", {}, `Names, words, pictures and your address are deleted. ${shown}${remains}`),
    h(
      "form",
      { class: "form form--inline", submit },
      h("label", { class: "option" }, understood, h("span", {}, "I understand that this cannot be undone")),
      button,
    ),
  );
}

type Options = { params: { path: { code: string } }; headers: { Authorization: string } };

function copyOf(options: Options): Promise<Blob> {
  return get(api.GET("/submissions/{code}/data", { ...options, parseAs: "blob" }));
}

/** A link with the key in it would end up in the list of downloads. */
function save(blob: Blob, name: string): void {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
