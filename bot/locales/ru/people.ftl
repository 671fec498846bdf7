command-people = Найти человека
command-places = Города, которые не узнаны

people-ask =
    🔎 <b>Кого найти?</b>
    Пришлите имя или его часть, @ник, телефон, e-mail, номер чата, клиента или заказа.
people-ask-example = Например, Анна
people-none = По запросу «{ $text }» никого нет. Попробуйте часть имени или телефон.
people-found = 🔎 «{ $text }»: { $count } { $count ->
    [one] человек
    [few] человека
    [many] человек
   *[other] человека
}
people-found-many = 🔎 «{ $text }»: показываю { $count } последних. Уточните запрос, если нужного нет.
people-gone = Этого человека больше нет: его данные стёрты.
people-old = Эта кнопка устарела. Откройте карточку заново: /people
people-unnamed = без имени
people-inside = 👥 <b>{ $title }</b>: { $first }–{ $last } из { $total }
people-inside-none = Сейчас в сегменте «{ $title }» никого нет.
people-hit = { $name } · с { $day }
people-hit-seen = был(а) { $day }

people-head = 👤 <b>{ $name }</b> { $link }
people-status = { $status ->
    [active] 🟢 на связи
    [stopped] 🔕 отписан
    [known] 📇 только из импорта, чата с ботом нет
    [unreachable] ⚠️ недоступен
    [blocked] ⛔️ заблокировал бота
    [deactivated] ⚠️ удалил аккаунт
   *[other] { $status }
}
people-language = язык: { $language ->
    [en] английский
   *[other] русский
}
people-premium = Premium
people-came = 🚪 В боте с { $day }
people-source = , по ссылке «{ $source }»
people-seen = , последний раз { $ago }
people-known = 📇 В базе с { $day }
people-city = 📍 { $city }
people-contacts = ☎️ { $contacts }
people-customer = клиент № { $number }
people-reasons = 🚫 Рекламу не отправим: { $reasons }
people-reason-blocked = бот заблокирован
people-reason-deactivated = аккаунт удалён
people-reason-unreachable = чат недоступен
people-reason-no_chat = нет чата с ботом
people-reason-opted_out = отписка
people-reason-no_advertising_consent = нет согласия на рекламу
people-reason-archived = в архиве, пока не напишет
people-reason-promotions_paused = пауза после жалобы
people-reason-topic_off = темы выключены: { $topics }
people-may = ✅ Рекламу отправлять можно
people-consent-data = согласие на данные { $day ->
    [none] — нет
   *[other] с { $day }
}
people-consent-advertising = на рекламу { $day ->
    [none] — нет
   *[other] с { $day }
}
people-consents = 📝 { $data }, { $advertising }
people-gender = ⚧ Пол: <b>{ $gender ->
    [female] женский
    [male] мужской
   *[other] неизвестен
}</b>{ $source }
people-gender-source = {" "}— { $source }, { $percent } %
people-gender-by-answer = собственный ответ
people-gender-by-owner = отмечено вами
people-gender-by-patronymic = по отчеству
people-gender-by-surname = по фамилии
people-gender-by-first_name = по имени
people-gender-by-transliteration = по имени латиницей
people-gender-by-address = по обращению
people-gender-by-verbs = по сообщениям
people-gender-by-both = по имени и фамилии
people-letters = ✉️ Писем: { $received }, без ответа подряд: { $unanswered }
people-letters-none = ✉️ Писем ещё не было
people-money = 💳 Покупок: <b>{ $count }</b> на { $sum }, последняя { $day }{ $what }
people-money-none = 💳 Покупок нет
people-scores = <b>📊 Оценки</b>
people-score = • { $title }: { $value }{ $inputs }
people-of-hundred = { $value } из 100
people-segments = <b>🎯 В сегментах: { $count }</b>
people-segment = • { $title } — с { $day }
people-more = …и ещё { $count }
people-segments-none = 🎯 Ни в одном сегменте
people-tags = 🏷 { $tags }
people-facts-count = 📋 Ответов: { $answers }, свойств: { $facts }

people-facts = 📋 <b>{ $name }</b>: ответы и свойства
people-facts-none = 📋 <b>{ $name }</b>: ответов и свойств пока нет.
people-facts-answers = <b>{ $quiz }</b> · { $day }
people-fact-answer = • { $question } — { $told }
people-facts-attributes = <b>Свойства</b>
people-fact = • { $title }: { $value }{ $origin }
people-typed = {" "}(написано «{ $text }»)
people-origin-quiz = {" "}· из квиза
people-origin-import = {" "}· из импорта
people-origin-settings = {" "}· из настроек
people-origin-owner = {" "}· отмечено вами
people-origin-other = { "" }

people-why-ask = ❓ <b>{ $name }</b>: почему в сегменте или нет?
    ✓ — сейчас внутри. Выберите сегмент:
people-why = ❓ <b>{ $name }</b> и сегмент «{ $title }»
people-why-in = ✅ Внутри с { $day }
people-why-out = ➖ Не внутри
people-why-all = Должны выполняться все условия:
people-why-any = Достаточно одного условия:
people-why-mixed = Правило: { $rule }
people-why-yes = ✓ { $sentence }
people-why-no = ✗ { $sentence }
people-why-found = {"    "}сейчас: { $value }{ $inputs }{ $since }
people-why-since = , с { $day }
people-why-change = {"    "}изменится: { $change }
people-why-broken = Правило этого сегмента не читается: { $problem }
people-inputs = {" "}({ $inputs })

people-history = 🕓 <b>{ $name }</b>: движение по сегментам
people-history-none = 🕓 <b>{ $name }</b>: сегментов пока не было.
people-history-entered = { $day } → { $title }
people-history-left = { $day } ← вышел: { $title }

people-tags-window = 🏷 <b>{ $name }</b>: метки. Нажмите на метку, чтобы снять её.
people-tags-window-none = 🏷 <b>{ $name }</b>: меток пока нет.
people-tag-ask = 🏷 Пришлите метку одним сообщением, например <code>vip</code>.
people-tag-example = vip
people-tag-off = Метка снята
people-set-ask =
    ✏️ Пришлите свойство и значение через «=», например:
    <code>город = Казань</code>
    <code>birthday = 31.12.1990</code>
    Пустое значение уберёт свойство: <code>город =</code>
people-set-example = город = Казань
people-set-done = ✏️ Записал: { $title } — { $value }
people-set-removed = ✏️ Убрал: { $title }
people-mend-shape = Не понял. Напишите свойство и значение через «=», например: <code>город = Казань</code>
people-mend-key = Название свойства — одно слово из букв и цифр, например <code>income</code>.
people-mend-own = Это свойство бот выводит сам. Поправьте город, а пол — кнопками на карточке.
people-mend-long = Слишком длинно: не больше 256 знаков.
people-mend-number = Здесь нужно число, например 35.
people-mend-date = Здесь нужна дата, например 31.12.1990.
people-mend-tag = Метка — от 1 до 64 знаков.
people-mend-gone = Этого человека больше нет: его данные стёрты.
people-gender-kept = Записал. Но человек ответил иначе, и его ответ важнее.
people-gender-done = Записал

people-button-inside = 👥 Кто внутри
people-button-facts = 📋 Ответы и свойства
people-button-why = ❓ Почему в сегменте…
people-button-tags = 🏷 Метки
people-button-history = 🕓 История
people-button-female = Женский
people-button-male = Мужской
people-button-open = Неизвестно
people-button-set = ✏️ Исправить
people-button-find = 🔎 Найти ещё
people-button-card = ← Карточка
people-button-other = Другой сегмент
people-button-segment = Открыть сегмент
people-button-tag = ➕ Добавить метку
people-button-newer = ‹ Назад
people-button-older = Дальше ›

people-places =
    📍 <b>Города, которые не узнаны</b>: { $spellings } { $spellings ->
        [one] написание
        [few] написания
        [many] написаний
       *[other] написания
    } у { $people } чел.
    Остальные приведены к одному имени, с регионом, часовым поясом и климатом.
people-places-none = 📍 Все названные города узнаны.
people-place = • { $text } — { $people }
