command-topics = О чём присылать письма
command-settings = Язык, город, тихие часы
command-privacy = Ваши данные и согласия

topics =
    <b>О чём вам писать</b>
    Нажмите на тему, чтобы выключить её или включить снова. Остальные письма это не затронет.
topics-none =
    Пока писем по темам нет, выбирать не из чего.
    Отказаться от всех писем можно командой /stop.
topics-stopped =
    { "" }
    Сейчас вы отписаны от всех писем. Вернуться — /start.
topics-no-advertising =
    { "" }
    Рекламных писем вы не получаете: согласия на них нет. Дать его можно в /privacy.
topic-on = ✅ { $title }
topic-off = ▫️ { $title }
topic-left-toast = Больше не пишу о «{ $title }».
topic-left =
    Больше не пишу о «{ $title }».
    Другие темы — /topics, отказаться от всего — /stop.
topic-back-toast = Снова пишу о «{ $title }».
topic-gone = Этой темы больше нет.
button-topic-back = Вернуть «{ $title }»
button-topics-edit = Править темы

admin-topics =
    <b>Темы писем</b>
    { $list }

    Тему можно указать у любого письма — перед отправкой. Кто её выключил, того письмо обойдёт.
admin-topics-none = Тем пока нет. Добавьте первую — и люди смогут отказаться от неё одной, а не от всего сразу.
admin-topic-line = { $title }{ $other ->
        [none] {""}
       *[other] { " / " }{ $other }
    } — { $left ->
        [0] включена у всех
       *[other] выключили: { $left }
    }{ $shown ->
        [yes] {""}
       *[no] { " · скрыта" }
    }
admin-topic-ask-add = Как назвать тему? Ответьте на это сообщение. Можно сразу на двух языках: <code>Новинки | New arrivals</code>
admin-topic-ask-rename = Новое название для темы «{ $title }»? Ответьте на это сообщение, можно на двух языках: <code>Новинки | New arrivals</code>
admin-topic-example = Новинки | New arrivals
admin-topic-mend-shape = ⚠️ Нужно одно название или два через черту: <code>Новинки | New arrivals</code>. Пришлите ещё раз ответом на вопрос выше.
admin-topic-mend-length = ⚠️ Название стоит на кнопке, поэтому не длиннее { $most } знаков. Пришлите короче ответом на вопрос выше.
admin-topic-mend-many = ⚠️ Тем уже двадцать — больше никто не дочитает. Переименуйте одну из них.
admin-topic-mend-taken = ⚠️ Такая тема уже есть. Пришлите другое название ответом на вопрос выше.
admin-topic-mend-gone = ⚠️ Этой темы уже нет.
admin-topic-gone = Такой темы уже нет.
button-topic-add = ➕ Новая тема
button-topic-rename = ✏️ { $title }
button-topic-hide = Скрыть
button-topic-show = Показать
button-topics-done = Готово
admin-reason-topic-off = { $count } выключили тему
admin-button-topic = Тема: { $title }
admin-button-topic-none = Без темы
admin-letter-topic-ask = О чём это письмо? Кто выключил тему, не получит его, а у остальных под письмом появится кнопка «Не присылать об этом».

settings =
    <b>Настройки</b>

    Язык: { $language }
    Тихие часы: { $quiet ->
        [none] нет, пишу в любое время
       *[other] { $quiet } по вашему времени
    }
    Удобное время: { $best ->
        [morning] утро
        [day] день
        [evening] вечер
       *[any] любое
    }
    Город: { $city ->
        [none] не указан
       *[other] { $city }
    }
    Часовой пояс: { $zone }, у вас сейчас { $clock }{ $known ->
        [yes] {""}
       *[no] { " (если это не так, укажите город)" }
    }
settings-note-quiet = В тихие часы писем не будет: подожду до { $until }. Ответы на ваши сообщения и то, что вы просили прислать, приходят сразу.
settings-note-quiet-off = Тихих часов больше нет.
settings-note-best = Запомнил. Пока письма выходят по общему расписанию; личное время начну учитывать, когда научусь.
settings-note-language = Говорю по-русски.
settings-note-zone = Часовой пояс: { $zone }, у вас сейчас { $clock }.
language-ru = Русский
language-en = English
quiet-off = Нет
quiet-own = Свои…
best-morning = Утро
best-day = День
best-evening = Вечер
best-any = Любое
settings-mark = ✓ { $label }
button-city = 🏙 Город
button-place = 📍 По карте
button-zones = 🕒 Часовой пояс
button-settings-back = ← К настройкам
settings-zones = Который час сейчас у вас? Выберите — и я узнаю часовой пояс.
settings-ask-city = В каком вы городе? Ответьте на это сообщение.
settings-city-example = Например, Казань
settings-ask-quiet = В какие часы вам не писать? Ответьте на это сообщение: например, <code>22-8</code> — с десяти вечера до восьми утра.
settings-quiet-example = 22-8
settings-quiet-mend = Не понял часы. Напишите начало и конец через дефис: <code>22-8</code> или <code>23:30-7</code>.
settings-ask-place = Нажмите кнопку внизу, и я пойму, какой это город. Само место я не храню — только город.
button-send-place = 📍 Отправить моё место
button-no-place = Не нужно
settings-place-dropped = Хорошо, ничего не меняю.
settings-place-nowhere = Рядом с этим местом я не знаю ни одного города. Напишите город словами или выберите часовой пояс: /settings.
settings-place-near = Города рядом я не нашёл, но часы теперь ваши: сейчас { $clock }. Город можно написать словами.
settings-city-saved = Записал: { $city }. У вас сейчас { $clock }.
settings-city-which = Возможно, вы имели в виду:
settings-city-unknown = Такого города не нашёл. Напишите название ещё раз или ближайший крупный город — либо выберите часовой пояс.
settings-old-button = Эта кнопка устарела. Откройте /settings ещё раз.

privacy =
    <b>Ваши данные</b>

    <b>Что хранит «{ $business }».</b> Имя и ник в Telegram, язык, ваши ответы, город и часовой пояс, если вы их назвали, телефон и почту, если вы их оставили, покупки, отправленные вам письма и ваши нажатия.
    <b>Зачем.</b> Чтобы отвечать вам и присылать то, что подходит именно вам, и не присылать лишнего.
    <b>Сколько.</b> Пока действует ваше согласие. Сообщения в том виде, в каком их передал Telegram, — 7 дней.
    <b>Кто видит.</b> Только «{ $business }». Третьим лицам данные не передаются.

    { $consents }
privacy-consents = <b>Ваши согласия</b>
privacy-consent-data = обработка данных
privacy-consent-advertising = рекламные сообщения
privacy-consent-other = «{ $words }»
privacy-given = ✅ { $what } — с { $day }, редакция { $version }
privacy-withdrawn = ▫️ { $what } — отозвано { $day }, редакция { $version }
privacy-never = ▫️ { $what } — не давали
privacy-erased-on = Данные сотрутся сами { $day }. Стереть раньше — кнопка ниже.
button-privacy-data = Получить мои данные
button-privacy-texts = Тексты согласий
button-privacy-topics = Темы писем
button-privacy-settings = Настройки
button-withdraw-advertising = Отозвать согласие на рекламу
button-withdraw-data = Отозвать согласие на обработку
button-withdraw-other = Отозвать: { $what }
button-give-advertising = Разрешить рекламу
button-give-data = Дать согласие на обработку
button-forget = Стереть всё обо мне
button-privacy-back = ← Назад
privacy-withdraw-advertising =
    <b>Отозвать согласие на рекламные сообщения?</b>

    Рекламных писем больше не будет с этой минуты. Опросы и материалы остаются вашими.
privacy-withdraw-data =
    <b>Отозвать согласие на обработку данных?</b>

    С этой минуты я перестану присылать письма и задавать вопросы, остальные согласия тоже прекратятся. Через 30 дней всё, что о вас собрано, сотрётся само; раньше — командой /forget. Если передумаете за это время — /start.
privacy-withdraw-other =
    <b>Отозвать согласие { $what }?</b>

    Оно перестанет действовать с этой минуты. Остальные согласия это не затронет.
button-withdraw-sure = Да, отозвать
privacy-withdrawn-advertising = Готово: согласие на рекламу отозвано.
privacy-withdrawn-data = Готово: согласие отозвано. Писем и вопросов больше не будет, данные сотрутся через 30 дней.
privacy-withdrawn-other = Готово: согласие отозвано. Остальные остались как были.
privacy-texts-head = <b>Тексты, с которыми вы согласились</b>
privacy-text = <b>{ $what }</b>, { $day }, редакция { $version }:
privacy-texts-none = Вы пока не давали согласий.
privacy-more = … полностью — в файле /mydata.
privacy-old-button = Эта кнопка устарела. Откройте /privacy ещё раз.

mydata-wait = Собираю файл…
mydata-too-often = Файл я собираю не чаще раза в минуту. Попробуйте чуть позже.
mydata-caption = Всё, что о вас хранится: <b>my-data.html</b> — чтобы прочитать, <b>my-data.json</b> — для программ.
mydata-title = Что «{ $business }» хранит о вас
mydata-made = Собрано { $moment }.
mydata-rows = Записей: { $count }
mydata-empty = пусто
mydata-yes = да
mydata-no = нет
mydata-person = Вы
mydata-preferences = Настройки
mydata-consents = Согласия
mydata-topics = Выбор тем
mydata-letters = Письма
mydata-segments = Группы, в которых вы состоите или состояли
mydata-attributes = Что известно о вас
mydata-tags = Метки
mydata-answers = Ваши ответы
mydata-quiz_runs = Прохождения опросов
mydata-run_answers = Ответы в каждом прохождении
mydata-purchases = Покупки
mydata-events = Действия
mydata-daily_counts = Действия по дням
mydata-touches = Ссылки, по которым вы приходили
mydata-profiles = Счётчики
mydata-updates = Ваши сообщения последних дней, как их передал Telegram
mydata-other = Прочее: { $name }

forget =
    <b>Стереть всё, что о вас известно?</b>

    <b>Сотрётся навсегда:</b> имя, ник, телефон, почта, город и другие сведения, ответы и опросы, метки, настройки, ваши сообщения.
    <b>Останется:</b> доказательство, какие согласия вы давали и отзывали; суммы покупок и счётчики без имени; зашифрованная отметка, чтобы вам больше не писали.

    Вернуть стёртое будет нельзя.
button-forget-sure = Да, сотрите всё
button-forget-keep = Нет, оставьте
forget-kept = Хорошо, ничего не стираю.
forget-done =
    Готово: всё стёрто. Больше я вам не пишу.
    Если когда-нибудь захотите вернуться — /start, начнём с чистого листа.
forget-nothing = Стирать нечего: о вас ничего не хранится.
forget-old-button = Эта кнопка устарела. Напишите /forget ещё раз.

mydata-field-telegram_id = Номер в Telegram
mydata-field-status = Состояние
mydata-field-first_name = Имя
mydata-field-last_name = Фамилия
mydata-field-username = Ник
mydata-field-language_code = Язык в Telegram
mydata-field-language = Язык
mydata-field-is_premium = Telegram Premium
mydata-field-phone = Телефон
mydata-field-email = Почта
mydata-field-external_id = Номер клиента
mydata-field-source = Откуда пришли
mydata-field-created_at = Запись создана
mydata-field-joined_at = Открыли бота
mydata-field-blocked_at = Заблокировали бота
mydata-field-opted_out_at = Отписались
mydata-field-data_consent_at = Согласие на обработку
mydata-field-advertising_consent_at = Согласие на рекламу
mydata-field-language_chosen_at = Язык выбран вами
mydata-field-language_is_his_choice = Язык выбран вами
mydata-field-time_zone = Часовой пояс
mydata-field-time_zone_is_known_from = Откуда известен пояс
mydata-field-quiet_hours = Тихие часы
mydata-field-best_time = Удобное время
mydata-field-purpose = О чём
mydata-field-given = Дано
mydata-field-at = Когда
mydata-field-text_hash = Отпечаток текста
mydata-field-text = Текст
mydata-field-path = Где
mydata-field-message_id = Сообщение
mydata-field-title_ru = Название
mydata-field-title_en = Название по-английски
mydata-field-is_on = Включили
mydata-field-is_on_now = Включена сейчас
mydata-field-letter = Письмо
mydata-field-state = Итог
mydata-field-reason = Причина
mydata-field-due_at = Срок
mydata-field-started_at = Начато
mydata-field-finished_at = Закончено
mydata-field-answered_at = Ответ
mydata-field-key = Что
mydata-field-folded = Значение
mydata-field-number = Число
mydata-field-moment = Дата
mydata-field-origin = Откуда
mydata-field-updated_at = Обновлено
mydata-field-tag = Метка
mydata-field-added_at = Добавлено
mydata-field-quiz = Опрос
mydata-field-question = Вопрос
mydata-field-value = Ответ
mydata-field-result = Результат
mydata-field-score = Баллы
mydata-field-kind = Что
mydata-field-day = День
mydata-field-count = Сколько раз
mydata-field-detail = Подробности
mydata-field-entered_at = Вошли
mydata-field-left_at = Вышли
mydata-field-amount = Сумма, в копейках
mydata-field-currency = Валюта
mydata-field-base_amount = Сумма в основной валюте, в копейках
mydata-field-product = Товар
mydata-field-category = Категория
mydata-field-order_id = Заказ
mydata-field-received_at = Получено
mydata-field-handled_at = Обработано
mydata-field-update = Содержимое
mydata-field-last_seen_at = Были здесь
mydata-field-unanswered = Писем подряд без ответа
mydata-field-letters_received = Получено писем
mydata-field-purchases_count = Покупок
mydata-field-purchases_total = Сумма покупок, в копейках
mydata-field-first_purchase_at = Первая покупка
mydata-field-last_purchase_at = Последняя покупка
mydata-field-abandoned_at = Отложено
mydata-field-run_id = Прохождение
mydata-field-id = Номер
mydata-field-shown = Показан вопрос
