// The page's tools: asking the control API, making elements, dialogs, icons.

import { speaks, t } from "./words.js";

const COLOURS = [["#ff885e", "#ff516a"], ["#ffcd6a", "#ffa85c"], ["#82b1ff", "#665fff"], ["#a0de7e", "#54cb68"],
  ["#53edd6", "#28c9b7"], ["#72d5fd", "#2a9ef1"], ["#e0a2f3", "#d669ed"]];
const ICONS = {
  back: "M15 5l-7 7 7 7", close: "M6 6l12 12M18 6L6 18", plus: "M12 5v14M5 12h14", search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.5L21 21",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2", bolt: "M13 2L5 13.5h6L10 22l9-12h-6.5z", log: "M5 6h14M5 12h14M5 18h9",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M19 5l-1.7 1.7M6.7 17.3L5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.500 10.500z", dots: "M12 5.500v.01M12 12v.01M12 18.500v.01", clip: "M20 11.500l-8.300 8.300a5 5 0 0 1-7.100-7.100l8.700-8.700a3.400 3.400 0 0 1 4.800 4.800l-8.600 8.600a1.700 1.700 0 0 1-2.400-2.400l7.800-7.800",
  keyboard: "M3 7.500A1.500 1.500 0 0 1 4.500 6h15A1.500 1.500 0 0 1 21 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 16.500zM7 10v.01M11 10v.01M15 10v.01M8 14.500h8", slash: "M15 5L9 19",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01", file: "M7 3h7l4 4v14H7zM14 3v4h4", video: "M4 7h11v10H4zM15 11l5-3v8l-5-3", voice: "M12 4a2.500 2.500 0 0 0-2.500 2.500v5a2.500 2.500 0 0 0 5 0v-5A2.500 2.500 0 0 0 12 4zM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500s1.200 2 3.500 2 3.500-2 3.500-2M9 9.500v.01M15 9.500v.01", user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20c.8-3.700 3.700-5.500 7.500-5.500s6.700 1.800 7.500 5.500", pin: "M12 21s7-6.300 7-11.500a7 7 0 0 0-14 0C5 14.700 12 21 12 21zM12 7.500a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.800 5.800l12.400 12.400", trash: "M5 7h14M9 7V4.500h6V7M7 7l1 13h8l1-13", reply: "M10 6L4 11.500 10 17v-3.500c5 0 8 1.500 10 5-.5-6-4-9-10-9z",
  copy: "M8 8h11v12H8zM5 16V4h11", edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3", code: "M8 7l-5 5 5 5M16 7l5 5-5 5", down: "M12 4v12M7 11.500l5 5 5-5M5 20h14", forward: "M14 6l6 5.500L14 17v-3.500c-5 0-8 1.500-10 5 .5-6 4-9 10-9z",
  out: "M8 16L17 7M9 7h8v8", check: "M2 12.500l4.500 4.500L16 7", checks: "M1.500 12.500L6 17l9.500-10M10.500 16l1 1L21 7",
};

export const $ = (selector, root = document) => root.querySelector(selector);

export async function ask(path, body, method) {
  const sends = body instanceof FormData ? body : body && JSON.stringify(body);
  const answer = await fetch(`/sandbox/${path}`, { method: method || (body ? "POST" : "GET"), body: sends });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

export function make(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = name === "send" ? '<path fill="currentColor" stroke="none" d="M3 20.500V14l9-2-9-2V3.500l19 8.500z"/>' : `<path d="${ICONS[name]}"/>`;
  return svg;
}

export function button(className, content, action, title) {
  const made = make("button", className, ...(Array.isArray(content) ? content : [content]));
  made.type = "button";
  if (title) { made.title = title; made.setAttribute("aria-label", title); }
  made.onclick = action;
  return made;
}

export function field(name, label, value = "", more = {}) {
  const input = Object.assign(make("input"), { name, value, autocomplete: "off", placeholder: more.placeholder || "" }, more);
  return make("label", "field", make("span", "", label), input);
}

export function select(name, label, options, value) {
  const box = Object.assign(make("select"), { name });
  for (const [key, words] of options) {
    const option = Object.assign(make("option", "", words), { value: key });
    option.selected = String(key) === String(value ?? "");
    box.append(option);
  }
  return label ? make("label", "field", make("span", "", label), box) : box;
}

// A switch with its words; `changed` hears the new state.
export function toggle(name, words, on, changed) {
  const box = Object.assign(make("input"), { type: "checkbox", name, checked: on, role: "switch" });
  if (changed) box.onchange = () => changed(box.checked, box);
  return make("label", "switch", make("span", "", words), box, make("i"));
}

// A dialog with a title; closes by its cross, by Escape and by a click beside it. `id` names it for the eye of tests.
export function dialog(id, title, ...content) {
  const box = make("dialog", "sheet");
  box.id = id;
  box.tabIndex = -1;
  const cross = button("icon", icon("close"), () => box.close(), t("close"));
  box.append(make("header", "", make("h2", "", title), cross), ...content);
  box.onclose = () => box.remove();
  box.onclick = (event) => { if (event.target === box) box.close(); };
  document.body.append(box);
  box.showModal();
  box.focus(); // not the cross: a ring around it says nothing
  return box;
}

export function ask_first(id, words, yes, action) {
  const box = dialog(id, words);
  box.append(make("div", "row", button("plain", t("cancel"), () => box.close()),
    button("main", yes, () => { box.close(); action(); })));
}

export function say(words) {
  const toast = make("div", "page-toast", words);
  document.body.append(toast);
  setTimeout(() => toast.remove(), 2500);
}

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export function avatar(person) {
  const initials = [person.first_name, person.last_name].filter(Boolean).map((name) => [...name][0]).join("");
  const made = make("span", "avatar", initials.toUpperCase());
  const [from, to] = COLOURS[Math.abs(person.id) % COLOURS.length];
  made.style.background = `linear-gradient(${from}, ${to})`;
  return made;
}

export const clockTime = (seconds) => new Date(seconds * 1000).toLocaleTimeString(speaks(), { hour: "2-digit", minute: "2-digit" });
export const dayOf = (seconds) => new Date(seconds * 1000).toLocaleDateString(speaks(), { day: "numeric", month: "long" });
export const shortDay = (seconds) => new Date(seconds * 1000).toLocaleDateString(speaks(), { day: "2-digit", month: "2-digit" });
export const onPhone = () => matchMedia("(max-width: 760px)").matches;
