// How a message looks: its bubble, its file, its poll, its buttons.

import { button, clockTime, dayOf, icon, make } from "./dom.js";
import { follow } from "./links.js";
import { counted, t } from "./words.js";

const PICTURES = ["photo", "animation", "video"];
const TOGETHER_SECONDS = 600;

// The rows of a chat: days, bubbles, albums as one. `act` is the chat.
export function rows(messages, chat) {
  const made = [];
  let day = "";
  for (const [place, group] of grouped(messages).entries()) {
    const first = group[0];
    if (dayOf(first.date) !== day) {
      day = dayOf(first.date);
      made.push(make("span", "day", day));
    }
    made.push(row(group, chat, !continues(group, grouped.last[place + 1])));
  }
  return made;
}

function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.album && last?.[0].album === message.album) last.push(message);
    else groups.push([message]);
  }
  grouped.last = groups;
  return groups;
}

function continues(group, next) {
  return Boolean(next) && next[0].from_bot === group[0].from_bot && next[0].date - group.at(-1).date < TOGETHER_SECONDS
    && dayOf(next[0].date) === dayOf(group[0].date);
}

function row(group, chat, ends) {
  const message = group.find((one) => one.html) || group.at(-1);
  const made = make("div", `message${message.from_bot ? "" : " mine"}${ends ? " tail" : ""}${message.buttons.length ? " has-buttons" : ""}`);
  made.dataset.message = message.message_id;
  made.append(bubble(group, message, chat), ...message.buttons.map((keys) => keysRow(message, keys, chat)));
  return made;
}

function bubble(group, message, chat) {
  const made = make("div", "bubble");
  const pictures = group.filter(({ media }) => media && PICTURES.includes(media.kind));
  const bare = message.media?.kind === "sticker" || (pictures.length > 0 && !message.html && !message.reply_to);
  if (message.media?.kind === "sticker") made.classList.add("bare");
  if (pictures.length) made.classList.add("pictured");
  if (message.reply_to) {
    const quote = button("quote", message.reply_to.text, () => chat.show(message.reply_to.message_id));
    made.append(quote);
  }
  if (pictures.length > 1) made.append(make("div", `album of-${Math.min(pictures.length, 10)}`, ...pictures.map(({ media }) => mediaOf(media))));
  else for (const one of group) if (one.media) made.append(one.media.kind === "poll" ? poll(one, chat) : mediaOf(one.media));
  if (message.html) made.append(words(message, chat));
  made.append(stamp(message, bare), ...reactions(message, chat), more(message, chat));
  made.onclick = (event) => { // as on a phone's Telegram: a tap on a message opens its menu
    if (matchMedia("(hover: none)").matches && !event.target.closest("a, button, img, audio, video, tg-spoiler")) chat.menu(message, made, event);
  };
  made.oncontextmenu = (event) => { event.preventDefault(); chat.menu(message, made, event); };
  return made;
}

function words(message, chat) {
  const made = make("span", "words");
  made.innerHTML = message.html; // made by the sandbox itself from entities, everything else in it is escaped
  for (const link of made.querySelectorAll("a[href]")) {
    link.onclick = (event) => { event.preventDefault(); follow(link.getAttribute("href"), chat); };
  }
  for (const command of made.querySelectorAll("a.command")) command.onclick = () => chat.say(command.textContent);
  for (const spoiler of made.querySelectorAll("tg-spoiler")) spoiler.onclick = () => spoiler.classList.add("seen");
  return made;
}

function stamp(message, over) {
  const made = make("span", `stamp${over ? " over" : ""}`, message.edited ? `${t("edited")} ` : "", clockTime(message.date));
  if (!message.from_bot) made.append(icon("checks"));
  return made;
}

function reactions(message, chat) {
  const shown = Object.entries(message.reactions);
  if (!shown.length) return [];
  const made = make("div", "reactions");
  for (const [who, emoji] of shown) {
    made.append(button(`reaction by-${who}`, emoji, () => who === "person" && chat.react(message, "")));
  }
  return [made];
}

function more(message, chat) {
  return button("more", icon("dots"), (event) => chat.menu(message, event.currentTarget, event), t("react"));
}

function keysRow(message, keys, chat) {
  const made = make("div", "keys-row");
  for (const key of keys) {
    const pressed = button("key", key.text, () => press(key, pressed, message, chat));
    if (key.style) pressed.classList.add(key.style);
    if (key.url) { pressed.classList.add("link"); pressed.append(icon(key.url.includes("t.me/share") ? "forward" : "out")); }
    if (key.copy_text) pressed.append(icon("copy"));
    made.append(pressed);
  }
  return made;
}

function press(key, pressed, message, chat) {
  if (key.url) follow(key.url, chat);
  else if (key.copy_text) {
    navigator.clipboard?.writeText(key.copy_text.text);
    chat.toast(t("copied"));
  } else if (key.data === undefined) chat.toast(t("notHandled"));
  else {
    pressed.classList.add("waiting");
    setTimeout(() => pressed.classList.remove("waiting"), 15000);
    chat.act("tap", { message_id: message.message_id, data: key.data });
  }
}

// ---- files

export function mediaOf(media) {
  if (media.kind === "photo" || media.kind === "animation") {
    const picture = Object.assign(make("img"), { src: media.url, alt: media.name, loading: "lazy" });
    if (media.width) picture.style.aspectRatio = `${media.width} / ${media.height}`;
    picture.onclick = () => enlarge(media);
    return picture;
  }
  if (media.kind === "sticker") return make("div", "sticker", media.emoji || "🙂");
  if (media.kind === "audio" || media.kind === "video") {
    return Object.assign(make(media.kind), { src: media.url, controls: true, preload: "none" });
  }
  if (media.kind === "video_note") return Object.assign(make("video", "round-video"), { src: media.url, controls: true, preload: "none" });
  if (media.kind === "voice") return voice();
  if (media.kind === "location" || media.kind === "venue") return place(media);
  return card(media);
}

function enlarge(media) {
  const box = make("dialog", "picture", Object.assign(make("img"), { src: media.url, alt: media.name }));
  box.onclick = () => box.close();
  box.onclose = () => box.remove();
  document.body.append(box);
  box.showModal();
}

function voice() {
  const bars = make("div", "bars");
  for (let bar = 0; bar < 28; bar += 1) {
    const one = make("i");
    one.style.height = `${4 + Math.abs(Math.sin(bar * 1.7) + Math.sin(bar * 0.6)) * 8}px`;
    bars.append(one);
  }
  return make("div", "file voice", make("i", "round", icon("voice")), bars);
}

function place(media) {
  const { latitude, longitude } = media.location || media;
  const words = make("div", "", make("b", "", media.title || t("location")),
    make("small", "", media.address || `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
  return make("div", "place", make("div", "map", icon("pin")), words);
}

function card(media) {
  if (media.kind === "contact") {
    const who = { id: media.user_id || 3, first_name: media.first_name, last_name: media.last_name };
    const name = [media.first_name, media.last_name].filter(Boolean).join(" ");
    return make("div", "file contact", make("i", "round", icon("user")), make("div", "", make("b", "", name || who.id), make("small", "", media.phone_number)));
  }
  const made = make("a", "file", make("i", "round", icon("down")), make("div", "", make("b", "", media.name), make("small", "", sizeOf(media.size))));
  return Object.assign(made, { href: media.url, download: media.name });
}

const sizeOf = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

// ---- polls

function poll(message, chat) {
  const { media } = message;
  const { chosen } = media;
  const open = !media.is_closed && (!chosen.length || (media.allows_multiple_answers && !chosen.length));
  const kind = media.is_closed ? "closedPoll" : media.type === "quiz" ? "quiz" : media.is_anonymous ? "anonymousPoll" : "publicPoll";
  const made = make("div", `poll${open ? "" : " done"}`, make("b", "", media.question), make("small", "", t(kind)));
  const cast = (option_ids) => chat.act("vote", { message_id: message.message_id, option_ids });
  const picked = new Set();
  media.options.forEach((option, at) => {
    const mine = chosen.includes(at);
    const right = media.type === "quiz" && !open ? (media.correct_option_ids || []).includes(at) : null;
    const line = button(`option${mine ? " mine" : ""}${right ? " right" : mine && right === false ? " wrong" : ""}`,
      [make("i", media.allows_multiple_answers ? "box" : ""), make("span", "", option.text)], () => {
        if (!open) return;
        if (!media.allows_multiple_answers) { cast([at]); return; }
        picked[picked.has(at) ? "delete" : "add"](at);
        line.classList.toggle("picked", picked.has(at));
      });
    if (!open) line.prepend(make("em", "", `${media.total_voter_count ? Math.round((100 * option.voter_count) / media.total_voter_count) : 0}%`));
    made.append(line);
  });
  if (chosen.length && media.explanation) made.append(make("p", "explanation", media.explanation));
  if (open && media.allows_multiple_answers) made.append(button("vote", t("vote"), () => picked.size && cast([...picked])));
  else if (chosen.length && media.allows_revoting && !media.is_closed) made.append(button("vote", t("retract"), () => cast([])));
  else made.append(make("small", "votes", media.total_voter_count ? counted("votes", media.total_voter_count) : t("noVotes")));
  return made;
}
