/** One brief: the task, the way in, and its gallery. */
import { api, get, type Brief, type Campaign } from "../api";
import { h, paragraphs } from "../elements";
import { flagOf } from "../flags";
import { draftOf } from "../keep";
import { rich } from "../rich";
import type { Place, Screen } from "../router";
import { count, KINDS, moment } from "../wording";
import { Gallery } from "../gallery";

export function readBrief(id: string | number): Promise<Brief> {
  return get(api.GET("/briefs/{brief_id}", { params: { path: { brief_id: Number(id) } } }));
}

export async function brief({ params, query }: Place): Promise<Screen> {
  const brief = await readBrief(params[0]!);
  const path = { campaign_id: brief.campaign_id };
  const campaign = await get(api.GET("/campaigns/{campaign_id}", { params: { path } }));
  const gallery = new Gallery(brief, query);
  await gallery.first();
  return {
    title: brief.title,
    update: (query) => void gallery.show(query),
    body: drawBrief(brief, campaign, gallery.element),
  };
}

export function drawBrief(brief: Brief, campaign: Campaign | null, gallery: HTMLElement | null): HTMLElement {
  return h(
    "article",
    { class: "brief" },
    campaign && h("p", { class: "tags" }, h("a", { href: `/calls/${campaign.id}` }, campaign.title)),
    h("div", { class: "brief__head" }, flagOf(brief.deliverable_kind), h("h1", {}, brief.title)),
    h(
      "div",
      { class: "split" },
      h("p", { class: "lead" }, brief.challenge),
      h(
        "div",
        { class: "invite" },
        wayIn(brief),
        campaign?.deadline &&
          h("p", { class: "quiet" }, `Taken until ${moment(campaign.deadline, campaign.time_zone)}.`),
      ),
    ),
    h("details", { class: "task", open: brief.submission_count === 0 }, h("summary", {}, "Read the whole brief"), task(brief)),
    gallery,
  );
}

function wayIn(brief: Brief): HTMLElement {
  if (!brief.submit.allowed) return h("p", { class: "note" }, brief.submit.detail ?? "");
  const words = draftOf(brief.id) ? "Go on with your idea" : "Send your idea";
  return h("p", {}, h("a", { class: "button button--loud", href: `/briefs/${brief.id}/send` }, words));
}

function task(brief: Brief): HTMLElement {
  const words: [string, Node[]][] = [
    ["Background", [rich(brief.background)]],
    ["For whom", paragraphs(brief.audience)],
    ["Tone", paragraphs(brief.tone)],
    ["It must", items(brief.must_haves)],
    ["It must not", items(brief.no_gos)],
    ["What decides", items(brief.criteria)],
    ["Resources", [rich(brief.resources)]],
    ["What to send", [h("p", {}, ask(brief))]],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...words
      .filter(([, nodes]) => nodes.some((node) => node.textContent))
      .map(([name, nodes]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...nodes))),
  );
}

function items(lines: string[]): HTMLElement[] {
  return lines.length ? [h("ul", {}, ...lines.map((line) => h("li", {}, line)))] : [];
}

function ask(brief: Brief): string {
  const { min_images: least, max_images: most } = brief;
  const words = `${KINDS[brief.deliverable_kind]} with a title and a description`;
  const limit = `Up to ${count(brief.max_per_contributor, "idea", "ideas")} a person.`;
  if (most === 0) return `${words}. ${limit}`;
  const number = least === most ? count(most, "picture", "pictures") : `${least} to ${most} pictures`;
  return `${words}, and ${number}. ${limit}`;
}
