// The log: every call of the bot with its outcome, newest first.

import { $, ask, button, fullName, make, select, toggle } from "./dom.js";
import { speaks, t } from "./words.js";

const AT_ONCE = 60;

export class Log {
  constructor() { Object.assign(this, { newest: 0, oldest: null, names: new Map() }); }

  async panel() {
    const [methods, { people }] = await Promise.all([ask("log/methods"), ask("people?limit=500")]);
    this.names = new Map(people.map((person) => [person.id, fullName(person)]));
    const form = make("form", "filter", select("chat_id", "", [["", t("allPeople")], ...this.names], ""),
      select("method", "", [["", t("allMethods")], ...methods.map((name) => [name, name])], ""), toggle("wrong", t("onlyWrong"), false));
    form.onchange = () => this.load();
    form.onsubmit = (event) => event.preventDefault();
    return make("div", "panel", form, make("div", "calls"));
  }

  query(more = "") {
    const form = $("#panel-log form");
    const wanted = new URLSearchParams({ newest: 1, limit: AT_ONCE });
    for (const name of ["chat_id", "method"]) if (form[name].value) wanted.set(name, form[name].value);
    if (form.wrong.checked) wanted.set("wrong", 1);
    return `log?${wanted}${more}`;
  }

  async load() {
    const rows = await ask(this.query());
    if (!$("#panel-log")) return;
    this.newest = rows[0]?.seq || 0;
    $("#panel-log .calls").replaceChildren(...rows.map((row) => this.row(row)));
    if (!rows.length) $("#panel-log .calls").append(make("p", "quiet none", t("noCalls")));
    this.earlier(rows);
  }

  earlier(rows) {
    if (rows.length < AT_ONCE) return;
    const more = button("more-people", t("more"), async () => {
      const next = await ask(this.query(`&before=${rows.at(-1).seq}`));
      more.replaceWith(...next.map((row) => this.row(row)));
      this.earlier(next);
    });
    $("#panel-log .calls").append(more);
  }

  async refresh() {
    if (!$("#panel-log")) return;
    const rows = (await ask(this.query())).filter(({ seq }) => seq > this.newest);
    if (!rows.length || !$("#panel-log")) return;
    this.newest = rows[0].seq;
    $("#panel-log .none")?.remove();
    $("#panel-log .calls").prepend(...rows.map((row) => this.row(row)));
  }

  row(row) {
    const good = row.outcome === "delivered" || row.outcome === "done";
    const words = good ? row.text : row.description || row.outcome;
    const made = make("div", `call ${good ? "good" : "wrong"}`);
    const time = new Date(row.arrived_at * 1000).toLocaleTimeString(speaks());
    const head = button("", [make("time", "", time), make("code", "", row.method), make("span", "who-was", this.names.get(row.chat_id) || row.chat_id || ""),
      make("em", "", good ? "200" : String(row.status || "—")), make("small", "", words || "")], () => this.expand(made, row.seq));
    made.dataset.seq = row.seq;
    made.append(head);
    return made;
  }

  async expand(made, seq) {
    const shown = $(".detail", made);
    if (shown) { shown.remove(); return; }
    const { parameters, message, ...row } = await ask(`log/${seq}`);
    const part = (title, value) => [make("h4", "", title), make("pre", "json", JSON.stringify(readable(value), null, 2))];
    const answer = { outcome: row.outcome, status: row.status, description: row.description, message_id: row.message_id };
    made.append(make("div", "detail", ...part(t("request"), parameters), ...part(t("answer"), answer), ...(message ? part(t("nowIs"), message) : [])));
  }
}

// Parameters that are JSON inside a text are shown as what they are.
function readable(value) {
  if (typeof value === "string" && /^[[{]/.test(value)) {
    try { return readable(JSON.parse(value)); } catch { return value; }
  }
  if (Array.isArray(value)) return value.map(readable);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readable(inner)]));
  return value;
}
