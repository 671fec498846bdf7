// The panels beside the chats: the clock, the faults and limits. The log is in log.js.

import { $, ask, ask_first, button, field, fullName, icon, make, say, select, toggle } from "./dom.js";
import { FAULTS, counted, faultWords, speaks, t } from "./words.js";
import { Log } from "./log.js";

const JUMPS = [["hour", 1, 3600], ["day", 1, 86400], ["day", 7, 604800], ["day", 30, 2592000]];
const METHODS = ["sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendPoll", "editMessageText", "editMessageMedia",
  "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery", "getChatMember", "getFile", "getUpdates"];

export class Clock {
  constructor() { Object.assign(this, { told: null, begun: null }); }

  now() { return Date.now() / 1000 + (this.told?.applied_seconds || 0); }

  async load() { this.told = await ask("clock"); this.draw(); }

  async forward(seconds) { this.told = await ask("clock", { forward_seconds: seconds }); this.draw(); }

  // How far the bot has followed the last jump, from 0 to 1; null when it is in step.
  progress() {
    const { offset_seconds: wanted, applied_seconds: applied } = this.told;
    if (wanted - applied < 1) { this.begun = null; return null; }
    this.begun ??= applied;
    return { share: (applied - this.begun) / (wanted - this.begun), done: applied - this.begun, all: wanted - this.begun };
  }

  draw() {
    if (!this.told) return;
    const moment = new Date(this.now() * 1000);
    $("#now").textContent = moment.toLocaleString(speaks(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const progress = this.progress();
    $("#clock").classList.toggle("following", progress !== null);
    $("#clock").style.setProperty("--done", progress ? `${Math.max(4, progress.share * 100)}%` : "100%");
    this.drawPanel(moment, progress);
  }

  drawPanel(moment, progress) {
    const panel = $("#panel-clock");
    if (!panel) return;
    $(".big b", panel).textContent = moment.toLocaleTimeString(speaks(), { hour: "2-digit", minute: "2-digit" });
    $(".big span", panel).textContent = moment.toLocaleDateString(speaks(), { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    const days = this.told.applied_seconds / 86400;
    $(".ahead", panel).textContent = Math.abs(days) < 0.01 ? "" : `${t("offset")}: ${span(this.told.applied_seconds)}`;
    $(".progress", panel).hidden = !progress;
    $(".step", panel).textContent = progress ? `${t("following")}: ${span(progress.done)} / ${span(progress.all)}` : t("followed");
    if (progress) $(".progress i", panel).style.width = `${Math.max(2, progress.share * 100)}%`;
  }

  panel() {
    const days = field("days", t("forward"), "3", { type: "number", min: 0.1, max: 3650, step: "any", required: true });
    const free = make("form", "inline", days, make("span", "unit", t("days")), Object.assign(make("button", "main", "→"), { type: "submit" }));
    free.onsubmit = (event) => { event.preventDefault(); this.forward(Math.round(free.days.value * 86400)); };
    return make("div", "panel", make("div", "big", make("b"), make("span"), make("small", "ahead")),
      make("div", "progress", make("i")), make("p", "step"),
      make("div", "jumps", ...JUMPS.map(([word, count, seconds]) => {
        const jump = button("jump", `+${counted(word, count)}`, () => this.forward(seconds));
        jump.dataset.seconds = seconds;
        return jump;
      })), free, make("p", "quiet", t("clockNote")));
  }
}

function span(seconds) {
  const days = Math.trunc(seconds / 86400);
  return Math.abs(seconds) >= 86400 ? counted("day", days) : counted("hour", Math.round(seconds / 3600));
}

export class Faults {
  constructor() { this.rules = []; }

  async load() {
    this.rules = await ask("faults");
    const badge = $("#open-faults .badge");
    badge.hidden = !this.rules.length;
    badge.textContent = this.rules.length;
  }

  async put(rules) {
    const kept = ["kind", "method", "chat_id", "count", "probability", "seconds", "code", "description"];
    await ask("faults", rules.map((rule) => Object.fromEntries(kept.filter((name) => rule[name] != null).map((name) => [name, rule[name]]))));
    await this.load();
  }

  rule(kind) { return this.rules.find((rule) => rule.kind === kind); }

  async panel() {
    const { people } = await ask("people?limit=200");
    const list = make("div", "", ...Object.keys(FAULTS).map((kind) => this.card(kind, people)));
    const extra = make("section", "deeds", make("h3", "", t("more2")),
      button("deed act-poison", [icon("code"), t("poison")], async () => { await ask("updates", { message: { message_id: "?", date: "?" } }); say(t("poisoned")); }),
      button("deed act-revoke", [icon("block"), t("revoke")], () => ask_first("sure", t("revokeSure"), t("revoke"), async () => { await ask("token/revoke", {}); say(t("revoked")); })));
    return make("div", "panel", make("p", "quiet", t("faultsNote")), list, await this.limits(), extra);
  }

  card(kind, people) {
    const [title, about] = faultWords(kind);
    const rule = this.rule(kind);
    const scope = make("form", "scope", select("method", t("method"), [["", t("everyMethod")], ...METHODS.map((name) => [name, name])], rule?.method),
      select("chat_id", t("person"), [["", t("everyone")], ...people.map((person) => [person.id, fullName(person)])], rule?.chat_id),
      field("count", t("count"), rule?.count ?? "", { type: "number", min: 1, placeholder: t("always") }),
      field("probability", t("probability"), Math.round((rule?.probability ?? 1) * 100), { type: "number", min: 1, max: 100 }));
    if (kind === "slow") scope.append(field("seconds", t("seconds"), rule?.seconds ?? 3, { type: "number", min: 0.1, max: 120, step: "any" }));
    if (kind === "status") scope.append(field("code", t("code"), rule?.code ?? 400, { type: "number", min: 300, max: 599 }), field("description", t("words"), rule?.description ?? "Bad Request: fault"));
    const hits = make("small", "hits", rule ? `${t("hits")}: ${rule.hits}` : "");
    const set = (on) => this.put([...this.rules.filter((one) => one.kind !== kind), ...(on ? [told(kind, scope)] : [])]);
    const power = toggle(kind, make("div", "", make("b", "", title), make("small", "", about)), Boolean(rule), (on) => { made.classList.toggle("on", on); set(on); });
    scope.onchange = () => { if (power.querySelector("input").checked) set(true); };
    scope.onsubmit = (event) => event.preventDefault();
    const made = make("div", `fault${rule ? " on" : ""}`, power, scope, hits);
    made.dataset.kind = kind;
    return made;
  }

  async limits() {
    const now = await ask("limits");
    const number = (name, label, value) => field(name, label, value, { type: "number", min: 0, step: "any" });
    const form = make("form", "", make("div", "two", number("rate", t("rate"), now.rate), number("per_chat_rate", t("perChat"), now.per_chat_rate)),
      number("latency_ms", t("latency"), Array.isArray(now.latency_ms) ? now.latency_ms[1] : now.latency_ms), toggle("penalty", t("penalty"), now.penalty), make("p", "quiet", t("zeroFree")));
    form.onchange = () => ask("limits", {
      rate: Number(form.rate.value), per_chat_rate: Number(form.per_chat_rate.value), latency_ms: Number(form.latency_ms.value), penalty: form.penalty.checked,
    });
    form.onsubmit = (event) => event.preventDefault();
    return make("section", "", make("h3", "", t("limits")), form);
  }

  // The counts of an open panel, without touching what is being typed there.
  drawHits() {
    for (const card of document.querySelectorAll("#panel-faults .fault")) {
      const rule = this.rule(card.dataset.kind);
      $(".hits", card).textContent = rule ? `${t("hits")}: ${rule.hits}` : "";
    }
  }
}

function told(kind, scope) {
  const number = (name) => (scope[name]?.value ? Number(scope[name].value) : undefined);
  return {
    kind, method: scope.method.value || undefined, chat_id: number("chat_id"), count: number("count"),
    probability: (number("probability") ?? 100) / 100, seconds: number("seconds"), code: number("code"), description: scope.description?.value,
  };
}

// Which panel is open: one at a time, beside the chats or, on a phone, over them.
export class Tools {
  constructor() {
    Object.assign(this, { clock: new Clock(), faults: new Faults(), log: new Log(), open: "" });
    for (const name of ["clock", "faults", "log"]) {
      $(`#open-${name}`)?.addEventListener("click", () => this.toggle(name));
    }
    $("#clock").onclick = () => this.toggle("clock");
    setInterval(() => this.tick(), 1000);
  }

  async toggle(name) {
    this.open = this.open === name ? "" : name;
    await this.draw();
  }

  async draw() {
    const side = $("#tools");
    side.hidden = !this.open;
    document.body.classList.toggle("tooling", Boolean(this.open));
    for (const name of ["faults", "log"]) $(`#open-${name}`).classList.toggle("chosen", this.open === name);
    if (!this.open) { side.replaceChildren(); return; }
    const inside = await this[this.open].panel();
    inside.id = `panel-${this.open}`;
    side.replaceChildren(make("header", "", make("h2", "", t(this.open)), button("icon close-tools", icon("close"), () => this.toggle(this.open), t("close"))), inside);
    if (this.open === "clock") this.clock.draw();
    if (this.open === "log") this.log.load();
  }

  async tick() {
    this.clock.draw();
    if (this.open === "faults") { await this.faults.load(); this.faults.drawHits(); }
    if (this.open === "log") await this.log.refresh();
  }
}
