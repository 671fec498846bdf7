command-segments = Сегменты и рассылки

admin-error = ⚠️ { $text }

admin-ago-never = ещё не считали
admin-ago-now = только что
admin-ago-minutes = { $count } мин назад
admin-ago-hours = { $count } ч назад
admin-ago-days = { $count } { $count ->
    [one] день
    [few] дня
    [many] дней
   *[other] дня
} назад

admin-no-segments = Сегментов пока нет.
admin-base =
    👥 <b>В базе { $base } { $base ->
        [one] человек
        [few] человека
        [many] человек
       *[other] человека
    }</b>
    получают письма { $active } · отписались { $stopped } · недоступны { $blocked } · без чата { $known }
    🕐 Обновлено: { $fresh }
admin-segment-gone = Этого сегмента больше нет. Откройте список заново: /segments

admin-card =
    <b>{ $title }</b> — { $size } { $size ->
        [one] человек
        [few] человека
        [many] человек
       *[other] человека
    }
    <i>Кто сюда попадает:</i> { $rule }
admin-card-fresh = 🕐 Обновлено: { $fresh }
admin-card-stale = ⚠️ Правило не удалось посчитать, показан прежний состав. Обновлено: { $fresh }
admin-card-answers = <b>Чаще всего отвечали</b>
admin-card-answer = • { $question } { $told }
admin-card-money = 💳 Покупали { $buyers }, всего { $purchases } { $purchases ->
    [one] покупка
    [few] покупки
    [many] покупок
   *[other] покупки
} на { $total }
admin-card-sample = 🙂 Пришли последними: { $people }
admin-person = { $name }
admin-person-unnamed = без имени
admin-button-write = ✉️ Написать им
admin-button-csv = ⬇️ Скачать CSV
admin-button-back = ← К списку
admin-csv-wait = Готовлю файл…
admin-csv = «{ $title }»: { $rows } { $rows ->
    [one] человек
    [few] человека
    [many] человек
   *[other] человека
}. Число строк сверено с базой.

admin-write-ask =
    ✍️ Пишем сегменту <b>{ $title }</b> ({ $size }).

    Пришлите письмо одним сообщением: текст с выделением и ссылками, фото, видео, GIF, кружок, голосовое, аудио, файл или опрос — с подписью, если нужна. Чтобы обратиться по имени, вставьте <code>{"{{"} first_name | default: "друг" {"}}"}</code>.

    Кнопка со ссылкой — последней строкой: <code>[Записаться | https://example.com]</code>. Строка <code>[Читать дальше]</code> посреди текста спрячет остальное под кнопку.

    Перед отправкой покажу, как это увидит человек и сколько их будет.
admin-write-again = ✍️ Пришлите новый текст — прежний я забыл.
admin-write-mend =
    Так отправить не получится:
    { $error }

    Исправьте и пришлите текст ещё раз.
admin-write-kinds =
    Такое сообщение письмом быть не может. Пришлите текст, фото, видео, GIF, кружок, голосовое, аудио, файл или обычный опрос.
admin-preview-of = ☝️ Так письмо увидит { $name }.
admin-count =
    <b>Кому уйдёт:</b> { $sum }
    Закончим ≈ { $ends }
admin-count-nobody =
    <b>Кому уйдёт:</b> { $sum }
    Сейчас писать некому: выше видно почему.
admin-reason-blocked = { $count } { $count ->
    [one] заблокировал бота
   *[other] заблокировали бота
}
admin-reason-deactivated = { $count } { $count ->
    [one] удалил аккаунт
   *[other] удалили аккаунт
}
admin-reason-unreachable = { $count } { $count ->
    [one] недоступен
   *[other] недоступны
}
admin-reason-erased = { $count } { $count ->
    [one] стёрт по просьбе
   *[other] стёрты по просьбе
}
admin-reason-no-chat = { $count } без чата с ботом
admin-reason-opted-out = { $count } { $count ->
    [one] отписался
   *[other] отписались
}
admin-reason-no-advertising-consent = { $count } без согласия на рекламу
admin-reason-archived = { $count } в архиве
admin-reason-promotions-paused = { $count } отдыхают от рекламы
admin-reason-no-variant = { $count } без подходящего текста
admin-reason-segment-left = { $count } { $count ->
    [one] уже вышел из сегмента
   *[other] уже вышли из сегмента
}
admin-reason-cancelled = { $count } не отправлены: рассылка остановлена
admin-reason-other = { $count } ({ $name })
admin-button-send = ✅ Отправить: { $count }
admin-button-edit = ✏️ Другой текст
admin-button-drop = ✖️ Отмена
admin-sample-button = Так кнопка будет выглядеть в письме. Здесь она ничего не делает.
admin-letter-old = Эта кнопка устарела: письмо уже отправлено, отменено или текст изменился.
admin-letter-moved-on = Рассылка уже в другом состоянии — показываю, что с ней сейчас.
admin-launched = Поехали!
admin-dropped = Отменено, ничего не отправлено.

admin-state-draft = ✍️ <b>{ $name }</b> — черновик
admin-state-scheduled = ⏳ <b>{ $name }</b> — ждёт начала
admin-state-planning = ⏳ <b>{ $name }</b> — составляем список
admin-state-running = 📤 <b>{ $name }</b> — отправляем
admin-state-paused = ⏸ <b>{ $name }</b> — на паузе
admin-state-finished = ✅ <b>{ $name }</b> — рассылка завершена
admin-state-cancelled = ⏹ <b>{ $name }</b> — рассылка остановлена
admin-progress-bar = { $bar } { $percent } %
admin-progress-error = ⚠️ { $error }
admin-sum-audience = <b>Всего в рассылке: { $count }</b>, из них:
admin-sum-sent = ✉️ отправлено — { $count }
admin-sum-failed = ⚠️ не доставлено — { $count }
admin-sum-suppressed = 🔕 не писали — { $count }
admin-sum-expired = ⌛️ опоздали и не отправлены — { $count }
admin-sum-unknown = ❔ неизвестно, дошло ли — { $count }
admin-sum-pending = 🕐 в очереди — { $count }
admin-sum-reason = {"   "}· { $reason }
admin-sum-resent = ↻ отправлено повторно — { $count }
admin-button-pause = ⏸ Пауза
admin-button-resume = ▶️ Продолжить
admin-button-cancel = ⏹ Остановить
admin-button-look = 🔄 Обновить
admin-button-sure = Да, остановить совсем
admin-button-keep = ← Нет, продолжать
admin-button-again = ↻ Отправить ещё раз тем, о ком неизвестно: { $count }
admin-button-leave = Оставить
admin-button-twice = Да, отправить ещё раз: { $count }
admin-button-not-again = ← Нет
admin-again-ask = ❔ <b>Отправить ещё раз?</b> О { $count } { $count ->
    [one] человеке
   *[other] людях
} неизвестно, дошло ли письмо: связь оборвалась до ответа Telegram. Кто-то из них может получить письмо дважды.
admin-again-goes-on = Рассылка при этом продолжится: уйдут и письма, которые ждут в очереди.
admin-left = Оставили как есть.

admin-import-not-csv = Понимаю таблицы покупок в CSV (или CSV.gz). В Excel: «Сохранить как» → «CSV UTF-8».
admin-import-too-big = Файл больше { $limit } МБ, Telegram его не отдаст. Сожмите его в .gz, разделите на части или загрузите на сервере: kvizor import purchases ФАЙЛ
admin-import-gone = Этого файла у меня уже нет: он загружен или отменён. Пришлите его ещё раз, если нужно, — повторы не задвоятся.
admin-import-wait = ⏳ Загружаю { $file }…
admin-import-dropped = Отменено, ничего не загружено.
admin-import-preview =
    📄 <b>{ $file }</b>: { $rows } { $rows ->
        [one] строка
        [few] строки
        [many] строк
       *[other] строки
    }
    <b>Будет добавлено: { $added }</b> { $added ->
        [one] покупка
        [few] покупки
        [many] покупок
       *[other] покупки
    }
admin-import-report =
    ✅ <b>{ $file }</b> загружен: { $rows } { $rows ->
        [one] строка
        [few] строки
        [many] строк
       *[other] строки
    }
    <b>Добавлено: { $added }</b> { $added ->
        [one] покупка
        [few] покупки
        [many] покупок
       *[other] покупки
    }
admin-import-facts =
    на сумму { $sum }
    даты: { $dates }
    новых людей: { $people }
admin-import-refunds = ↩️ Возвраты: { $count }. Вычитаются из сумм, покупками не считаются.
admin-import-zeros = 🎁 Покупки на ноль: { $count }. Считаются покупками.
admin-import-joined = 🧾 Строки, сложенные в свой заказ: { $count }
admin-import-repeated = ↺ Уже были загружены: { $count }
admin-import-refused = ⚠️ Не подошли: { $count }
admin-import-first =
    <b>Первые покупки</b>
    { $lines }
admin-import-order = { $at } · { $sum } · { $buyer }
admin-import-reason = • { $reason }: { $count }
admin-import-refused-line = <code>{ $line }: { $text }</code>
admin-import-refused-file = Строки, которые не подошли ({ $count }), с причинами. Исправьте и пришлите — уже загруженное не задвоится.
admin-import-currency-assumed = Валюта в файле не указана, считаю, что это { $currency }. Если нет — выберите ниже.
admin-import-without-rate = ℹ️ Покупок не в { $base }: { $count }. Они считаются покупками, но в суммы не входят.
admin-button-load = ✅ Загрузить: { $count }
admin-import-column-customer = покупателем (id, телефон или e-mail)
admin-import-column-date = датой
admin-import-column-amount = суммой
admin-import-fault-empty = Файл пуст: в первой строке должны стоять названия колонок.
admin-import-fault-no-column = В первой строке нет колонки с { $what }. Есть: { $found }. Назовите нужную колонку, например, <code>{ $example }</code>.
admin-import-fault-two-columns = Колонки «{ $first }» и «{ $second }» значат одно и то же. Переименуйте лишнюю.
admin-import-fault-too-big = В файле больше { $limit } МБ текста. Разделите его и загрузите по частям.
admin-import-fault-broken-archive = Архив .gz повреждён. Упакуйте файл заново.
admin-import-fault-not-text = Это не текстовая таблица CSV. В Excel: «Сохранить как» → «CSV UTF-8».
admin-import-fault-unreadable = Файл { $name } не читается: { $why }.
admin-import-fault-unwritable = Не удалось записать список отклонённых строк: { $why }.
admin-import-fault-currency = Валюты «{ $given }» нет.
