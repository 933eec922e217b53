/** Form controls with label, hint and a place for what is wrong with them. */
import { fill, h, type Child } from "./elements";

export interface Field {
  element: HTMLElement;
  /** What the summary of errors leads to. */
  target: HTMLElement;
  label: string;
  read(): string | string[];
  complain(message: string): void;
}

export interface Asked {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  value?: string | string[] | undefined;
}

/** The part of JSON Schema that the API speaks. */
export interface Schema {
  type?: string;
  title?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  enum?: string[];
  items?: { enum?: string[] };
  properties?: Record<string, Schema>;
  required?: string[];
  minItems?: number;
  maxItems?: number;
}

const KEYBOARDS: Record<string, string> = { uri: "url", email: "email", date: "date" };

/** The control a schema asks for. Pictures have one of their own. */
export function fieldFor(schema: Schema, asked: Asked): Field {
  if (schema.enum) return choices(asked, schema.enum, "radio");
  if (schema.items?.enum) return choices(asked, schema.items.enum, "checkbox");
  return words(schema, asked);
}

function words(schema: Schema, asked: Asked): Field {
  const long = (schema.maxLength ?? 0) > 300 && !schema.format;
  const shared = { id: asked.name, name: asked.name, value: String(asked.value ?? "") };
  const control = long
    ? h("textarea", { ...shared, rows: 5 })
    : h("input", {
        ...shared,
        type: KEYBOARDS[schema.format ?? ""] ?? "text",
        inputmode: schema.pattern ? "decimal" : null,
        autocomplete: asked.name === "email" ? "email" : "off",
      });
  const most = schema.maxLength;
  const counter = long && most ? h("span", { class: "counter" }) : null;
  const recount = () => {
    const left = most! - [...control.value].length;
    counter!.textContent = left >= 0 ? `${left} characters left` : `${-left} characters too many`;
    counter!.classList.toggle("counter--over", left < 0);
  };
  if (counter) {
    control.addEventListener("input", recount);
    recount();
  }
  return framed(asked, control, [control], { after: counter, read: () => control.value });
}

function choices(asked: Asked, options: string[], type: "radio" | "checkbox"): Field {
  const given = [asked.value ?? []].flat();
  const inputs = options.map((value) =>
    h("input", { type, name: asked.name, value, checked: given.includes(value) }),
  );
  const none = type === "radio" && !asked.required;
  const empty = h("input", { type, name: asked.name, value: "", checked: given.join("") === "" });
  const shown = none ? [...inputs, empty] : inputs;
  const group = h(
    "div",
    { class: "options" },
    ...shown.map((input) =>
      h("label", { class: "option" }, input, h("span", {}, input.value || "No answer")),
    ),
  );
  const checked = () => shown.filter((input) => input.checked).map((input) => input.value);
  const read = () => (type === "radio" ? (checked()[0] ?? "") : checked());
  return framed(asked, group, shown, { group: true, read });
}

interface Framing {
  read: Field["read"];
  group?: boolean;
  after?: Child;
}

/** Label or legend above, hint below it, error below that, and all of it announced. */
export function framed(asked: Asked, body: HTMLElement, inputs: HTMLElement[], framing: Framing): Field {
  const id = `${asked.name}-hint`;
  const errorId = `${asked.name}-error`;
  const error = h("p", { id: errorId, class: "field__error" });
  const label = [asked.label, !asked.required && h("span", { class: "quiet" }, " (optional)")];
  const hint = asked.hint ? h("p", { id, class: "hint" }, asked.hint) : null;
  const element = framing.group
    ? h("fieldset", { class: "field" }, h("legend", {}, label), hint, error, body, framing.after)
    : h("div", { class: "field" }, h("label", { for: asked.name }, label), hint, error, body, framing.after);
  const described = framing.group ? [element] : inputs;
  const describe = (wrong: boolean) => {
    const ids = [hint && id, wrong && errorId].filter(Boolean).join(" ");
    for (const each of described) {
      if (ids) each.setAttribute("aria-describedby", ids);
      else each.removeAttribute("aria-describedby");
    }
    for (const each of inputs) {
      if (wrong) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
  };
  describe(false);
  return {
    element,
    target: inputs[0] ?? body,
    label: asked.label,
    read: framing.read,
    complain(message) {
      fill(error, message);
      element.classList.toggle("field--wrong", message !== "");
      describe(message !== "");
    },
  };
}
