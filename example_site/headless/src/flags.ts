/** Signal flags: one for each kind of brief, by the letter it begins with. */
import type { Brief } from "./api";

const SVG = "http://www.w3.org/2000/svg";
type Colour = "red" | "yellow" | "blue" | "white" | "black";
type Patch = [colour: Colour, path: string];

const whole = "M0 0h12v12H0z";
const checker = [0, 3, 6, 9]
  .flatMap((y) => [0, 6].map((x) => `M${x + ((y / 3) % 2) * 3} ${y}h3v3h-3z`))
  .join("");

const FLAGS: Record<string, Patch[]> = {
  // November, Tango, Lima, Victor, Charlie of the International Code of Signals
  name: [["white", whole], ["blue", checker]],
  tagline: [["red", "M0 0h4v12H0z"], ["white", "M4 0h4v12H4z"], ["blue", "M8 0h4v12H8z"]],
  logo: [["yellow", whole], ["black", "M6 0h6v6H6zM0 6h6v6H0z"]],
  visual_direction: [
    ["white", whole],
    ["red", "M0 0h2.2L6 3.8 9.8 0H12v2.2L8.2 6 12 9.8V12H9.8L6 8.2 2.2 12H0V9.8L3.8 6 0 2.2z"],
  ],
  campaign_concept: [
    ["white", whole],
    ["blue", "M0 0h12v2.4H0zM0 9.6h12V12H0z"],
    ["red", "M0 4.8h12v2.4H0z"],
  ],
  oscar: [["yellow", whole], ["red", "M0 0h12v12z"]],
};

function flag(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("class", "flag");
  svg.setAttribute("aria-hidden", "true");
  for (const [colour, d] of FLAGS[name] ?? FLAGS.oscar!) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", `flag__${colour}`);
    svg.append(path);
  }
  return svg;
}

export function flagOf(kind: Brief["deliverable_kind"]): SVGSVGElement {
  return flag(kind);
}

/** "OC" */
export function hoist(): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(flag("oscar"), flag("campaign_concept"));
  return fragment;
}
