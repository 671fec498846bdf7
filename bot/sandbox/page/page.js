// The chat page: draws what the control API tells and turns clicks into acts of people. No state of its own
// beyond which chats are open; everything else is asked again whenever the sandbox says that it changed.

const WORDS = {
  ru: {
    tagline: "песочница Telegram", following: "бот догоняет время", isOwner: "владелец бота", addPerson: "Добавить",
    cancel: "Отмена", ok: "OK", search: "Поиск", firstName: "Имя", lastName: "Фамилия", payload: "метка ссылки: vk_ads",
    whichNumber: "Каким номером поделиться?", foreignCard: "это чужая карточка", share: "Поделиться", owner: "владелец",
    blocked: "бот заблокирован", gone: "аккаунт удалён", typing: "бот печатает…", start: "СТАРТ", restart: "ПЕРЕЗАПУСТИТЬ БОТА",
    message: "Сообщение", edited: "изменено", sticker: "Стикер", voice: "Голосовое", contact: "Свой номер",
    location: "Геопозиция", file: "Файл", picture: "Картинка", block: "Заблокировать бота", unblock: "Разблокировать бота",
    deactivate: "Удалить аккаунт", more: "Показать ещё", empty: "Выберите людей слева или добавьте нового кнопкой «+».",
    about: "Что умеет этот бот?", none: "ещё не писал", today: "сегодня", hour: "час", day: "день", week: "неделя",
    noCommands: "Бот не назвал команд", failed: "Не получилось: ", earlier: "Ранее",
  },
  en: {
    tagline: "Telegram sandbox", following: "the bot catches up", isOwner: "owner of the bot", addPerson: "Add",
    cancel: "Cancel", ok: "OK", search: "Search", firstName: "First name", lastName: "Last name", payload: "link payload: vk_ads",
    whichNumber: "Which number to share?", foreignCard: "somebody else’s card", share: "Share", owner: "owner",
    blocked: "bot blocked", gone: "account deleted", typing: "bot is typing…", start: "START", restart: "RESTART BOT",
    message: "Message", edited: "edited", sticker: "Sticker", voice: "Voice", contact: "Own number",
    location: "Location", file: "File", picture: "Picture", block: "Block the bot", unblock: "Unblock the bot",
    deactivate: "Delete the account", more: "Show more", empty: "Choose people on the left or add one with “+”.",
    about: "What can this bot do?", none: "has not written yet", today: "today", hour: "hour", day: "day", week: "week",
    noCommands: "The bot has named no commands", failed: "Did not work: ", earlier: "Earlier",
  },
};
const JUMPS = [["hour", 1, 3600], ["day", 1, 86400], ["week", 1, 604800], ["day", 14, 1209600]];
const COLOURS = ["#e17076", "#7bc862", "#e5a64b", "#65aadd", "#a695e7", "#ee7aae", "#6ec9cb", "#faa774"];
const PEOPLE_AT_ONCE = 60;
const $ = (selector, root = document) => root.querySelector(selector);

let language = localStorage.getItem("language") || (navigator.language.startsWith("ru") ? "ru" : "en");
let open = JSON.parse(localStorage.getItem("open") || "null");
let listed = PEOPLE_AT_ONCE;
let clock = null;
let follows = null; // how far the bot was when the last jump began
const chats = new Map();
const payloads = JSON.parse(localStorage.getItem("payloads") || "{}");
const t = (word) => WORDS[language][word];

async function ask(path, body, method) {
  const sends = body instanceof FormData ? body : body && JSON.stringify(body);
  const answer = await fetch(`/sandbox/${path}`, { method: method || (body ? "POST" : "GET"), body: sends });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

function paintAvatar(avatar, person) {
  avatar.textContent = [person.first_name, person.last_name].filter(Boolean).map((name) => [...name][0]).join("");
  avatar.style.background = COLOURS[person.id % COLOURS.length];
}

const clockTime = (seconds) => new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
const dayOf = (seconds) => new Date(seconds * 1000).toLocaleDateString(language, { day: "numeric", month: "long" });

function marks(person) {
  const made = [];
  if (person.owner) made.push(make("span", "mark", t("owner")));
  if (person.deactivated) made.push(make("span", "mark bad", t("gone")));
  else if (person.blocked) made.push(make("span", "mark bad", t("blocked")));
  return made;
}

// ---- the list of people

async function drawPeople() {
  const words = encodeURIComponent($("#search").value);
  const { people } = await ask(`people?search=${words}&limit=${listed + 1}`);
  const rows = people.slice(0, listed).map(personRow);
  if (people.length > listed) {
    const more = make("button", "more-people", t("more"));
    more.onclick = () => { listed += PEOPLE_AT_ONCE; drawPeople(); };
    rows.push(more);
  }
  $("#people").replaceChildren(...rows);
  return people;
}

function personRow(person) {
  const row = make("button", `person${open.includes(person.id) ? " open" : ""}${person.blocked ? " blocked" : ""}`);
  row.dataset.person = person.id;
  const avatar = make("span", "avatar");
  paintAvatar(avatar, person);
  const words = make("div");
  const line = make("div", "line");
  line.append(make("b", "", fullName(person)), ...marks(person));
  if (person.last_date) {
    const today = clock && dayOf(person.last_date) === dayOf(nowSeconds());
    line.append(make("time", "", today ? clockTime(person.last_date) : new Date(person.last_date * 1000)
      .toLocaleDateString(language, { day: "2-digit", month: "2-digit" })));
  }
  words.append(line, make("small", "", person.last_text || t("none")));
  row.append(avatar, words);
  row.onclick = () => toggle(person.id);
  return row;
}

function keepOpen() {
  localStorage.setItem("open", JSON.stringify(open));
}

function toggle(id) {
  document.body.classList.remove("listing");
  if (!chats.has(id)) {
    open.push(id);
    openChat(id, true);
  } else if (matchMedia("(max-width: 760px)").matches) {
    chats.get(id).root.scrollIntoView();
  } else {
    closeChat(id);
  }
  keepOpen();
  drawPeople();
}

function closeChat(id) {
  chats.get(id)?.root.remove();
  chats.delete(id);
  open = open.filter((one) => one !== id);
  keepOpen();
  drawHint();
}

function drawHint() {
  $(".hint")?.remove();
  if (!chats.size) $("#chats").append(make("p", "hint", t("empty")));
}

// ---- one chat

class Chat {
  constructor(id) {
    this.id = id;
    this.root = $("#chat-template").content.firstElementChild.cloneNode(true);
    this.root.dataset.chat = id;
    this.toastSeen = null;
    this.keysHidden = false;
    this.limit = 60;
    this.drawn = "";
    translate(this.root);
    this.listen();
  }

  $(selector) { return $(selector, this.root); }

  listen() {
    const area = this.$("textarea");
    this.$(".close").onclick = () => { closeChat(this.id); drawPeople(); };
    this.$(".write").onsubmit = (event) => { event.preventDefault(); this.say(area.value); area.value = ""; };
    area.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.$(".write").requestSubmit(); }
    };
    this.$(".start").onclick = () => this.start();
    this.$(".slash").onclick = () => this.showCommands();
    this.$(".more").onclick = () => this.showExtras();
    this.$(".keys").onclick = () => { this.keysHidden = !this.keysHidden; this.drawKeyboard(); };
    this.$(".alert button").onclick = () => { this.$(".alert").hidden = true; };
    this.$(".messages").onclick = () => { this.$(".commands").hidden = this.$(".extras").hidden = true; };
    this.$("input[type=file]").onchange = (event) => this.sendFile(event.target);
    const phone = this.$(".phone");
    phone.onreset = () => { phone.hidden = true; };
    phone.onsubmit = (event) => {
      event.preventDefault();
      const card = phone.foreign.checked ? { user_id: 1 } : {};
      this.act("contact", { phone_number: phone.phone.value, ...card });
      phone.hidden = true;
    };
  }

  async act(name, body = {}) {
    try {
      return await ask(`people/${this.id}/${name}`, body);
    } catch (problem) {
      this.toast(t("failed") + problem.message);
      return null;
    }
  }

  say(text) { if (text.trim()) this.act("text", { text }); }

  async start() {
    if (this.seen?.person.blocked) await this.act("unblock");
    const payload = payloads[this.id];
    this.say(payload && !this.seen?.messages.length ? `/start ${payload}` : "/start");
  }

  sendFile(input) {
    if (!input.files.length) return;
    const form = new FormData();
    form.append("file", input.files[0]);
    form.append("caption", this.$("textarea").value);
    this.$("textarea").value = "";
    this.act(this.fileKind, form);
    input.value = "";
  }

  pick(kind, accept) {
    this.fileKind = kind;
    const input = this.$("input[type=file]");
    input.accept = accept;
    input.click();
  }

  showCommands() {
    const box = this.$(".commands");
    const rows = this.seen.commands.map(({ command, description }) => {
      const row = make("button");
      row.append(make("b", "", `/${command}`), make("span", "", description));
      row.onclick = () => { box.hidden = true; this.say(`/${command}`); };
      return row;
    });
    box.replaceChildren(...(rows.length ? rows : [make("button", "", t("noCommands"))]));
    this.$(".extras").hidden = true;
    box.hidden = !box.hidden;
  }

  showExtras() {
    const box = this.$(".extras");
    const { blocked } = this.seen.person;
    const rows = [
      ["📎", "file", () => this.pick("document", "")],
      ["🖼", "picture", () => this.pick("photo", "image/*")],
      ["🙂", "sticker", () => this.act("sticker")],
      ["🎤", "voice", () => this.act("voice")],
      ["👤", "contact", () => this.askPhone()],
      ["📍", "location", () => this.act("location", { latitude: 55.7558, longitude: 37.6173 })],
      blocked ? ["✅", "unblock", () => this.act("unblock")] : ["🚫", "block", () => this.act("block")],
      ["🗑", "deactivate", () => this.act("deactivate")],
    ].map(([sign, word, action]) => {
      const row = make("button", `act-${word}`, `${sign}  ${t(word)}`);
      row.onclick = () => { box.hidden = true; action(); };
      return row;
    });
    box.replaceChildren(...rows);
    this.$(".commands").hidden = true;
    box.hidden = !box.hidden;
  }

  askPhone() {
    const phone = this.$(".phone");
    phone.hidden = false;
    phone.phone.value ||= `+7916${String(1000000 + this.id).slice(-7)}`;
    phone.phone.focus();
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
  }

  drawHead() {
    const { person } = this.seen;
    paintAvatar(this.$(".avatar"), person);
    this.$(".who b").replaceChildren(fullName(person), ...marks(person).slice(0, 1));
    const about = [person.username && `@${person.username}`, `id ${person.id}`, person.language_code];
    this.$(".who small").textContent = about.filter(Boolean).join(" · ");
  }

  drawMessages() {
    const box = this.$(".messages");
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    const rows = [];
    let day = "";
    if (this.seen.messages.length >= this.limit) {
      const earlier = make("button", "day", t("earlier"));
      earlier.onclick = () => { this.limit += 100; this.draw(); };
      rows.push(earlier);
    }
    for (const message of this.seen.messages) {
      if (dayOf(message.date) !== day) {
        day = dayOf(message.date);
        rows.push(make("span", "day", day));
      }
      rows.push(this.messageRow(message));
    }
    if (!rows.length) {
      rows.push(make("div", "about", this.seen.description ? `${t("about")}\n\n${this.seen.description}` : t("about")));
    }
    box.replaceChildren(...rows);
    this.drawn = JSON.stringify(this.seen.messages);
    if (below < 60) box.scrollTop = box.scrollHeight;
  }

  messageRow(message) {
    const row = make("div", `message${message.from_bot ? "" : " mine"}${message.buttons.length ? " has-buttons" : ""}`);
    row.dataset.message = message.message_id;
    const bubble = make("div", "bubble");
    if (message.reply_to) bubble.append(make("div", "quote", message.reply_to.text));
    if (message.media) bubble.append(mediaOf(message.media));
    const words = make("span", "words");
    words.innerHTML = message.html; // made by the sandbox itself from entities, everything else in it is escaped
    for (const link of words.querySelectorAll("a[href]")) { link.target = "_blank"; link.rel = "noreferrer"; }
    for (const command of words.querySelectorAll("a.command")) command.onclick = () => this.say(command.textContent);
    const stamp = make("span", "stamp", `${message.edited ? `${t("edited")} ` : ""}${clockTime(message.date)}${message.from_bot ? "" : " ✓✓"}`);
    bubble.append(words, stamp);
    row.append(bubble, ...message.buttons.map((buttons) => this.buttonRow(message, buttons)));
    return row;
  }

  buttonRow(message, buttons) {
    const row = make("div", "keys-row");
    row.append(...buttons.map((button) => {
      if (button.url) {
        const link = make("a", "link", button.text);
        Object.assign(link, { href: button.url, target: "_blank", rel: "noreferrer" });
        return link;
      }
      const key = make("button", "", button.text);
      key.onclick = () => {
        if (button.copy_text) { navigator.clipboard?.writeText(button.copy_text.text); return; }
        if (button.data === undefined) return;
        key.classList.add("waiting");
        setTimeout(() => key.classList.remove("waiting"), 15000);
        this.act("tap", { message_id: message.message_id, data: button.data });
      };
      return key;
    }));
    return row;
  }

  drawKeyboard() {
    const keyboard = this.seen.keyboard;
    this.$(".keys").hidden = !keyboard;
    const box = this.$(".keyboard");
    box.hidden = !keyboard || this.keysHidden || this.$(".write").hidden;
    box.replaceChildren(...(keyboard?.keyboard || []).map((buttons) => {
      const row = make("div");
      row.append(...buttons.map((button) => {
        const text = button.text ?? button;
        const key = make("button", "", button.request_contact ? `👤 ${text}` : text);
        key.onclick = () => {
          if (button.request_contact) this.askPhone();
          else if (button.request_location) this.act("location", { latitude: 55.7558, longitude: 37.6173 });
          else this.say(text);
        };
        return key;
      }));
      return row;
    }));
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

function mediaOf(media) {
  if (media.kind === "photo" || media.kind === "animation") {
    const picture = make("img");
    Object.assign(picture, { src: media.url, alt: media.name, loading: "lazy" });
    return picture;
  }
  if (media.kind === "sticker") return make("div", "sticker", "🙂");
  if (media.kind === "voice" || media.kind === "audio" || media.kind === "video") {
    const player = make(media.kind === "video" ? "video" : "audio");
    Object.assign(player, { src: media.url, controls: true, preload: "none" });
    return player;
  }
  const card = make(media.url ? "a" : "div", "file");
  if (media.url) Object.assign(card, { href: media.url, download: media.name });
  const words = make("div");
  if (media.kind === "contact") words.append(make("b", "", media.first_name), make("small", "", media.phone_number));
  else if (media.kind === "location") words.append(make("b", "", t("location")), make("small", "", `${media.latitude}, ${media.longitude}`));
  else words.append(make("b", "", media.name), make("small", "", sizeOf(media.size)));
  card.append(make("i", "", { contact: "👤", location: "📍" }[media.kind] || "⬇"), words);
  return card;
}

const sizeOf = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function openChat(id, scroll) {
  const chat = new Chat(id);
  chats.set(id, chat);
  $("#chats").append(chat.root);
  drawHint();
  if (scroll) chat.root.scrollIntoView({ behavior: "smooth" });
  return chat.draw().catch(() => closeChat(id));
}

// ---- the clock

const nowSeconds = () => Date.now() / 1000 + clock.applied_seconds;

function drawClock() {
  if (!clock) return;
  $("#now").textContent = new Date(nowSeconds() * 1000).toLocaleString(language, {
    weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
  });
  const behind = clock.offset_seconds - clock.applied_seconds;
  $("#progress").hidden = behind < 1;
  if (behind < 1) { follows = null; return; }
  follows ??= clock.applied_seconds;
  const done = (clock.applied_seconds - follows) / (clock.offset_seconds - follows);
  $("#progress i").style.width = `${Math.max(3, done * 100)}%`;
}

async function loadClock() {
  clock = await ask("clock");
  drawClock();
}

// ---- language

function translate(root = document) {
  for (const place of root.querySelectorAll("[data-t]")) place.textContent = t(place.dataset.t);
}

function plural(word, count) {
  if (language === "en") return `${t(word)}${count > 1 ? "s" : ""}`;
  return count > 4 ? { hour: "часов", day: "дней", week: "недель" }[word] : { hour: "час", day: "день", week: "неделя" }[word];
}

function speak() {
  document.documentElement.lang = language;
  document.title = `Kvizor · ${t("tagline")}`;
  translate();
  $("#language").textContent = language === "ru" ? "EN" : "RU";
  $("#search").placeholder = t("search");
  const form = $("#new-person");
  form.first_name.placeholder = t("firstName");
  form.last_name.placeholder = t("lastName");
  form.payload.placeholder = t("payload");
  $("#jumps").replaceChildren(...JUMPS.map(([word, count, seconds]) => {
    const jump = make("button", "", `+${count} ${plural(word, count)}`);
    jump.dataset.seconds = seconds;
    jump.onclick = async () => { clock = await ask("clock", { forward_seconds: seconds }); drawClock(); };
    return jump;
  }));
  drawClock();
  drawHint();
}

async function redraw() {
  for (const chat of chats.values()) { chat.drawn = ""; translate(chat.root); }
  await Promise.all([drawPeople(), ...[...chats.values()].map((chat) => chat.draw())]);
}

// ---- what happens

let peopleTimer = null;
const drawPeopleSoon = () => { peopleTimer ??= setTimeout(() => { peopleTimer = null; drawPeople(); }, 400); };

async function hear(heard) {
  if (heard.lost || heard.events.some((event) => event.kind === "reset" || event.kind === "commands")) await redraw();
  const touched = new Set();
  for (const { kind, chat_id: id } of heard.events) {
    if (kind === "clock") await loadClock();
    if (kind === "typing") chats.get(id)?.type();
    else if (id !== null) touched.add(id);
    if (kind === "answer") chats.get(id)?.answered();
  }
  if (touched.size || heard.events.some((event) => event.kind === "people")) drawPeopleSoon();
  await Promise.all([...touched].filter((id) => chats.has(id)).map((id) => chats.get(id).draw()));
}

async function listen() {
  let seq = (await ask("events?timeout=0")).seq;
  for (;;) {
    try {
      const heard = await ask(`events?after=${seq}&timeout=25`);
      // A restarted sandbox counts from the start again; whatever was missed is drawn anew.
      if (heard.seq < seq) { heard.lost = true; await loadClock(); }
      seq = heard.seq;
      await hear(heard);
    } catch {
      await new Promise((later) => { setTimeout(later, 1500); });
    }
  }
}

$("#language").onclick = () => {
  language = language === "ru" ? "en" : "ru";
  localStorage.setItem("language", language);
  speak();
  redraw();
};
$("#menu").onclick = () => document.body.classList.toggle("listing");
$("#search").oninput = () => { listed = PEOPLE_AT_ONCE; drawPeople(); };
$("#add").onclick = () => { const form = $("#new-person"); form.hidden = !form.hidden; form.first_name.focus(); };
$("#new-person").onreset = () => { $("#new-person").hidden = true; };
$("#new-person").onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target;
  const payload = form.payload.value;
  const person = await ask("people", {
    first_name: form.first_name.value, last_name: form.last_name.value,
    language_code: form.language_code.value, owner: form.owner.checked,
  });
  if (payload) {
    payloads[person.id] = payload;
    localStorage.setItem("payloads", JSON.stringify(payloads));
  }
  form.reset();
  toggle(person.id);
};

speak();
await loadClock();
const asked = new URLSearchParams(location.search).get("open");
if (asked) open = asked.split(",").map(Number);
if (open === null) open = (await ask("people?limit=3")).people.map((person) => person.id);
await Promise.all([...open].map((id) => openChat(id, false)));
await drawPeople();
drawHint();
setInterval(drawClock, 1000);
listen();
