/** All calls of the site, the open ones first. */
import { api, get, type CampaignItem } from "../api";
import { h } from "../elements";
import { picture } from "../pictures";
import type { Screen } from "../router";
import { shell } from "../shell";
import { distance, moment, standing } from "../wording";

export async function calls(): Promise<Screen> {
  const { items } = await get(api.GET("/campaigns"));
  const open = items.filter((item) => item.phase === "open");
  const others = items.filter((item) => item.phase !== "open");
  return {
    title: shell.name,
    body: h(
      "div",
      { class: "calls" },
      h("h1", { class: "poster" }, shell.name),
      items.length === 0 && h("p", { class: "empty" }, "There is no call at the moment. Come back soon."),
      open.length > 0 && list("Take part now", open),
      others.length > 0 && list(open.length > 0 ? "Earlier and later" : "Calls", others),
    ),
  };
}

function list(title: string, items: CampaignItem[]): HTMLElement {
  return h(
    "section",
    {},
    h("h2", { class: "label" }, title),
    h("ul", { class: "board" }, ...items.map((item, at) => row(item, at === 0))),
  );
}

function row(item: CampaignItem, eager: boolean): HTMLElement {
  return h(
    "li",
    { class: "board__row" },
    h(
      "div",
      { class: "board__words" },
      h("p", { class: "tags" }, state(item), h("span", {}, item.brand_name)),
      h("h3", {}, h("a", { href: `/calls/${item.id}` }, item.title)),
      h("p", {}, item.summary),
      when(item),
    ),
    item.cover && h("div", { class: "board__cover" }, picture(item.cover, { sizes: "(min-width: 60rem) 36rem, 100vw", eager })),
  );
}

export function state(item: CampaignItem): HTMLElement {
  const kind = item.hold || (item.phase === "open" ? "open" : "closed");
  return h("span", { class: `tag tag--${kind}` }, standing(item));
}

export function when(item: CampaignItem): HTMLElement | null {
  const [words, iso] =
    item.phase === "announced"
      ? ["Opens", item.opens_at]
      : item.phase === "open"
        ? ["Closes", item.deadline]
        : ["Closed", item.closes_at];
  if (!iso) return null;
  return h(
    "p",
    { class: "when" },
    h("strong", {}, `${words} ${distance(iso)}`),
    h("time", { datetime: iso }, moment(iso, item.time_zone)),
  );
}
