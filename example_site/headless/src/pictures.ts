/** Pictures of the API in the size the screen needs. */
import type { Picture } from "./api";
import { h } from "./elements";

export function picture(shown: Picture, { sizes, eager = false }: { sizes: string; eager?: boolean }) {
  const largest = shown.renditions.at(-1);
  if (!largest) return null;
  return h("img", {
    src: largest.url,
    srcset: shown.renditions.map(({ url, width }) => `${url} ${width}w`).join(", "),
    sizes,
    width: largest.width,
    height: largest.height,
    alt: shown.alt,
    loading: eager ? "eager" : "lazy",
    decoding: "async",
  });
}
