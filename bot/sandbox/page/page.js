// The chat page: draws what the control API tells and turns clicks into acts of people. No state of its own
// beyond which chats are open; everything else is asked again whenever the sandbox says that it changed.

import { newPerson } from "./card.js";
import { Chat } from "./chat.js";
import { $, ask, icon, make, onPhone } from "./dom.js";
import { onOpenChat } from "./links.js";
import { PeopleList } from "./people.js";
import { Tools } from "./tools.js";
import { speak, speaks, t } from "./words.js";

const chats = new Map();
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const tools = new Tools();
const people = new PeopleList((id) => chats.has(id), (id) => toggleChat(id), () => tools.clock.now());

// ---- which chats are open

const kept = () => localStorage.setItem("open", JSON.stringify([...chats.keys()]));

async function openChat(id, scroll = true) {
  if (onPhone()) for (const other of chats.keys()) if (other !== id) close(other);
  let chat = chats.get(id);
  if (!chat) {
    chat = new Chat(id, close);
    chats.set(id, chat);
    $("#chats").append(chat.root);
    translate(chat.root);
    kept();
  }
  document.body.classList.add("chatting");
  drawHint();
  if (scroll) chat.root.scrollIntoView({ behavior: "smooth", inline: "nearest" });
  await chat.draw().catch(() => close(id));
  people.draw();
  return chat;
}

function close(id) {
  chats.get(id)?.root.remove();
  chats.delete(id);
  kept();
  document.body.classList.toggle("chatting", chats.size > 0);
  drawHint();
  people.draw();
}

function toggleChat(id) {
  if (chats.has(id) && !onPhone()) close(id);
  else openChat(id);
}

function drawHint() {
  $(".hint")?.remove();
  if (!chats.size) $("#chats").append(make("p", "hint", t("empty")));
}

// ---- language and light

function translate(root = document) {
  for (const place of root.querySelectorAll("[data-t]")) place.textContent = t(place.dataset.t);
  for (const place of root.querySelectorAll("[data-title]")) {
    place.title = t(place.dataset.title);
    place.setAttribute("aria-label", place.title);
  }
}

function dress() {
  const wanted = localStorage.getItem("theme") || (darkSystem.matches ? "dark" : "light");
  document.documentElement.dataset.theme = wanted;
  $("#theme").replaceChildren(icon(wanted === "dark" ? "sun" : "moon"));
}

function name() {
  document.documentElement.lang = speaks();
  document.title = `Kvizor · ${t("tagline")}`;
  translate();
  $("#language").textContent = speaks() === "ru" ? "EN" : "RU";
  $("#search").placeholder = t("search");
  tools.clock.draw();
  drawHint();
}

async function redraw() {
  for (const chat of chats.values()) chat.drawn = "";
  await Promise.all([people.draw(), ...[...chats.values()].map((chat) => chat.draw())]);
}

// ---- what happens

async function hear(heard) {
  const kinds = new Set(heard.events.map(({ kind }) => kind));
  if (heard.lost || kinds.has("reset") || kinds.has("commands") || kinds.has("channels")) await redraw();
  if (heard.lost || kinds.has("clock")) await tools.clock.load();
  if (kinds.has("faults")) await tools.faults.load();
  const touched = new Set();
  for (const { kind, chat_id: id } of heard.events) {
    if (kind === "typing") chats.get(id)?.type();
    else if (id !== null) touched.add(id);
    if (kind === "answer") chats.get(id)?.answered();
  }
  if (touched.size || kinds.has("people")) people.drawSoon();
  await Promise.all([...touched].filter((id) => chats.has(id)).map((id) => chats.get(id).draw()));
}

async function listen() {
  let seq = (await ask("events?timeout=0")).seq;
  for (;;) {
    try {
      const heard = await ask(`events?after=${seq}&timeout=25`);
      if (heard.seq < seq) heard.lost = true; // a restarted sandbox counts from the start again
      seq = heard.seq;
      await hear(heard);
    } catch {
      await new Promise((later) => { setTimeout(later, 1500); });
    }
  }
}

// ---- begin

for (const [id, sign] of [["add", "plus"], ["open-faults", "bolt"], ["open-log", "log"]]) $(`#${id}`).prepend(icon(sign));
$("#clock").prepend(icon("clock"));
$("#find").prepend(icon("search"));
$("#add").onclick = () => newPerson(async (person, payload) => {
  const chat = await openChat(person.id);
  if (payload) chat.payload = payload;
});
$("#theme").onclick = () => {
  localStorage.setItem("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  dress();
};
$("#language").onclick = () => { speak(speaks() === "ru" ? "en" : "ru"); name(); tools.draw(); redraw(); };
darkSystem.addEventListener("change", dress);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") for (const chat of chats.values()) chat.draw(); });
onOpenChat(openChat);

dress();
name();
await Promise.all([tools.clock.load(), tools.faults.load()]);
const asked = new URLSearchParams(location.search).get("open");
let first = asked ? asked.split(",").map(Number) : JSON.parse(localStorage.getItem("open") || "null");
if (first === null) first = onPhone() ? [] : (await ask("people?limit=2")).people.map((person) => person.id);
for (const id of onPhone() ? first.slice(-1) : first) await openChat(id, false);
await people.draw();
drawHint();
document.body.dataset.ready = "yes";
listen();
