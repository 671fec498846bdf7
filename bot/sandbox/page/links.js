// What a tap on a link does: the bot's own links and channels stay inside, others open beside the page.

import { ask, avatar, button, dialog, fullName, make } from "./dom.js";
import { t } from "./words.js";

let openChat = () => {};
export const onOpenChat = (action) => { openChat = action; };

export async function follow(href, chat) {
  const url = parsed(href);
  if (!url) return;
  if (url.protocol === "tg:") { startFrom(url.searchParams.get("domain"), url.searchParams, chat); return; }
  if (url.hostname === "t.me" || url.hostname === "telegram.me") {
    if (url.pathname === "/share/url") { shareFrom(url, chat); return; }
    const name = url.pathname.split("/")[1];
    if (isBot(name, chat)) { startFrom(name, url.searchParams, chat); return; }
    const channel = chat.seen.channels.find(({ username }) => username.toLowerCase() === name.toLowerCase());
    if (channel) { channelOf(channel, chat); return; }
  }
  window.open(url.href, "_blank", "noreferrer");
}

function parsed(href) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(href) ? href : `https://${href}`);
    return ["http:", "https:", "tg:", "mailto:", "tel:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

const isBot = (name, chat) => name?.toLowerCase() === chat.seen.bot.username.toLowerCase();

function startFrom(name, search, chat) {
  if (!isBot(name, chat)) { chat.toast(t("notHandled")); return; }
  const payload = search.get("start");
  chat.say(payload ? `/start ${payload}` : "/start");
}

// Whoever a link is shared with opens it here: the bot meets a new person by a friend's link.
async function shareFrom(shared, chat) {
  const link = shared.searchParams.get("url") || "";
  const words = shared.searchParams.get("text") || "";
  const { people } = await ask("people?limit=200");
  const list = make("div", "choice", ...people.filter(({ id, deactivated }) => id !== chat.id && !deactivated).map((person) => (
    button("person", [avatar(person), make("b", "", fullName(person))], async () => {
      box.close();
      const other = await openChat(person.id);
      follow(link, other);
    })
  )));
  const box = dialog("share", t("shareLink"), make("p", "shared", words, words && make("br"), make("code", "", link)), make("h3", "", t("forwardTo")), list);
}

export function channelOf(channel, chat) {
  const set = async (member) => { box.close(); await chat.act("channel", { channel: channel.username, member }); };
  const box = dialog("channel", channel.title, make("p", "", `@${channel.username}`),
    button("main", t(channel.member ? "leave" : "join"), () => set(!channel.member)));
}
