/** Pictures on their way: sent one after the other, each with its own words and buttons. */
import { fill, h } from "./elements";
import { framed, type Field } from "./fields";
import { say } from "./shell";
import { explain } from "./trouble";

export interface Kept {
  upload: string;
  alt: string;
}
export interface Wire {
  /** Sends a file; its id. */
  send(file: File): Promise<string>;
  /** The picture as it was sent before. */
  look(upload: string): Promise<Blob>;
  changed(): void;
}
interface Item {
  file: File | null;
  upload: string;
  alt: string;
  name: string;
  preview: string;
  trouble: string;
  element: HTMLElement;
}

const ACCEPT = "image/png,image/jpeg,image/webp,image/gif,image/avif";

export class Uploads {
  readonly field: Field;
  private readonly items: Item[] = [];
  private readonly list = h("ol", { class: "uploads" });
  private readonly input = h("input", { type: "file", id: "images", accept: ACCEPT });
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly wire: Wire,
    { least, most, kept, named }: { least: number; most: number; kept: Kept[]; named?: string },
  ) {
    this.input.multiple = most > 1;
    if (named) this.input.id = named;
    this.input.addEventListener("change", () => this.take());
    const label = named ? "" : most === 1 ? "Picture" : "Pictures";
    const number = least === most ? `${most}` : least ? `${least} to ${most}` : `Up to ${most}`;
    const noun = most === 1 ? "picture" : "pictures";
    const hint = `${number} ${noun}, sent at once and private until your idea is on show.`;
    this.field = framed(
      { name: this.input.id, label, hint, required: least > 0 },
      h("div", { class: "drop" }, this.input, this.list),
      [this.input],
      { read: () => [] },
    );
    for (const { upload, alt } of kept) this.restore(upload, alt);
  }

  read(): Kept[] {
    return this.items.filter((item) => item.upload).map(({ upload, alt }) => ({ upload, alt }));
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<boolean> {
    await this.queue;
    return this.items.every((item) => item.upload);
  }

  private take(): void {
    for (const file of this.input.files ?? []) {
      const item = this.make({ file, name: file.name, preview: URL.createObjectURL(file) });
      this.post(item);
    }
    this.input.value = "";
  }

  private restore(upload: string, alt: string): void {
    const item = this.make({ upload, alt, name: "Picture" });
    this.wire.look(upload).then(
      (blob) => {
        item.preview = URL.createObjectURL(blob);
        this.draw(item);
      },
      () => undefined, // without a preview it can still be described and sent
    );
  }

  private make(given: Partial<Item>): Item {
    const blank = { file: null, upload: "", alt: "", name: "", preview: "", trouble: "" };
    const item: Item = { ...blank, element: h("li", { class: "upload" }), ...given };
    this.items.push(item);
    this.list.append(item.element);
    this.draw(item);
    return item;
  }

  /** One at a time: the first brings the claim the others need. */
  private post(item: Item): void {
    item.trouble = "";
    this.draw(item);
    this.queue = this.queue.then(async () => {
      if (!item.file || !this.items.includes(item)) return;
      try {
        item.upload = await this.wire.send(item.file);
        say(`${item.name} is sent`);
      } catch (error) {
        item.trouble = explain(error);
        say(`${item.name}: ${item.trouble}`);
      }
      this.draw(item);
      this.wire.changed();
    });
  }

  private draw(item: Item): void {
    const at = this.items.indexOf(item);
    const number = at + 1;
    const waiting = !item.upload && !item.trouble;
    const id = `${this.input.id}-alt-${item.upload || item.name.replace(/\W/g, "")}`;
    const alt = h("input", { id, type: "text", maxlength: 300, value: item.alt });
    alt.addEventListener("input", () => {
      item.alt = alt.value;
      this.wire.changed();
    });
    fill(
      item.element,
      h("div", { class: "upload__preview" }, item.preview && h("img", { src: item.preview, alt: "" })),
      h(
        "div",
        { class: "upload__words" },
        h("p", { class: "quiet" }, item.name, waiting && " – on its way …"),
        item.trouble && h("p", { class: "field__error" }, item.trouble),
        h("label", { for: id }, `Describe picture ${number} for people who do not see it`),
        alt,
        h(
          "p",
          { class: "upload__buttons" },
          item.trouble && this.button("Try again", item, () => this.post(item)),
          at > 0 && this.button("Move up", item, () => this.swap(at, at - 1)),
          this.button("Remove", item, () => this.remove(item)),
        ),
      ),
    );
  }

  private button(label: string, item: Item, click: () => void): HTMLElement {
    const name = h("span", { class: "unseen" }, ` ${item.name}`);
    return h("button", { type: "button", class: "button button--small", click }, label, name);
  }

  private swap(from: number, to: number): void {
    const [item] = this.items.splice(from, 1);
    this.items.splice(to, 0, item!);
    this.redraw();
    item!.element.querySelector("input")?.focus();
    say(`${item!.name} is number ${to + 1}`);
  }

  private remove(item: Item): void {
    this.items.splice(this.items.indexOf(item), 1);
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.redraw();
    this.input.focus();
    say(`${item.name} is removed`);
  }

  private redraw(): void {
    this.list.replaceChildren(...this.items.map((item) => item.element));
    for (const item of this.items) this.draw(item);
    this.wire.changed();
  }
}
