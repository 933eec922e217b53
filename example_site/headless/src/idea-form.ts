/** The form of a brief, drawn from its JSON Schema: the same to send an idea and to change it. */
import { Refusal, type Brief } from "./api";
import { fill, h, type Child } from "./elements";
import { fieldFor, framed, type Field, type Schema } from "./fields";
import { Uploads, type Kept, type Wire } from "./uploads";
import { explain } from "./trouble";
import { VISIBILITY } from "./wording";

export interface Content {
  title: string;
  summary: string;
  link: string;
  third_party: string;
  credit_name: string;
  co_authors: string;
  answers: Record<string, string | string[]>;
  images: Kept[];
  email?: string;
}
export type Given = Partial<Content>;

const WORDS: Record<string, [label: string, hint: string]> = {
  title: ["Title", ""],
  summary: ["Describe it", "What is the idea, and why does it answer the brief?"],
  link: ["Link", "Where more of it can be seen."],
  third_party: ["What is not yours", "Fonts, pictures or words of others, and what allows you to use them."],
  credit_name: ["Name shown with your idea", "Leave it empty to be anonymous."],
  co_authors: ["Who did it with you", "Names, as they should be shown."],
  email: ["E-mail address", "To confirm your idea and to tell you what becomes of it. Never shown."],
};
const IDEA = ["title", "summary"];
const MORE = ["link", "third_party"];
const PERSON = ["credit_name", "co_authors"];

export class IdeaForm {
  readonly element: HTMLFormElement;
  private readonly fields = new Map<string, Field>();
  private readonly uploads: Uploads | null;
  private readonly schema: Schema;
  private readonly errors = h("div", { class: "errors", tabindex: "-1", hidden: true });
  private readonly button: HTMLButtonElement;

  constructor(
    private readonly brief: Brief,
    private readonly given: Given,
    private readonly options: {
      wire: Wire;
      withEmail: boolean;
      button: string;
      last?: Child;
      send: (content: Content) => Promise<void>;
    },
  ) {
    this.schema = brief.submission_schema as Schema;
    const { wire } = options;
    const { min_images: least, max_images: most } = brief;
    const kept = given.images ?? [];
    this.uploads = most > 0 ? new Uploads(wire, { least, most, kept }) : null;
    if (this.uploads) this.fields.set("images", this.uploads.field);
    this.button = h("button", { class: "button button--loud" }, options.button);
    const person = options.withEmail ? [...PERSON, "email"] : PERSON;
    this.element = h(
      "form",
      { class: "form", novalidate: true },
      this.errors,
      part("The idea", IDEA.map((name) => this.plain(name)), this.uploads?.field.element),
      brief.fields.length > 0 && part("Questions", brief.fields.map((field) => this.answer(field))),
      part("More", MORE.map((name) => this.plain(name))),
      part("You", person.map((name) => this.plain(name))),
      options.last,
      h("p", { class: "actions" }, this.button),
    );
    this.element.addEventListener("input", () => wire.changed());
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  read(): Content {
    const word = (name: string) => String(this.fields.get(name)?.read() ?? "").trim();
    const answers = Object.fromEntries(
      this.brief.fields.map(({ id }) => [id, this.fields.get(`answers.${id}`)!.read()]),
    );
    return {
      title: word("title"),
      summary: word("summary"),
      link: word("link"),
      third_party: word("third_party"),
      credit_name: word("credit_name"),
      co_authors: word("co_authors"),
      answers,
      images: this.uploads?.read() ?? [],
      ...(this.options.withEmail && { email: word("email") }),
    };
  }

  private plain(name: string): HTMLElement {
    const [label, hint] = WORDS[name]!;
    const required = name === "email" || (this.schema.required ?? []).includes(name);
    const value = String(this.given[name as keyof Given] ?? "");
    const asked = { name, label, hint, required, value };
    return this.keep(name, fieldFor(this.schema.properties?.[name] ?? {}, asked));
  }

  private answer({ id, kind, label, help_text, required, visibility }: Brief["fields"][number]): HTMLElement {
    const schema = this.schema.properties?.answers?.properties?.[id] ?? {};
    const name = `answers.${id}`;
    const hint = [help_text, VISIBILITY[visibility]].filter(Boolean).join(" ");
    const value = this.given.answers?.[id];
    const asked = { name, label, hint, required, value };
    const field = kind === "file" ? this.fileField(asked) : fieldFor(schema, asked);
    return this.keep(name, field);
  }

  /** A picture for the jury or the staff: its id is the answer. */
  private fileField(asked: { name: string; label: string; hint: string; required: boolean; value?: string | string[] | undefined }): Field {
    const input = h("input", { type: "file", id: asked.name, accept: "image/*" });
    const status = h("p", { class: "quiet" }, asked.value ? "A picture is with it." : "");
    let upload = String(asked.value ?? "");
    const field = framed(asked, h("div", { class: "drop" }, input, status), [input], { read: () => upload });
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      status.textContent = `${file.name} – on its way …`;
      try {
        upload = await this.options.wire.send(file);
        status.textContent = `${file.name} is sent.`;
        field.complain("");
      } catch (error) {
        status.textContent = "";
        field.complain(explain(error));
      }
      this.options.wire.changed();
    });
    return field;
  }

  private keep(name: string, field: Field): HTMLElement {
    this.fields.set(name, field);
    return field.element;
  }

  private async submit(): Promise<void> {
    this.clear();
    this.element.setAttribute("aria-busy", "true");
    this.button.disabled = true;
    try {
      if (this.uploads && !(await this.uploads.settled())) {
        this.show([["images", "A picture was not sent. Try it again, or remove it."]]);
        return;
      }
      const gaps = this.gaps();
      if (gaps.length > 0) {
        this.show(gaps);
        return;
      }
      await this.options.send(this.read());
    } catch (error) {
      this.fail(error);
    } finally {
      this.element.removeAttribute("aria-busy");
      this.button.disabled = false;
    }
  }

  /** What the schema says is missing, all at once; whether the rest is right says the API. */
  private gaps(): [name: string, message: string][] {
    const content = this.read();
    const asked = this.brief.fields.filter(({ required }) => required);
    const empty = [
      ...IDEA.filter((name) => !this.fields.get(name)!.read()),
      ...asked.filter(({ id }) => !content.answers[id]?.length).map(({ id }) => `answers.${id}`),
      ...(content.email === "" ? ["email"] : []),
    ];
    const gaps = empty.map((name): [string, string] => [name, "This is still missing."]);
    if (content.images.length < this.brief.min_images) gaps.push(["images", "Please add a picture."]);
    if (content.images.some(({ alt }) => !alt.trim())) gaps.push(["images", "Please describe every picture."]);
    return gaps;
  }

  /** What is wrong, at the field it belongs to and in a list that leads there. */
  fail(error: unknown): void {
    const fields = error instanceof Refusal ? error.fields : [];
    const known = fields.map(({ field, message }): [string, string] => [field, message]);
    this.show(known.length ? known : [["", explain(error)]]);
  }

  private show(problems: [name: string, message: string][]): void {
    const merged = new Map<string, string>();
    for (const [name, message] of problems)
      merged.set(name, [merged.get(name), message].filter(Boolean).join(" "));
    fill(
      this.errors,
      h("h2", {}, "It is not sent yet"),
      h("ul", {}, ...[...merged].map(([name, message]) => this.line(name, message))),
    );
    this.errors.hidden = false;
    this.errors.focus();
  }

  private line(name: string, message: string): HTMLElement {
    const field = this.fields.get(name);
    if (!field) return h("li", {}, message);
    field.complain(message);
    const jump = (event: Event) => {
      event.preventDefault();
      field.target.focus();
    };
    return h("li", {}, h("a", { href: `#${field.target.id || name}`, click: jump }, `${field.label}: ${message}`));
  }

  private clear(): void {
    this.errors.hidden = true;
    for (const field of this.fields.values()) field.complain("");
  }
}

function part(title: string, ...children: Child[]): HTMLElement {
  return h("section", { class: "part" }, h("h2", {}, title), ...children);
}
