/** The ideas on show: order, search and filters in the address, page after page by cursor. */
import { api, get, type Brief, type IdeaItem } from "./api";
import { fill, h } from "./elements";
import { chosen, keepChosen, seed } from "./keep";
import { picture } from "./pictures";
import { go } from "./router";
import { say } from "./shell";
import { explain } from "./trouble";
import { count } from "./wording";

const ORDERS = { shuffled: "Shuffled for you", newest: "Newest first", code: "By code" } as const;
type Order = keyof typeof ORDERS;
const MOST_COMPARED = 4;

export class Gallery {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "cards" });
  private readonly status = h("p", { class: "gallery__count" });
  private readonly more = h("p", { class: "actions" });
  private readonly tray = h("div", { class: "tray", hidden: true });
  private readonly form: HTMLFormElement;
  private codes: string[];
  private turn = 0;

  constructor(
    private readonly brief: Brief,
    private query: URLSearchParams,
  ) {
    this.codes = chosen(brief.id);
    this.form = this.controls();
    this.element = h(
      "section",
      { class: "gallery", "aria-labelledby": "gallery" },
      h("h2", { id: "gallery", class: "label" }, "On show"),
      this.form,
      this.status,
      this.list,
      this.more,
      this.tray,
    );
    this.showTray();
  }

  first(): Promise<void> {
    return this.load("", { aloud: false });
  }

  /** Another order, search or filter came through the address. */
  async show(query: URLSearchParams): Promise<void> {
    this.query = query;
    this.settle();
    try {
      await this.load("", { aloud: true });
    } catch (error) {
      fill(this.list);
      this.fail(error, "");
    }
  }

  private order(): Order {
    const asked = this.query.get("order") ?? "";
    return asked in ORDERS ? (asked as Order) : "shuffled";
  }

  private async load(cursor: string, { aloud }: { aloud: boolean }): Promise<void> {
    const turn = ++this.turn;
    this.list.setAttribute("aria-busy", "true");
    const page = await get(
      api.GET("/briefs/{brief_id}/submissions", {
        params: {
          path: { brief_id: this.brief.id },
          query: {
            order: this.order(),
            seed: seed(),
            q: this.query.get("q") ?? "",
            filter: this.query.getAll("filter"),
            cursor,
          },
        },
      }),
    );
    if (turn !== this.turn) return;
    this.list.removeAttribute("aria-busy");
    if (!cursor) fill(this.list);
    const before = this.list.children.length;
    this.list.append(...page.items.map((item) => this.card(item)));
    const words = count(page.count, "idea", "ideas", page.more);
    this.status.textContent = page.count === 0 ? this.emptiness() : words;
    if (aloud) say(this.status.textContent);
    this.offerMore(page.next);
    if (cursor) this.list.children[before]?.querySelector("a")?.focus();
  }

  private emptiness(): string {
    if (this.query.get("q") || this.query.has("filter"))
      return "No idea fits. Try other words, or fewer filters.";
    return "Nothing on show yet. The first idea could be yours.";
  }

  private offerMore(next: string | null): void {
    fill(
      this.more,
      next &&
        h(
          "button",
          { type: "button", class: "button", click: () => this.goOn(next) },
          "Show more ideas",
        ),
    );
  }

  private async goOn(cursor: string): Promise<void> {
    try {
      await this.load(cursor, { aloud: true });
    } catch (error) {
      this.fail(error, cursor);
    }
  }

  private fail(error: unknown, cursor: string): void {
    this.list.removeAttribute("aria-busy");
    const again = () => (cursor ? this.goOn(cursor) : this.show(this.query));
    fill(
      this.more,
      h("span", { class: "note", role: "alert" }, explain(error)),
      h("button", { type: "button", class: "button", click: again }, "Try again"),
    );
  }

  private controls(): HTMLFormElement {
    const form = h(
      "form",
      { class: "controls", role: "search", "aria-label": "Ideas on show" },
      h(
        "label",
        { class: "control control--wide" },
        h("span", {}, "Search"),
        h("input", { type: "search", name: "q", maxlength: 100, value: this.query.get("q") ?? "" }),
      ),
      h("label", { class: "control" }, h("span", {}, "Order"), this.orderSelect()),
      ...this.brief.filters.map((filter) =>
        h(
          "fieldset",
          { class: "chips" },
          h("legend", {}, filter.label),
          ...filter.options.map((option) => this.chip(`${filter.name}:${option.value}`, option.label)),
        ),
      ),
    );
    let typing: ReturnType<typeof setTimeout>;
    form.addEventListener("input", (event) => {
      clearTimeout(typing);
      const slow = (event.target as HTMLInputElement).type === "search";
      typing = setTimeout(() => this.ask(), slow ? 400 : 0);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(typing);
      this.ask();
    });
    return form;
  }

  private orderSelect(): HTMLElement {
    return h(
      "select",
      { name: "order" },
      ...Object.entries(ORDERS).map(([value, label]) =>
        h("option", { value, selected: value === this.order() }, label),
      ),
    );
  }

  private chip(value: string, label: string): HTMLElement {
    const checked = this.query.getAll("filter").includes(value);
    return h(
      "label",
      { class: "chip" },
      h("input", { type: "checkbox", name: "filter", value, checked }),
      h("span", {}, label),
    );
  }

  /** The form as an address, without what is empty or usual. */
  private ask(): void {
    const given = new FormData(this.form);
    const query = new URLSearchParams();
    for (const [name, value] of given) {
      const usual = value === "" || (name === "order" && value === "shuffled");
      if (!usual) query.append(name, String(value));
    }
    const words = query.toString();
    if (words === this.query.toString()) return;
    go(location.pathname + (words && `?${words}`));
  }

  /** The form as the address says, for Back. */
  private settle(): void {
    const filters = this.query.getAll("filter");
    for (const input of this.form.querySelectorAll("input")) {
      if (input.type === "checkbox") input.checked = filters.includes(input.value);
      else if (document.activeElement !== input) input.value = this.query.get("q") ?? "";
    }
    this.form.querySelector("select")!.value = this.order();
  }

  private card(item: IdeaItem): HTMLElement {
    const first = item.pictures[0];
    const box = h("input", { type: "checkbox", checked: this.codes.includes(item.code) });
    box.dataset.code = item.code;
    box.addEventListener("change", () => this.choose(item.code, box.checked));
    return h(
      "li",
      { class: "card" },
      h(
        "div",
        { class: first ? "frame" : "frame frame--words" },
        first
          ? picture(first, { sizes: "(min-width: 60rem) 22rem, (min-width: 36rem) 45vw, 92vw" })
          : h("p", { "aria-hidden": "true" }, item.title),
      ),
      h("h3", {}, h("a", { href: `/ideas/${item.code}` }, item.title)),
      h("p", { class: "quiet" }, item.credit),
      h("label", { class: "tick" }, box, h("span", {}, "Compare", h("span", { class: "unseen" }, ` ${item.title}`))),
    );
  }

  private choose(code: string, is: boolean): void {
    const others = this.codes.filter((known) => known !== code);
    this.codes = is ? [...others, code].slice(-MOST_COMPARED) : others;
    keepChosen(this.brief.id, this.codes);
    for (const box of this.list.querySelectorAll<HTMLInputElement>("input[data-code]"))
      box.checked = this.codes.includes(box.dataset.code!);
    this.showTray();
    say(`${this.codes.length} of ${MOST_COMPARED} chosen`);
  }

  private showTray(): void {
    const enough = this.codes.length >= 2;
    const query = this.codes.map((code) => `code=${code}`).join("&");
    this.tray.hidden = this.codes.length === 0;
    fill(
      this.tray,
      h("p", {}, enough ? `${this.codes.length} chosen` : "One chosen: choose one to three more"),
      enough &&
        h("a", { class: "button button--loud", href: `/briefs/${this.brief.id}/compare?${query}` }, "Compare"),
      h("button", { type: "button", class: "button", click: () => this.clear() }, "Clear"),
    );
  }

  private clear(): void {
    this.codes = [];
    keepChosen(this.brief.id, []);
    for (const box of this.list.querySelectorAll<HTMLInputElement>("input[data-code]")) box.checked = false;
    this.showTray();
    this.form.querySelector("input")?.focus();
    say("Nothing chosen");
  }
}
