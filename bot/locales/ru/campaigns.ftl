campaign-audience-live = 👥 Список живой: условие спросим ещё раз перед каждым письмом, и вышедший из списка его не получит.
campaign-audience-frozen = 📌 Список закреплён: письмо получит каждый, кто попадёт в него при запуске.
admin-reason-frequency-cap = { $count } уже получили свою норму писем
admin-night-hold = 🌙 В тихие часы человека ждём его утра.
admin-night-silent = 🌙 В тихие часы человека придёт без звука.
admin-sound-off = 🔕 И днём придёт без звука.
admin-button-manner = ⚙️ Список, время, звук
admin-manner-head = <b>Как уйдёт письмо</b>
admin-button-list-live = 👥 Список: живой
admin-button-list-frozen = 📌 Список: закреплён
admin-button-night-hold = 🌙 Ночью: ждать утра
admin-button-night-silent = 🌙 Ночью: без звука
admin-button-sound-on = 🔔 Днём: со звуком
admin-button-sound-off = 🔕 Днём: без звука
admin-button-manner-done = ‹ Готово
admin-count-first = 🐤 Сначала письмо получат { $count } человек; через 5 минут, если оно никого не отпугнуло, — остальные.
admin-canary-going = 🐤 Написали первым; ждём 5 минут, как они примут письмо, и продолжим.
admin-canary-usual = По вашим последним письмам ({ $known }) обычно уходит не больше { $norm } %.
admin-canary-usual-unknown = Ваших писем пока мало, чтобы знать свою норму; считаем обычным { $norm } %.
admin-canary-stopped =
    ✋ <b>{ $name }</b>: первым письмо не понравилось, рассылка на паузе.

    Из { $reached } человек { $left } ({ $percent } %) за 5 минут заблокировали бота или отписались. { $usual }

    Остальным, их { $waiting }, письмо не ушло. Продолжить или остановить насовсем?
admin-button-canary-on = ▶️ Продолжить
admin-button-canary-stop = ⏹ Остановить
admin-count-range = Первое письмо — { $first }, последнее — { $last } по часам бизнеса.
admin-time-local = 🕛 Придёт в 12:00 по часам каждого; у кого полдень прошёл — завтра.
admin-time-best = 🕐 Придёт в лучший час каждого: когда он чаще отвечает на письма.
admin-button-time-moment = 🕐 Когда: сейчас
admin-button-time-local = 🕛 Когда: в 12:00 у каждого
admin-button-time-best = ⭐ Когда: в лучший час
admin-button-change = ✏️ Исправить
admin-button-recall = 🗑 Отозвать
admin-change-edit = { $mark } <b>{ $name }</b> — правка в чатах, где письмо уже лежит
admin-change-recall = { $mark } <b>{ $name }</b> — удаляем письмо из чатов
admin-change-many = В этой рассылке несколько текстов. Их правят из файла: kvizor campaign edit.
admin-change-ask =
    ✏️ Пришлите исправленный текст целиком. Заменю его в чатах, где письмо уже лежит: { $count }.

    Кнопки и картинка останутся прежними. Кому письмо ещё не ушло, получат сразу новый текст.
admin-change-only-text = Исправить можно только текст — пришлите его одним сообщением.
admin-change-sure =
    ☝️ Так письмо станет выглядеть. Заменим его у <b>{ $count }</b>.
    Звука и уведомления у людей не будет.
admin-button-change-go = ✅ Исправить: { $count }
admin-recall-ask =
    🗑 Удалить письмо из чатов людей? Можем удалить: <b>{ $count }</b>.{ $late ->
        [0] {""}
       *[other] {" "}Ещё у { $late } оно останется: прошло больше 48 часов, Telegram уже не даёт.
    }

    Вернуть удалённое нельзя.
admin-button-recall-not = ← Оставить
admin-sum-copies = <b>Всего писем в чатах: { $count }</b>, из них:
admin-sum-edit = ✏️ исправлено — { $count }
admin-sum-recall = 🗑 удалено — { $count }
admin-sum-kept = 📌 осталось как есть — { $count }
admin-button-recall-sure = 🗑 Удалить: { $count }
admin-reason-too-late = { $count } — прошло больше 48 часов
admin-reason-gone = { $count } — письмо уже удалили сами
