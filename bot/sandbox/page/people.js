// The list of people: the last words, the time, what was not read yet.

import { $, ask, avatar, button, clockTime, dayOf, fullName, make, shortDay } from "./dom.js";
import { marks } from "./chat.js";
import { t } from "./words.js";

const AT_ONCE = 60;
let listed = AT_ONCE;
let waiting = null;

// `opened(id)`: whether a chat is open; `open(id)`: opens it; `now()`: the bot's time in seconds.
export class PeopleList {
  constructor(opened, open, now) {
    Object.assign(this, { opened, open, now });
    $("#search").oninput = () => { listed = AT_ONCE; this.draw(); };
  }

  async draw() {
    const words = encodeURIComponent($("#search").value);
    const { people } = await ask(`people?search=${words}&limit=${listed + 1}`);
    const rows = people.slice(0, listed).map((person) => this.row(person));
    if (people.length > listed) rows.push(button("more-people", t("more"), () => { listed += AT_ONCE; this.draw(); }));
    $("#people").replaceChildren(...rows);
  }

  drawSoon() {
    waiting ??= setTimeout(() => { waiting = null; this.draw(); }, 300);
  }

  row(person) {
    const name = make("b", "", fullName(person));
    if (person.is_premium) name.append(make("span", "star", "★"));
    const line = make("div", "line", name, ...marks(person).slice(0, 1));
    if (person.last_date) {
      const today = dayOf(person.last_date) === dayOf(this.now());
      line.append(make("time", "", today ? clockTime(person.last_date) : shortDay(person.last_date)));
    }
    const last = make("div", "line", make("small", "", person.last_text || t("none")));
    if (person.unread && !this.opened(person.id)) last.append(Object.assign(make("i", "unread", String(person.unread)), { title: t("unread") }));
    const row = button(`person${this.opened(person.id) ? " open" : ""}${person.blocked ? " blocked" : ""}`,
      [avatar(person), make("div", "", line, last)], () => this.open(person.id));
    row.dataset.person = person.id;
    return row;
  }
}
