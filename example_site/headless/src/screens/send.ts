/** Send an idea: kept while it is written, sent once however often one tries. */
import { api, asForm, get, Refusal, type Brief, type Campaign } from "../api";
import { fill, h } from "../elements";
import { IdeaForm, type Content, type Given } from "../idea-form";
import { draftOf, keepDraft, keepKey, type Draft } from "../keep";
import { go, type Place, type Screen } from "../router";
import { say } from "../shell";
import { explain } from "../trouble";
import { readBrief } from "./brief";
import { contract } from "./call";
import { lookAt } from "./own";

export async function send({ params }: Place): Promise<Screen> {
  const brief = await readBrief(params[0]!);
  const campaign = await readCampaign(brief);
  const desk = new Desk(brief, campaign, draftOf(brief.id));
  return { title: `Send an idea: ${brief.title}`, body: desk.element };
}

function readCampaign(brief: Brief): Promise<Campaign> {
  const path = { campaign_id: brief.campaign_id };
  return get(api.GET("/campaigns/{campaign_id}", { params: { path } }));
}

class Desk {
  readonly element: HTMLElement;
  private readonly form: IdeaForm;
  private readonly terms = h("div", { class: "terms" });
  private readonly accept = h("input", { type: "checkbox", id: "accept" });
  private readonly kept = h("p", { class: "quiet" });
  private claim: string;
  private sending: Draft["sending"];

  constructor(
    private readonly brief: Brief,
    private campaign: Campaign,
    draft: Draft | null,
  ) {
    this.claim = draft?.claim ?? "";
    this.sending = draft?.sending;
    this.form = new IdeaForm(brief, (draft?.content ?? {}) as Given, {
      wire: {
        send: (file) => this.upload(file),
        look: (upload) => this.look(upload),
        changed: () => this.keep(),
      },
      withEmail: true,
      button: "Send my idea",
      last: this.agreement(),
      send: (content) => this.send(content),
    });
    this.element = h(
      "article",
      { class: "send" },
      h("p", { class: "tags" }, h("a", { href: `/briefs/${brief.id}` }, brief.title)),
      h("h1", {}, "Send an idea"),
      h("p", { class: "lead" }, brief.challenge),
      brief.submit.allowed ? null : h("p", { class: "note" }, brief.submit.detail ?? ""),
      this.kept,
      this.form.element,
      this.elsewhere(),
    );
    if (draft) this.kept.textContent = "Your unsent words are here again.";
  }

  private agreement(): HTMLElement {
    fill(this.terms, contract(this.campaign));
    return h(
      "section",
      { class: "part" },
      h("h2", {}, "What you agree to"),
      this.terms,
      h("label", { class: "option", for: "accept" }, this.accept, h("span", {}, "I accept these terms")),
    );
  }

  private keep(): void {
    keepDraft(this.brief.id, {
      content: { ...this.form.read() },
      claim: this.claim,
      ...(this.sending && { sending: this.sending }),
    });
    this.kept.textContent = "What you type is kept in this browser.";
  }

  private async upload(file: File): Promise<string> {
    const path = { brief_id: this.brief.id };
    const body = { file, claim: this.claim };
    const sent = await get(
      api.POST("/briefs/{brief_id}/uploads", { params: { path }, body, bodySerializer: asForm }),
    );
    this.claim = sent.claim;
    return sent.id;
  }

  private look(upload: string): Promise<Blob> {
    const [code = "", token = ""] = this.claim.split(".");
    return lookAt(code, token, upload);
  }

  private async send(content: Content): Promise<void> {
    if (!this.accept.checked) {
      this.accept.focus();
      throw new Refusal(422, "terms", "Please read and accept the terms.");
    }
    const body = {
      ...content,
      answers: given(content.answers),
      email: content.email ?? "",
      language: document.documentElement.lang,
      terms_number: this.campaign.contract.number,
      claim: this.claim,
    };
    const key = this.keyFor(JSON.stringify(body));
    this.keep();
    const path = { brief_id: this.brief.id };
    const header = { "Idempotency-Key": key };
    try {
      const asking = api.POST("/briefs/{brief_id}/submissions", { params: { path, header }, body });
      const { code, token } = await get(asking);
      if (token) keepKey(code, token, content.title);
      keepDraft(this.brief.id, null);
      go(`/mine/${code}`, { replace: true });
    } catch (error) {
      if (error instanceof Refusal && error.code === "terms_changed") await this.showNewTerms();
      throw error;
    }
  }

  /** The same words go with the same key, so that a lost answer makes no second idea. */
  private keyFor(body: string): string {
    if (this.sending?.body !== body) this.sending = { key: crypto.randomUUID(), body };
    return this.sending.key;
  }

  private async showNewTerms(): Promise<void> {
    this.campaign = await readCampaign(this.brief);
    fill(this.terms, contract(this.campaign));
    this.accept.checked = false;
  }

  /** A link by mail with which all of it goes on elsewhere. */
  private elsewhere(): HTMLElement {
    const email = h("input", { type: "email", id: "resume", autocomplete: "email" });
    const answer = h("p", { role: "status" });
    const mail = async (event: Event) => {
      event.preventDefault();
      try {
        await this.mailLink(email.value);
        answer.textContent = "Look into your mail: the link opens your idea on any device.";
      } catch (error) {
        answer.textContent = explain(error);
      }
    };
    return h(
      "details",
      { class: "task" },
      h("summary", {}, "Go on with it on another device"),
      h(
        "form",
        { class: "form form--inline", submit: mail },
        h("div", { class: "field" }, h("label", { for: "resume" }, "Send the link to"), email),
        h("button", { class: "button" }, "Mail me a link"),
        answer,
      ),
    );
  }

  private async mailLink(email: string): Promise<void> {
    const path = { brief_id: this.brief.id };
    const { email: _other, answers, ...words } = this.form.read();
    const content = { ...words, answers: given(answers) };
    const body = { claim: this.claim, email, content };
    const sent = await get(api.POST("/briefs/{brief_id}/resume-link", { params: { path }, body }));
    this.claim = sent.claim;
    this.keep();
    say("The mail is on its way");
  }
}

/** Without questions that were left out. */
export function given(answers: Content["answers"]): Content["answers"] {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value.length > 0));
}

