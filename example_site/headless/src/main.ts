/** Where the front end begins: configuration, shell, addresses. */
import "@fontsource-variable/archivo/wdth.css";
import "./style.css";
import { connect } from "./api";
import { readConfig } from "./config";
import { start, type Route } from "./router";
import { brief } from "./screens/brief";
import { call } from "./screens/call";
import { calls } from "./screens/calls";
import { compare } from "./screens/compare";
import { data } from "./screens/data";
import { idea } from "./screens/idea";
import { confirm, mine, resume } from "./screens/mine";
import { notice } from "./screens/notice";
import { edit, own } from "./screens/own";
import { preview } from "./screens/preview";
import { send } from "./screens/send";
import { shell } from "./shell";

const ROUTES: Route[] = [
  [/^\/$/, calls],
  [/^\/calls\/(\d+)$/, call],
  [/^\/briefs\/(\d+)$/, brief],
  [/^\/briefs\/(\d+)\/compare$/, compare],
  [/^\/briefs\/(\d+)\/send$/, send],
  [/^\/ideas\/([\w-]+)$/, idea],
  [/^\/ideas\/([\w-]+)\/notice$/, notice],
  [/^\/mine$/, mine],
  [/^\/mine\/([\w-]+)$/, own],
  [/^\/mine\/([\w-]+)\/edit$/, edit],
  [/^\/mine\/([\w-]+)\/data$/, data],
  // Where PRIVATE_LINKS lead, with "#<code>/<token>" behind them.
  [/^\/confirm$/, confirm],
  [/^\/draft$/, resume],
  // Where PREVIEW_URL leads, with "#draft/<token>" behind it.
  [/^\/preview$/, preview],
];

const config = await readConfig();
connect(config.api);
shell.build(config.name);
start(ROUTES);
