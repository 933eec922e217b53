/** One idea that is on show. */
import { api, get, type Idea } from "../api";
import { h, paragraphs } from "../elements";
import { picture } from "../pictures";
import type { Place, Screen } from "../router";
import { day } from "../wording";
import { readBrief } from "./brief";

export function readIdea(code: string): Promise<Idea> {
  return get(api.GET("/submissions/{code}", { params: { path: { code } } }));
}

export async function idea({ params }: Place): Promise<Screen> {
  const idea = await readIdea(params[0]!);
  const brief = await readBrief(idea.brief_id);
  return { title: idea.title, body: drawIdea(idea, brief.title) };
}

export function drawIdea(idea: Idea, brief: string): HTMLElement {
  return h(
    "article",
    { class: "idea" },
    h("p", { class: "tags" }, h("a", { href: `/briefs/${idea.brief_id}` }, brief)),
    h("h1", {}, idea.title),
    h(
      "div",
      { class: "split split--wide" },
      h("div", { class: "sheets" }, ...idea.pictures.map(sheet)),
      h(
        "div",
        { class: "idea__words" },
        h("div", { class: "lead" }, ...paragraphs(idea.summary)),
        h(
          "dl",
          { class: "facts facts--narrow" },
          fact("By", [idea.credit, idea.co_authors].filter(Boolean).join(", with ")),
          fact("Code", idea.code),
          fact("On show since", day(idea.visible_from)),
          ...idea.answers.map(({ label, value }) => fact(label, value)),
          idea.link && h("div", {}, h("dt", {}, "Link"), h("dd", {}, outside(idea.link))),
        ),
        h("p", {}, h("a", { class: "quiet", href: `/ideas/${idea.code}/notice` }, "Something is wrong with this idea")),
      ),
    ),
  );
}

function sheet(shown: Idea["pictures"][number]): HTMLElement {
  return h("div", { class: "sheet" }, picture(shown, { sizes: "(min-width: 60rem) 48rem, 92vw", eager: true }));
}

export function fact(name: string, value: string): HTMLElement | null {
  return value ? h("div", {}, h("dt", {}, name), h("dd", {}, ...paragraphs(value))) : null;
}

/** Where a stranger's link leads is nobody's promise. */
export function outside(address: string): HTMLElement {
  if (!/^https?:/i.test(address)) return h("span", {}, address);
  return h("a", { href: address, rel: "nofollow ugc noopener", target: "_blank" }, new URL(address).host);
}
