// One open chat: what the person sees and everything he can do in it.

import { showAttach } from "./attach.js";
import { rows } from "./bubbles.js";
import { showCard } from "./card.js";
import { $, ask, avatar, button, dialog, fullName, icon, make } from "./dom.js";
import { askNumber, askPlace } from "./attach.js";
import { t } from "./words.js";

const QUICK = ["👍", "👎", "❤", "🔥", "🎉", "😢"];
const AT_ONCE = 60;

export function marks(person) {
  const made = [];
  if (person.owner) made.push(make("span", "mark", t("owner")));
  if (person.deactivated) made.push(make("span", "mark bad", t("gone")));
  else if (person.blocked) made.push(make("span", "mark bad", t("blocked")));
  return made;
}

export class Chat {
  constructor(id, closed) {
    Object.assign(this, { id, closed, toastSeen: null, keysHidden: false, limit: AT_ONCE, drawn: "", seen: null, payload: "", reply: null, edited: null });
    this.root = $("#chat-template").content.firstElementChild.cloneNode(true);
    this.root.dataset.chat = id;
    this.furnish();
  }

  $(selector) { return $(selector, this.root); }

  furnish() {
    const area = this.$("textarea");
    this.$(".back").append(icon("back"));
    this.$(".close").append(icon("close"));
    this.$(".about-person").append(icon("dots"));
    this.$(".slash").append(icon("slash"));
    this.$(".keys").append(icon("keyboard"));
    this.$(".clip").append(icon("clip"));
    this.$(".send").append(icon("send"));
    this.$(".drop").append(icon("close"));
    this.$(".back").onclick = this.$(".close").onclick = () => this.closed(this.id);
    this.$(".about-person").onclick = this.$(".who").onclick = () => showCard(this);
    this.$(".write").onsubmit = (event) => { event.preventDefault(); this.submit(); };
    area.oninput = () => { area.style.height = "auto"; area.style.height = `${area.scrollHeight}px`; };
    area.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") this.refer();
    };
    this.$(".start").onclick = () => this.start();
    this.$(".slash").onclick = () => this.showCommands();
    this.$(".clip").onclick = () => showAttach(this);
    this.$(".keys").onclick = () => { this.keysHidden = !this.keysHidden; this.drawKeyboard(); };
    this.$(".drop").onclick = () => this.refer();
    this.$(".alert button").onclick = () => { this.$(".alert").hidden = true; };
    const box = this.$(".messages");
    this.below = true;
    let top = 0;
    box.onscroll = () => { // only a hand moves it up; growing messages and a smaller box do not
      if (box.scrollTop < top - 2) this.below = false;
      if (box.scrollHeight - box.scrollTop - box.clientHeight < 40) this.below = true;
      top = box.scrollTop;
    };
    box.addEventListener("load", () => this.stick(), true);
    new ResizeObserver(() => this.stick()).observe(box);
    this.$(".messages").onclick = () => { this.$(".commands").hidden = this.$(".extras").hidden = true; };
  }

  async act(name, body = {}) {
    try {
      return await ask(`people/${this.id}/${name}`, body);
    } catch (problem) {
      this.toast(t("failed") + problem.message);
      return null;
    }
  }

  say(text) {
    if (!text.trim()) return;
    this.act("text", { text, reply_to: this.reply?.message_id });
    this.refer();
  }

  submit() {
    const area = this.$("textarea");
    if (this.edited) this.act("edit", { message_id: this.edited.message_id, text: area.value });
    else this.say(area.value);
    area.value = "";
    area.style.height = "auto";
    this.refer();
  }

  async start() {
    if (this.seen?.person.blocked) await this.act("unblock");
    this.say(this.payload && !this.seen?.messages.length ? `/start ${this.payload}` : "/start");
  }

  react(message, emoji) { return this.act("react", { message_id: message.message_id, emoji }); }

  show(id) {
    const found = this.$(`[data-message="${id}"]`);
    found?.scrollIntoView({ block: "center", behavior: "smooth" });
    found?.classList.add("found");
    setTimeout(() => found?.classList.remove("found"), 1500);
  }

  // What the next words belong to: an answer, a correction, or nothing.
  refer(reply = null, edited = null) {
    Object.assign(this, { reply, edited });
    const bar = this.$(".refer");
    bar.hidden = !reply && !edited;
    if (bar.hidden) return;
    $("b", bar).textContent = t(edited ? "editing" : "reply");
    $("span", bar).textContent = (reply || edited).text || (reply || edited).caption || "…";
    const area = this.$("textarea");
    if (edited) area.value = edited.text;
    area.focus();
  }

  menu(message, at, event) {
    $(".context")?.remove();
    const box = make("div", "context");
    const item = (name, sign, action) => button(`act-${name}`, [icon(sign), t(name)], () => { box.remove(); action(); });
    if (message.from_bot) {
      box.append(make("div", "quick", ...QUICK.map((emoji) => button("", emoji, () => {
        box.remove();
        this.react(message, message.reactions.person === emoji ? "" : emoji);
      }))));
    }
    box.append(item("reply", "reply", () => this.refer(message)));
    if (message.text || message.caption) box.append(item("copy", "copy", () => navigator.clipboard?.writeText(message.text || message.caption)));
    if (!message.from_bot && message.text) box.append(item("edit", "edit", () => this.refer(null, message)));
    box.append(item("json", "code", () => dialog("json", t("json"), make("pre", "json", JSON.stringify(message, null, 2)))));
    document.body.append(box);
    const { width, height } = box.getBoundingClientRect();
    const [x, y] = [event?.clientX || at.getBoundingClientRect().left, event?.clientY || at.getBoundingClientRect().top];
    box.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
    setTimeout(() => document.addEventListener("click", () => box.remove(), { once: true }));
  }

  showCommands() {
    const box = this.$(".commands");
    const lines = this.seen.commands.map(({ command, description }) => (
      button("", [make("b", "", `/${command}`), make("span", "", description)], () => { box.hidden = true; this.say(`/${command}`); })
    ));
    box.replaceChildren(...(lines.length ? lines : [make("p", "", t("noCommands"))]));
    this.$(".extras").hidden = true;
    box.hidden = !box.hidden;
  }

  async draw() {
    const seen = await ask(`chats/${this.id}?limit=${this.limit}`);
    const old = this.seen;
    this.seen = seen;
    if (JSON.stringify(seen.messages) !== this.drawn) this.drawMessages();
    this.drawHead();
    this.showToasts(old);
    const { started, blocked, deactivated } = seen.person;
    const silent = !started || blocked || deactivated;
    this.$(".write").hidden = silent;
    this.$(".start").hidden = !silent || deactivated;
    this.$(".start").textContent = blocked ? t("restart") : t("start");
    this.$("textarea").placeholder = seen.keyboard?.input_field_placeholder || t("message");
    this.drawKeyboard();
    this.stick();
    if (seen.person.unread && document.visibilityState === "visible") ask(`people/${this.id}/read`, {});
  }

  drawHead() {
    const { person } = this.seen;
    this.$(".head .avatar").replaceWith(avatar(person));
    this.$(".who b").replaceChildren(make("span", "", fullName(person)), person.is_premium ? make("span", "star", "★") : "", ...marks(person).slice(0, 1));
    const about = [person.username && `@${person.username}`, `id ${person.id}`, person.language_code];
    if (!this.root.classList.contains("typing")) this.$(".who small").textContent = about.filter(Boolean).join(" · ");
  }

  drawMessages() {
    const box = this.$(".messages");
    const made = rows(this.seen.messages, this);
    if (this.seen.messages.length >= this.limit) {
      made.unshift(button("day", t("earlier"), () => { this.limit += AT_ONCE; this.draw(); }));
    }
    if (!made.length) {
      made.push(make("div", "about", avatarOfBot(), make("b", "", t("about")), make("p", "", this.seen.description)));
    }
    box.replaceChildren(...made);
    this.drawn = JSON.stringify(this.seen.messages);
    this.stick();
  }

  // Whoever looks at the last message goes on looking at it, whatever grows or loads.
  stick() { if (this.below) this.$(".messages").scrollTop = this.$(".messages").scrollHeight; }

  drawKeyboard() {
    const keyboard = this.seen.keyboard;
    this.$(".keys").hidden = !keyboard;
    const box = this.$(".keyboard");
    box.hidden = !keyboard || this.keysHidden || this.$(".write").hidden;
    box.replaceChildren(...(keyboard?.keyboard || []).map((keys) => make("div", "", ...keys.map((key) => {
      const text = key.text ?? key;
      const sign = key.request_contact ? icon("user") : key.request_location ? icon("pin") : null;
      return button("", [sign, text].filter(Boolean), () => {
        if (key.request_contact) askNumber(this);
        else if (key.request_location) askPlace(this);
        else this.say(text);
      });
    }))));
  }

  showToasts(old) {
    const last = this.seen.toasts.at(-1);
    const seq = last?.seq || 0;
    if (old && seq > this.toastSeen) {
      if (last.alert) {
        this.$(".alert p").textContent = last.text;
        this.$(".alert").hidden = false;
      } else this.toast(last.text);
    }
    this.toastSeen = seq;
  }

  toast(text) {
    const box = this.$(".toast");
    box.textContent = text;
    box.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { box.hidden = true; }, 3500);
  }

  answered() { for (const key of this.root.querySelectorAll(".waiting")) key.classList.remove("waiting"); }

  type() {
    this.root.classList.add("typing");
    this.$(".who small").textContent = t("typing");
    setTimeout(() => { this.root.classList.remove("typing"); if (this.seen) this.drawHead(); }, 3000);
  }
}

function avatarOfBot() {
  return make("span", "avatar bot", icon("send"));
}
