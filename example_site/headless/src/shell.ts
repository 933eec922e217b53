/** What stays while screens change: header, footer, and a voice for screen readers. */
import { h } from "./elements";
import { hoist } from "./flags";

const NAV = [
  ["/", "Calls"],
  ["/mine", "My ideas"],
] as const;

const voice = h("p", { role: "status", class: "unseen" });
const main = h("main", { id: "main", class: "wrap", tabindex: "-1" });
const links = NAV.map(([address, text]) => h("a", { href: address }, text));

export const shell = {
  main,
  name: "Open calls",

  build(name: string): void {
    this.name = name;
    document.body.append(
      h("a", { class: "skip", href: "#main" }, "Skip to content"),
      h(
        "header",
        { class: "top" },
        h(
          "div",
          { class: "wrap top__in" },
          h("a", { href: "/", class: "top__name" }, hoist(), h("span", {}, name)),
          h("nav", { "aria-label": "Main" }, h("ul", {}, ...links.map((link) => h("li", {}, link)))),
        ),
        h("div", { class: "progress", hidden: true }),
      ),
      main,
      h(
        "footer",
        { class: "foot" },
        h(
          "div",
          { class: "wrap" },
          h("p", {}, "No cookies, no accounts. What you type stays in this browser until you send it."),
          h("p", {}, "Built on the open API of wagtail-crowdbrand."),
        ),
      ),
      voice,
    );
  },

  /** After a moment without an answer, a line moves below the header. */
  busy(is: boolean): void {
    main.setAttribute("aria-busy", String(is));
    document.querySelector(".progress")?.toggleAttribute("hidden", !is);
  },

  mark(path: string): void {
    for (const link of links) {
      const here = link.pathname === "/" ? path === "/" : path.startsWith(link.pathname);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  },
};

/** Says it to those who do not see it happen. */
export function say(text: string): void {
  voice.textContent = "";
  setTimeout(() => (voice.textContent = text), 50);
}
