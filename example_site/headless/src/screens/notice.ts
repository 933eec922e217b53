/** Say what is wrong with an idea that is on show. */
import { api, get, Refusal } from "../api";
import { fill, h } from "../elements";
import { fieldFor, framed, type Field } from "../fields";
import type { Place, Screen } from "../router";
import { say } from "../shell";
import { explain } from "../trouble";
import { readIdea } from "./idea";

export async function notice({ params }: Place): Promise<Screen> {
  const code = params[0]!;
  const [idea, { items: reasons }] = await Promise.all([readIdea(code), get(api.GET("/notice-reasons"))]);
  const trouble = h("p", { class: "note", role: "alert", hidden: true });
  const inputs = reasons.map((reason) => h("input", { type: "radio", name: "reason", value: reason.code }));
  const options = h(
    "div",
    { class: "options" },
    ...inputs.map((input, at) => h("label", { class: "option" }, input, h("span", {}, reasons[at]!.label))),
  );
  const faith = h("input", { type: "checkbox" });
  const fields: Record<string, Field> = {
    reason: framed({ name: "reason", label: "What is wrong?", required: true }, options, inputs, {
      group: true,
      read: () => inputs.find((input) => input.checked)?.value ?? "",
    }),
    text: fieldFor({ maxLength: 3000 }, { name: "text", label: "Tell us more", required: true }),
    name: fieldFor({ maxLength: 120 }, { name: "name", label: "Your name" }),
    email: fieldFor({ format: "email" }, { name: "email", label: "E-mail address", hint: "We tell you what came of it." }),
  };
  const body = h("article", { class: "send" });
  const word = (name: string) => String(fields[name]!.read()).trim();
  const submit = async (event: Event) => {
    event.preventDefault();
    trouble.hidden = true;
    for (const field of Object.values(fields)) field.complain("");
    try {
      if (!word("reason")) throw new Refusal(422, "invalid", "Please choose what is wrong.", [
        { field: "reason", message: "Please choose one." },
      ]);
      if (!faith.checked) throw new Refusal(422, "invalid", "Please tick that what you say is accurate.");
      const sent = { reason: word("reason"), text: word("text"), name: word("name"), email: word("email"), good_faith: true as const };
      await get(api.POST("/submissions/{code}/notices", { params: { path: { code } }, body: sent }));
      fill(body, ...thanks(idea.brief_id));
      body.querySelector("h1")?.focus();
      say("Thank you");
    } catch (error) {
      if (error instanceof Refusal) for (const { field, message } of error.fields) fields[field]?.complain(message);
      trouble.textContent = explain(error);
      trouble.hidden = false;
    }
  };
  fill(
    body,
    h("p", { class: "tags" }, h("a", { href: `/ideas/${code}` }, idea.title)),
    h("h1", {}, "Something is wrong with it"),
    h("p", { class: "lead" }, "A person reads what you write, and decides."),
    h(
      "form",
      { class: "form", novalidate: true, submit },
      ...Object.values(fields).map((field) => field.element),
      h("label", { class: "option" }, faith, h("span", {}, "To my knowledge, what I say is accurate and complete.")),
      trouble,
      h("p", { class: "actions" }, h("button", { class: "button button--loud" }, "Send")),
    ),
  );
  return { title: `Notice: ${idea.title}`, body };
}

function thanks(brief: number): HTMLElement[] {
  return [
    h("h1", { tabindex: "-1" }, "Thank you"),
    h("p", { class: "lead" }, "Your notice is with the people who look after the gallery."),
    h("p", { class: "actions" }, h("a", { class: "button", href: `/briefs/${brief}` }, "Back to the gallery")),
  ];
}
