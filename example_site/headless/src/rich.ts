/** Rich text of editors, element by element: nothing that is not on the list gets in. */
const KEPT = new Set([
  "P", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "LI", "B", "STRONG", "I", "EM", "BR", "HR",
  "BLOCKQUOTE", "SUP", "SUB", "CODE",
]);
const DROPPED = new Set(["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "TEMPLATE"]);

export function rich(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const result = document.createDocumentFragment();
  copy(parsed.body, result);
  return result;
}

function copy(from: Node, to: Node): void {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(node.textContent ?? ""));
    else if (node instanceof Element && !DROPPED.has(node.tagName)) copy(node, inside(node, to));
  }
}

/** Where the content of an element goes: its copy, or what is around it. */
function inside(element: Element, to: Node): Node {
  const address = element.tagName === "A" ? element.getAttribute("href") : null;
  if (address && /^(https?:|mailto:)/i.test(address)) {
    const link = document.createElement("a");
    link.href = address;
    link.rel = "noopener";
    return to.appendChild(link);
  }
  if (!KEPT.has(element.tagName)) return to;
  return to.appendChild(document.createElement(element.tagName));
}
