/** What an editor has not published yet, as it would look here. */
import { api, get, Refusal, type Brief, type Campaign, type Preview } from "../api";
import { h, paragraphs } from "../elements";
import type { Place, Screen } from "../router";
import { drawBrief } from "./brief";
import { drawCall } from "./call";
import { drawIdea } from "./idea";

export async function preview({ secret }: Place): Promise<Screen> {
  if (!secret) throw new Refusal(404, "no_token", "Open the preview in the editor once more.");
  const { token } = secret;
  const draft = await get(api.GET("/previews/{token}", { params: { path: { token } } }));
  return {
    title: "Preview",
    body: h("div", {}, h("p", { class: "note" }, "A draft. Nobody else sees it."), await drawn(draft)),
  };
}

async function drawn({ campaign, brief, submission, curators_note }: Preview): Promise<HTMLElement> {
  if (campaign) return drawCall(campaign);
  if (brief) return drawBrief(brief, await campaignOf(brief), null);
  if (!submission) throw new Refusal(404, "not_visible", "This idea is not on show.");
  const article = drawIdea(submission, "The brief");
  if (curators_note) article.append(h("div", { class: "prose" }, ...paragraphs(curators_note)));
  return article;
}

/** It may be a draft itself, and then nobody is told of it. */
async function campaignOf({ campaign_id }: Brief): Promise<Campaign | null> {
  try {
    return await get(api.GET("/campaigns/{campaign_id}", { params: { path: { campaign_id } } }));
  } catch {
    return null;
  }
}
