// Every word of the page, in Russian and English.

const WORDS = {
  ru: {
    tagline: "песочница Telegram", search: "Поиск", ok: "OK", cancel: "Отмена", close: "Закрыть", back: "Назад",
    add: "Новый человек", addPerson: "Добавить", save: "Сохранить", firstName: "Имя", lastName: "Фамилия",
    username: "Имя пользователя", languageCode: "Язык приложения", premium: "Premium", isOwner: "владелец бота",
    payload: "Метка ссылки t.me/…?start=", payloadHint: "например, vk_ads", noLanguage: "не передаётся",
    owner: "владелец", blocked: "бот заблокирован", gone: "аккаунт удалён", typing: "печатает…",
    start: "Запустить", restart: "Разблокировать и запустить", message: "Сообщение", edited: "изменено",
    empty: "Выберите чат слева или добавьте человека кнопкой «+».", about: "Что умеет этот бот?",
    none: "ещё не писал боту", earlier: "Показать раньше", more: "Показать ещё", failed: "Не получилось: ",
    noCommands: "Бот не назвал команд", commands: "Команды", keyboard: "Клавиатура", send: "Отправить",
    attach: "Прикрепить", picture: "Картинка", samplePicture: "Пример картинки", file: "Файл", video: "Видео", animation: "GIF", videoNote: "Кружок", poll: "Опрос", question: "Вопрос", pollOptions: "Варианты, каждый с новой строки", audio: "Аудио",
    voice: "Голосовое", sticker: "Стикер", contact: "Контакт", location: "Геопозиция", venue: "Место",
    ownNumber: "Свой номер", phone: "Телефон", share: "Поделиться",
    shareNumber: "Бот узнает ваш номер телефона. Поделиться?",
    notHere: "человек не из Telegram", city: "Город", latitude: "Широта", longitude: "Долгота",
    block: "Заблокировать бота", unblock: "Разблокировать бота", deactivate: "Удалить аккаунт",
    sure: "Удалить аккаунт насовсем? Бот об этом не узнает, пока не напишет.", card: "Карточка",
    channels: "Каналы", noChannels: "Каналов пока нет.", addChannel: "Создать канал", channelName: "имя без @",
    channelTitle: "название", botAdmin: "бот: администратор", join: "Подписаться", leave: "Отписаться",
    subscribed: "подписан", openLink: "Открыть ссылку бота", go: "Открыть", reply: "Ответить", copy: "Копировать",
    edit: "Изменить", copied: "Скопировано", editing: "Изменение", json: "Показать JSON", forwardTo: "Кто откроет ссылку?",
    shareLink: "Поделиться ссылкой", notHandled: "Песочница этого не открывает",
    anonymousPoll: "Анонимный опрос", publicPoll: "Опрос", quiz: "Викторина", closedPoll: "Опрос завершён",
    vote: "Голосовать", retract: "Отменить голос", votes: "голос", noVotes: "Голосов пока нет",
    clock: "Часы", faults: "Сбои", log: "Журнал", theme: "Тема", language: "Язык",
    hour: "час", day: "день", forward: "Вперёд на", days: "дней",
    following: "Бот догоняет время", followed: "Бот идёт в ногу с часами", offset: "Впереди настоящего на",
    clockNote: "Время идёт только вперёд. Бот проживает каждый час: письма уходят, сегменты меняются.",
    faultsNote: "Включённый сбой портит вызовы бота, пока не кончится счёт.", whose: "Чей контакт", method: "метод", person: "человек", everyMethod: "все методы",
    everyone: "все люди", count: "сколько раз", always: "всегда", probability: "вероятность, %", seconds: "секунд",
    code: "код", words: "текст ошибки", hits: "сработал", limits: "Ограничения", rate: "Всего в секунду",
    perChat: "В один чат в секунду", latency: "Задержка ответа, мс", penalty: "После 429 отказывать всем до конца ожидания",
    zeroFree: "0: без ограничения", more2: "Ещё", poison: "Прислать обновление, которое не разобрать",
    poisoned: "Обновление в очереди", revoke: "Отозвать токен бота", revokeSure: "Отозвать токен? Бот остановится.",
    revoked: "Токен отозван", allPeople: "все люди", allMethods: "все методы", onlyWrong: "только ошибки",
    noCalls: "Вызовов ещё не было", request: "Запрос", answer: "Ответ", nowIs: "Сообщение сейчас",
    unread: "не прочитано", react: "Реакция",
  },
  en: {
    tagline: "Telegram sandbox", search: "Search", ok: "OK", cancel: "Cancel", close: "Close", back: "Back",
    add: "New person", addPerson: "Add", save: "Save", firstName: "First name", lastName: "Last name",
    username: "Username", languageCode: "App language", premium: "Premium", isOwner: "owner of the bot",
    payload: "Link payload t.me/…?start=", payloadHint: "for example, vk_ads", noLanguage: "not told",
    owner: "owner", blocked: "bot blocked", gone: "account deleted", typing: "typing…",
    start: "Start", restart: "Unblock and start", message: "Message", edited: "edited",
    empty: "Choose a chat on the left or add a person with “+”.", about: "What can this bot do?",
    none: "has not written to the bot yet", earlier: "Show earlier", more: "Show more", failed: "Did not work: ",
    noCommands: "The bot has named no commands", commands: "Commands", keyboard: "Keyboard", send: "Send",
    attach: "Attach", picture: "Picture", samplePicture: "Sample picture", file: "File", video: "Video", animation: "GIF", videoNote: "Round video", poll: "Poll", question: "Question", pollOptions: "Options, one a line", audio: "Audio",
    voice: "Voice", sticker: "Sticker", contact: "Contact", location: "Location", venue: "Place",
    ownNumber: "Own number", phone: "Phone", share: "Share",
    shareNumber: "The bot will know your phone number. Share it?",
    notHere: "somebody not on Telegram", city: "City", latitude: "Latitude", longitude: "Longitude",
    block: "Block the bot", unblock: "Unblock the bot", deactivate: "Delete the account",
    sure: "Delete the account for good? The bot will not know until it writes.", card: "Card",
    channels: "Channels", noChannels: "No channels yet.", addChannel: "Make a channel", channelName: "name without @",
    channelTitle: "title", botAdmin: "bot: administrator", join: "Join", leave: "Leave",
    subscribed: "subscribed", openLink: "Open the bot’s link", go: "Open", reply: "Reply", copy: "Copy",
    edit: "Edit", copied: "Copied", editing: "Editing", json: "Show JSON", forwardTo: "Who opens the link?",
    shareLink: "Share the link", notHandled: "The sandbox does not open this",
    anonymousPoll: "Anonymous poll", publicPoll: "Poll", quiz: "Quiz", closedPoll: "Final results",
    vote: "Vote", retract: "Retract vote", votes: "vote", noVotes: "No votes yet",
    clock: "Clock", faults: "Faults", log: "Log", theme: "Theme", language: "Language",
    hour: "hour", day: "day", forward: "Forward by", days: "days",
    following: "The bot catches up", followed: "The bot is in step with the clock", offset: "Ahead of real time by",
    clockNote: "Time only goes forward. The bot lives every hour of it: letters leave, segments change.",
    faultsNote: "A fault that is on spoils the bot’s calls until its count is over.", whose: "Whose card", method: "method", person: "person", everyMethod: "all methods",
    everyone: "everybody", count: "how many times", always: "always", probability: "chance, %", seconds: "seconds",
    code: "code", words: "error words", hits: "struck", limits: "Limits", rate: "All in all a second",
    perChat: "Into one chat a second", latency: "Delay of answers, ms", penalty: "After a 429 refuse everything until the wait is over",
    zeroFree: "0: no limit", more2: "More", poison: "Send an update nobody can parse",
    poisoned: "The update is in the queue", revoke: "Revoke the bot’s token", revokeSure: "Revoke the token? The bot will stop.",
    revoked: "The token is revoked", allPeople: "everybody", allMethods: "all methods", onlyWrong: "errors only",
    noCalls: "No calls yet", request: "Request", answer: "Answer", nowIs: "The message now",
    unread: "unread", react: "Reaction",
  },
};

export const FAULTS = {
  drop_after_accept: [["Принято, связь оборвана", "сообщение доставлено, бот этого не узнал"], ["Accepted, connection dropped", "delivered, the bot never learns"]],
  drop_before_accept: [["Связь оборвана до приёма", "ничего не доставлено"], ["Connection dropped before", "nothing delivered"]],
  hang_after_accept: [["Принято, ответа нет", "доставлено, ответ висит до тайм-аута"], ["Accepted, never answered", "delivered, the answer hangs until the time-out"]],
  http502_html: [["502 страницей HTML", "прокси ответил вместо Telegram"], ["502 as HTML", "a proxy answered instead of Telegram"]],
  http500: [["500 Internal Server Error", "Telegram перезапускается"], ["500 Internal Server Error", "Telegram restarts"]],
  http500_no_description: [["500 без описания", "ответ, на котором спотыкаются библиотеки"], ["500 without a description", "an answer libraries stumble over"]],
  garbage_200: [["200 с обрывком ответа", "доставлено, ответ не разобрать"], ["200 with half an answer", "delivered, the answer cannot be read"]],
  refuse_429_no_parameters: [["429 без срока ожидания", "слишком часто, но ждать не сказано сколько"], ["429 without a wait", "too often, and not said for how long"]],
  slow: [["Медленный ответ", "доставлено, ответ приходит с опозданием"], ["Slow answer", "delivered, the answer comes late"]],
  status: [["Свой код ошибки", "любой код и текст"], ["An error of your own", "any code and words"]],
};

let language = localStorage.getItem("language") || (navigator.language.startsWith("ru") ? "ru" : "en");

export const t = (word) => WORDS[language][word] ?? word;
export const speaks = () => language;
export const faultWords = (kind) => FAULTS[kind][language === "ru" ? 0 : 1];

export function speak(wanted) {
  language = wanted;
  localStorage.setItem("language", wanted);
}

const FORMS = {
  hour: ["час", "часа", "часов"], day: ["день", "дня", "дней"], week: ["неделя", "недели", "недель"],
  votes: ["голос", "голоса", "голосов"],
};

// "3 дня", "1 day": a count with its word.
export function counted(word, count) {
  if (language === "en") return `${count} ${t(word)}${count === 1 ? "" : "s"}`;
  const [tens, ones] = [count % 100, count % 10];
  const form = tens > 10 && tens < 20 ? 2 : ones === 1 ? 0 : ones > 1 && ones < 5 ? 1 : 2;
  return `${count} ${FORMS[word][form]}`;
}
