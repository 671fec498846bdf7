// A person's card: who he is, his channels, the bot's link, blocking; and the form of a new person.

import { ask, ask_first, avatar, button, dialog, field, fullName, icon, make, select, toggle } from "./dom.js";
import { speaks, t } from "./words.js";

const CODES = ["ru", "en", "be", "uk", "kk", "uz", "tr", "de", "es", "fr", "ar", "fa", "zh-hans"];

function languages() {
  const names = new Intl.DisplayNames([speaks()], { type: "language" });
  return [...CODES.map((code) => [code, `${names.of(code)} (${code})`]), ["", t("noLanguage")]];
}

const fieldsOf = (person) => [
  make("div", "two", field("first_name", t("firstName"), person.first_name || "", { required: true, maxLength: 64 }),
    field("last_name", t("lastName"), person.last_name || "", { maxLength: 64 })),
  make("div", "two", field("username", t("username"), person.username || "", { pattern: "[A-Za-z]\\w{3,31}" }),
    select("language_code", t("languageCode"), languages(), person.language_code ?? (person.id ? "" : speaks()))),
  toggle("is_premium", t("premium"), Boolean(person.is_premium)),
  toggle("owner", t("isOwner"), Boolean(person.owner)),
];

const told = (form) => ({
  first_name: form.first_name.value, last_name: form.last_name.value, username: form.username.value,
  language_code: form.language_code.value, is_premium: form.is_premium.checked, owner: form.owner.checked,
});

export function newPerson(added) {
  const box = dialog("new-person", t("add"));
  const payload = field("payload", t("payload"), "", { pattern: "[A-Za-z0-9_\\-]*", maxLength: 64, placeholder: t("payloadHint") });
  const form = make("form", "", ...fieldsOf({}), payload,
    make("div", "row", button("plain", t("cancel"), () => box.close()), Object.assign(make("button", "main", t("addPerson")), { type: "submit" })));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const start = form.payload.value;
    const person = await ask("people", told(form));
    box.close();
    added(person, start);
  };
  box.append(form);
  form.first_name.focus();
}

export function showCard(chat) {
  const { person } = chat.seen;
  const box = dialog("card", "", make("div", "face", avatar(person), make("b", "", fullName(person)), make("small", "", `id ${person.id}`)));
  const form = make("form", "", ...fieldsOf(person), Object.assign(make("button", "main", t("save")), { type: "submit" }));
  form.onsubmit = async (event) => {
    event.preventDefault();
    await ask(`people/${person.id}`, told(form));
    box.close();
  };
  box.append(form, linkOf(chat, box), channelsOf(chat, box), deedsOf(chat, box));
}

function linkOf(chat, box) {
  const payload = field("payload", t("payload"), "", { pattern: "[A-Za-z0-9_\\-]*", maxLength: 64, placeholder: t("payloadHint") });
  const form = make("form", "inline", payload, Object.assign(make("button", "main", t("go")), { type: "submit" }));
  form.onsubmit = (event) => {
    event.preventDefault();
    box.close();
    chat.say(form.payload.value ? `/start ${form.payload.value}` : "/start");
  };
  return make("section", "", make("h3", "", t("openLink")), form);
}

function channelsOf(chat, box) {
  const { channels } = chat.seen;
  const list = channels.map((channel) => make("div", "channel", make("b", "", channel.title), make("span", "quiet", ` @${channel.username}`),
    toggle(`@${channel.username}`, t("subscribed"), channel.member, (member) => chat.act("channel", { channel: channel.username, member })),
    toggle(`admin @${channel.username}`, t("botAdmin"), channel.bot_is_admin,
      (bot_is_admin) => ask("channels", { username: channel.username, title: channel.title, bot_is_admin }))));
  const form = make("form", "inline", field("channel", t("channelName"), "", { required: true, pattern: "@?[A-Za-z]\\w{3,31}" }),
    field("title", t("channelTitle")), Object.assign(make("button", "plain", t("addChannel")), { type: "submit" }));
  form.onsubmit = async (event) => {
    event.preventDefault();
    await ask("channels", { username: form.channel.value, title: form.title.value });
    await chat.draw();
    box.close();
    showCard(chat);
  };
  return make("section", "", make("h3", "", t("channels")), ...(list.length ? list : [make("p", "quiet", t("noChannels"))]), form);
}

function deedsOf(chat, box) {
  const { blocked, deactivated } = chat.seen.person;
  const deed = (name, sign, action) => button(`deed act-${name}`, [icon(sign), t(name)], () => { box.close(); action(); });
  const made = make("section", "deeds");
  if (deactivated) return made;
  made.append(blocked ? deed("unblock", "check", () => chat.act("unblock")) : deed("block", "block", () => chat.act("block")),
    deed("deactivate", "trash", () => ask_first("sure", t("sure"), t("deactivate"), () => chat.act("deactivate"))));
  return made;
}
