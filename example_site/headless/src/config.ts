/** What a deployment says of itself in /config.json, read once when the page opens. */
export interface Config {
  /** Where the site mounts the API, such as https://www.example.com/crowdbrand/api/v1 */
  api: string;
  /** What stands at the top of every page. */
  name: string;
}

export async function readConfig(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  const given = (await response.json()) as Partial<Config>;
  if (!given.api) throw new Error("config.json names no api");
  return { api: given.api.replace(/\/+$/, ""), name: given.name ?? "Open calls" };
}
