/** One call: its story, its briefs, and what is agreed on. */
import { api, get, type Campaign } from "../api";
import { add, h, paragraphs } from "../elements";
import { flagOf } from "../flags";
import { picture } from "../pictures";
import { rich } from "../rich";
import type { Place, Screen } from "../router";
import { count, KINDS, moment } from "../wording";
import { state, when } from "./calls";

export async function call({ params }: Place): Promise<Screen> {
  const campaign_id = Number(params[0]);
  const campaign = await get(api.GET("/campaigns/{campaign_id}", { params: { path: { campaign_id } } }));
  return { title: campaign.title, body: drawCall(campaign) };
}

export function drawCall(campaign: Campaign): HTMLElement {
  return h(
    "article",
    { class: "call" },
    h("p", { class: "tags" }, state(campaign), h("span", {}, campaign.brand_name)),
    h("h1", {}, campaign.title),
    h("div", { class: "split" }, h("p", { class: "lead" }, campaign.summary), when(campaign)),
    campaign.hold_note && h("p", { class: "note" }, campaign.hold_note),
    campaign.cover && h("div", { class: "cover" }, picture(campaign.cover, { sizes: "100vw", eager: true })),
    briefs(campaign),
    story(campaign.story),
    h("section", { class: "agreed" }, h("h2", {}, "What is agreed"), contract(campaign)),
  );
}

function briefs({ briefs }: Campaign): HTMLElement {
  return h(
    "section",
    {},
    h("h2", { class: "label" }, briefs.length === 1 ? "The brief" : `${briefs.length} briefs`),
    h(
      "ul",
      { class: "briefs" },
      ...briefs.map((brief) =>
        h(
          "li",
          { class: "brief-card" },
          flagOf(brief.deliverable_kind),
          h("p", { class: "quiet" }, KINDS[brief.deliverable_kind]),
          h("h3", {}, h("a", { href: `/briefs/${brief.id}` }, brief.title)),
          h("p", {}, brief.challenge),
          h("p", { class: "quiet" }, count(brief.submission_count, "idea on show", "ideas on show")),
        ),
      ),
    ),
  );
}

/** The terms as a list; `terms` themselves come last and are the longest. */
export function contract(campaign: Campaign): HTMLElement {
  const given = campaign.contract;
  const picks =
    given.picks === null
      ? ""
      : count(given.picks, "idea", "ideas") + (given.picks_may_be_none ? ", perhaps none" : "");
  const due = given.decision_due_at ? moment(given.decision_due_at, campaign.time_zone) : "";
  const rows: [string, string][] = [
    ["Prize", given.prize],
    ["Effort", given.effort],
    ["How many are picked", picks],
    ["Who decides", given.who_decides],
    ["Decision by", due],
    ["If nobody decides", given.fallback],
    ["Rights", given.rights],
    ["Terms", given.terms],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...rows
      .filter(([, value]) => value)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...paragraphs(value)))),
  );
}

interface Block {
  type: string;
  value: unknown;
}

function story(blocks: unknown[]): HTMLElement | null {
  const shown = (blocks as Block[]).flatMap((block) => drawn(block) ?? []);
  if (shown.length === 0) return null;
  const section = h("section", { class: "prose" });
  add(section, shown);
  return section;
}

/** A block of a kind this front end does not know is left out. */
function drawn({ type, value }: Block): Node | null {
  if (type === "heading") return h("h2", {}, String(value));
  if (type === "paragraph") return rich(String(value));
  if (type !== "quote") return null;
  const { quote, attribution } = value as { quote: string; attribution: string };
  return h(
    "figure",
    { class: "quote" },
    h("blockquote", {}, ...paragraphs(quote)),
    attribution && h("figcaption", {}, attribution),
  );
}
