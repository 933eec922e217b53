/** Codes of the API in words, dates in the zone of the campaign. */
import type { Brief, CampaignItem, Own } from "./api";

const LANGUAGE = "en";

export const KINDS: Record<Brief["deliverable_kind"], string> = {
  name: "A name",
  tagline: "A tagline",
  logo: "A logo",
  visual_direction: "A visual direction",
  campaign_concept: "A campaign concept",
};

const PHASES: Record<CampaignItem["phase"], string> = {
  announced: "Opens soon",
  open: "Open",
  clearance: "Closed, being reviewed",
  revealed: "All ideas are out",
  deciding: "Being decided",
  overdue: "Decision overdue",
  decided: "Decided",
  archived: "Archive",
};

export function standing(campaign: CampaignItem): string {
  if (campaign.hold === "paused") return "Paused";
  if (campaign.hold === "cancelled") return "Cancelled";
  return PHASES[campaign.phase];
}

export const VISIBILITY = {
  public: "Shown with your idea.",
  jury: "Only the jury reads this.",
  staff: "Only the organisers read this.",
};

const NEXT: Partial<Record<Own["status"], string>> = {
  draft: "It is not sent yet.",
  unconfirmed: "We have sent you a mail. Your idea counts once you open its link and confirm.",
  in_review: "A person looks at it now. You get a mail as soon as it is decided.",
  changes_requested: "Please change it as asked below. It is reviewed again afterwards.",
  on_show: "Everybody can see it.",
  on_show_edit: "The version that was approved stays on show until your change is reviewed.",
  withdrawn: "You took it back. Nobody sees it any more.",
};

export function whatNext(status: Own["status"]): string {
  return NEXT[status] ?? "";
}

/** A moment in the time of the campaign, with the zone named. */
export function moment(iso: string, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "full", timeStyle: "short" };
  const date = new Date(iso);
  try {
    const text = date.toLocaleString(LANGUAGE, { ...options, timeZone: zone });
    return `${text} (${zone.replaceAll("_", " ")})`;
  } catch {
    return date.toLocaleString(LANGUAGE, options);
  }
}

export function day(iso: string): string {
  return new Date(iso).toLocaleDateString(LANGUAGE, { dateStyle: "long" });
}

/** "in 5 days", "3 hours ago" */
export function distance(iso: string): string {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size * 2) ?? steps[2]!;
  return new Intl.RelativeTimeFormat(LANGUAGE).format(Math.round(seconds / size), unit);
}

export function count(number: number, one: string, many: string, more = false): string {
  const text = number.toLocaleString(LANGUAGE) + (more ? "+" : "");
  return `${text} ${number === 1 && !more ? one : many}`;
}
