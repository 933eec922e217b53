// Writes src/schema.d.ts from an OpenAPI document: a file, or the address of one.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const OURS = new URL("../../tests/api/openapi.json", import.meta.url);
const HEADER = "// Generated from the OpenAPI document; not kept in the repository.\n";
const source = process.argv[2] ?? OURS;

async function read(from) {
  if (!/^https?:/.test(String(from))) return JSON.parse(await readFile(from, "utf8"));
  const response = await fetch(from);
  if (!response.ok) throw new Error(`${from} answers ${response.status}`);
  return response.json();
}

// Where a site mounts the API is no matter of types: it is in config.json.
function withoutPrefix(paths) {
  const [first, ...others] = Object.keys(paths).map((path) => path.split("/"));
  const different = first.findIndex((part, at) => others.some((path) => path[at] !== part));
  const below = (path) => "/" + path.split("/").slice(different).join("/");
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [below(path), item]));
}

const document = await read(source);
document.paths = withoutPrefix(document.paths);
const blob = ts.factory.createTypeReferenceNode("Blob");
const nodes = await openapiTS(document, {
  transform: (schema) => (schema.format === "binary" ? blob : undefined),
});
await writeFile(new URL("src/schema.d.ts", import.meta.url), HEADER + astToString(nodes));
