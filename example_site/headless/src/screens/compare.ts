/** Two to four ideas at equal size, on equal ground, in equal type; the address says which. */
import { api, get, type Idea } from "../api";
import { fill, h, paragraphs } from "../elements";
import { picture } from "../pictures";
import { go, type Place, type Screen } from "../router";
import { readBrief } from "./brief";
import { fact } from "./idea";

const GROUNDS = { light: "Light", dark: "Dark", mono: "One colour" } as const;

export async function compare({ params, query }: Place): Promise<Screen> {
  const brief = await readBrief(params[0]!);
  const code = query.getAll("code");
  let items = await read(brief.id, code);
  const table = h("div", { class: "compare" });
  const draw = (query: URLSearchParams) => {
    const ground = query.get("ground") ?? "light";
    const codes = query.getAll("code");
    const shown = items.filter((item) => codes.includes(item.code));
    table.dataset.ground = ground in GROUNDS ? ground : "light";
    table.dataset.number = String(shown.length);
    fill(table, ...shown.map((item) => column(item, query)));
    if (shown.length < 2) table.append(h("p", { class: "empty" }, "It takes two to compare. Choose some in the gallery."));
  };
  draw(query);
  return {
    title: `Compare: ${brief.title}`,
    update: async (query) => {
      const known = items.map((item) => item.code);
      const codes = query.getAll("code");
      if (codes.some((each) => !known.includes(each))) items = await read(brief.id, codes);
      draw(query);
    },
    body: h(
      "article",
      {},
      h("p", { class: "tags" }, h("a", { href: `/briefs/${brief.id}` }, brief.title)),
      h("h1", {}, "Side by side"),
      code.length > items.length && h("p", { class: "note" }, "An idea that was chosen is not on show any more."),
      grounds(query),
      table,
    ),
  };
}

async function read(brief_id: number, code: string[]): Promise<Idea[]> {
  if (code.length === 0) return [];
  const params = { path: { brief_id }, query: { code } };
  return (await get(api.GET("/briefs/{brief_id}/compare", { params }))).items;
}

function grounds(query: URLSearchParams): HTMLElement {
  const now = query.get("ground") ?? "light";
  const choices = Object.entries(GROUNDS).map(([value, label]) =>
    h(
      "label",
      { class: "chip" },
      h("input", { type: "radio", name: "ground", value, checked: value === now }),
      h("span", {}, label),
    ),
  );
  const choose = (event: Event) => {
    const query = new URLSearchParams(location.search);
    query.set("ground", (event.target as HTMLInputElement).value);
    go(`${location.pathname}?${query}`, { replace: true });
  };
  return h("fieldset", { class: "chips", change: choose }, h("legend", {}, "Ground"), ...choices);
}

function column(item: Idea, query: URLSearchParams): HTMLElement {
  const others = new URLSearchParams(query);
  others.delete("code", item.code);
  const first = item.pictures[0];
  return h(
    "section",
    { class: "compare__column", "aria-label": item.title },
    h(
      "div",
      { class: first ? "frame" : "frame frame--words" },
      first ? picture(first, { sizes: "50vw", eager: true }) : h("p", { "aria-hidden": "true" }, item.title),
    ),
    h("h2", {}, h("a", { href: `/ideas/${item.code}` }, item.title)),
    h("p", { class: "quiet" }, item.credit),
    h("div", {}, ...paragraphs(item.summary)),
    h("dl", { class: "facts facts--narrow" }, ...item.answers.map(({ label, value }) => fact(label, value))),
    h("p", {}, h("a", { class: "quiet", href: `?${others}` }, "Leave out", h("span", { class: "unseen" }, ` ${item.title}`))),
  );
}
