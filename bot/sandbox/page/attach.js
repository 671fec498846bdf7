// Everything that is not a text: files, pictures, stickers, places, phone numbers.

import { ask, button, dialog, field, fullName, icon, make, select } from "./dom.js";
import { speaks, t } from "./words.js";

const STICKERS = ["🙂", "😂", "😍", "🤔", "😢", "😡", "👍", "👎", "❤️", "🔥", "🎉", "🙏", "👋", "🤝", "💪", "🎁", "🌷", "☕"];
const CITIES = [
  ["Москва", "Moscow", 55.7558, 37.6173], ["Санкт-Петербург", "Saint Petersburg", 59.9386, 30.3141], ["Казань", "Kazan", 55.7963, 49.1088],
  ["Екатеринбург", "Yekaterinburg", 56.8389, 60.6057], ["Новосибирск", "Novosibirsk", 55.0302, 82.9204], ["Владивосток", "Vladivostok", 43.1155, 131.8855],
  ["Калининград", "Kaliningrad", 54.7104, 20.4522], ["Алматы", "Almaty", 43.2389, 76.8897], ["Минск", "Minsk", 53.9006, 27.559], ["Лондон", "London", 51.5074, -0.1278],
];
export const ownNumber = (id) => `+7916${String(1000000 + id).slice(-7)}`;

export function showAttach(chat) {
  const box = chat.$(".extras");
  const items = [
    ["picture", "picture", () => pick(chat, "photo", "image/*")],
    ["samplePicture", "picture", () => chat.act("photo")],
    ["file", "file", () => pick(chat, "document", "")],
    ["video", "video", () => pick(chat, "video", "video/*")],
    ["animation", "video", () => pick(chat, "animation", "image/gif,video/mp4")],
    ["videoNote", "video", () => pick(chat, "video_note", "video/*")],
    ["audio", "file", () => pick(chat, "audio", "audio/*")],
    ["voice", "voice", () => chat.act("voice")],
    ["sticker", "smile", () => askSticker(chat)],
    ["contact", "user", () => askContact(chat)],
    ["poll", "file", () => askPoll(chat)],
    ["location", "pin", () => askPlace(chat)],
  ];
  box.replaceChildren(...items.map(([word, sign, action]) => (
    button(`act-${word}`, [icon(sign), t(word)], () => { box.hidden = true; action(); })
  )));
  chat.$(".commands").hidden = true;
  box.hidden = !box.hidden;
}

function pick(chat, kind, accept) {
  const input = chat.$("input[type=file]");
  input.accept = accept;
  input.onchange = () => {
    if (!input.files.length) return;
    const form = new FormData();
    form.append("file", input.files[0]);
    form.append("caption", chat.$("textarea").value);
    chat.$("textarea").value = "";
    chat.act(kind, form);
    input.value = "";
  };
  input.click();
}

function askSticker(chat) {
  const box = dialog("stickers", t("sticker"), make("div", "stickers", ...STICKERS.map((emoji) => (
    button("", emoji, () => { box.close(); chat.act("sticker", { emoji }); })
  ))));
}

function formOf(box, submit, yes, ...fields) {
  const form = make("form", "", ...fields, make("div", "row", button("plain", t("cancel"), () => box.close()),
    Object.assign(make("button", "main", yes), { type: "submit" })));
  form.onsubmit = (event) => { event.preventDefault(); submit(form); box.close(); };
  box.append(form);
  return form;
}

// The keyboard's own button: always the own number, after a question.
export function askNumber(chat) {
  const box = dialog("number", t("contact"), make("p", "", t("shareNumber")));
  formOf(box, (form) => chat.act("contact", { phone_number: form.phone.value }), t("share"),
    field("phone", t("phone"), ownNumber(chat.id), { type: "tel", required: true }));
}

async function askContact(chat) {
  const { people } = await ask("people?limit=200");
  const others = people.filter(({ id }) => id !== chat.id).map((person) => [person.id, fullName(person)]);
  const box = dialog("contact", t("contact"));
  const form = formOf(box, ({ whose, phone, name }) => {
    const card = { phone_number: phone.value };
    if (whose.value === "stranger") card.first_name = name.value || "?";
    else if (whose.value !== "own") card.user_id = Number(whose.value);
    chat.act("contact", card);
  }, t("send"),
  select("whose", t("whose"), [["own", t("ownNumber")], ...others, ["stranger", t("notHere")]], "own"),
  field("name", t("firstName")), field("phone", t("phone"), ownNumber(chat.id), { type: "tel", required: true }));
  form.name.parentElement.hidden = true;
  form.whose.onchange = () => {
    form.name.parentElement.hidden = form.whose.value !== "stranger";
    form.phone.value = form.whose.value === "own" ? ownNumber(chat.id) : ownNumber(Number(form.whose.value) || 42);
  };
}

function askPoll(chat) {
  const box = dialog("poll", t("poll"));
  const options = Object.assign(make("textarea", ""), { name: "options", rows: 4, required: true });
  formOf(box, (form) => chat.act("poll", {
    question: form.question.value,
    options: form.options.value.split("\n").map((line) => line.trim()).filter(Boolean),
  }), t("send"), field("question", t("question"), "", { required: true }), make("label", "", t("pollOptions"), options));
}

export function askPlace(chat) {
  const box = dialog("location", t("location"));
  const name = speaks() === "ru" ? 0 : 1;
  const form = formOf(box, ({ latitude, longitude }) => (
    chat.act("location", { latitude: Number(latitude.value), longitude: Number(longitude.value) })
  ), t("send"), select("city", t("city"), CITIES.map((city, at) => [at, city[name]]), 0),
  make("div", "two", field("latitude", t("latitude"), CITIES[0][2], { type: "number", step: "any", min: -90, max: 90, required: true }),
    field("longitude", t("longitude"), CITIES[0][3], { type: "number", step: "any", min: -180, max: 180, required: true })));
  form.city.onchange = () => { [, , form.latitude.value, form.longitude.value] = CITIES[form.city.value]; };
}
