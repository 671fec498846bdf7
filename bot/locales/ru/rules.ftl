rule-button-new = ➕ Новый сегмент
rule-button-edit = ✏️ Правило
rule-button-versions = 🕓 Версии
rule-button-title = ✏️ Название
rule-button-off = 🚫 Выключить
rule-button-on = ✅ Включить
rule-button-build = 🧩 Собрать кнопками
rule-button-text = ⌨️ Написать текстом
rule-button-drop = ✖️ Отмена
rule-button-keep = Не менять
rule-button-save = ✅ Сохранить
rule-button-apply = ✅ Применить
rule-button-again = ✏️ Другой текст
rule-button-lines = 🧩 Кнопками
rule-button-look = 👀 Кто это и сохранить
rule-button-add = ➕ Условие
rule-button-all = Верно всё → хотя бы одно
rule-button-any = Хотя бы одно → верно всё
rule-button-line = ✏️ { $place }
rule-button-change = ✏️ Изменить
rule-button-negate = 🔁 Наоборот
rule-button-remove = 🗑 Убрать
rule-button-back = ← Назад
rule-button-more = Ещё ({ $page } из { $pages }) →
rule-button-finish = ✅ Готово: { $count }
rule-button-greet-no = 🔔 Пусть серии их встретят
rule-button-greet-yes = 🔕 Пусть серии их не встречают
rule-button-card = Открыть сегмент
rule-button-return = ↩️ Вернуть это правило
rule-button-on-again = ✅ Включить «{ $title }»
rule-button-sure = Да, выключить
rule-button-delete = 🗑 Удалить
rule-button-gone = Да, удалить
rule-button-own = ← Ваши сегменты

rule-start-new =
    ➕ <b>Новый сегмент</b>

    Соберите его кнопками — или напишите правило текстом, если знаете язык сегментов.
rule-start-edit =
    ✏️ <b>{ $title }</b>

    <i>Сейчас сюда попадают:</i> { $sentence }

    Как будем менять?
rule-ask-text =
    ⌨️ Пришлите правило одним сообщением. Например:

    <code>city = Казань and purchases = 0</code>
    <code>last_seen more than 14 days ago</code>
    <code>spent more than 10000 within 90 days</code>

    Я покажу, кого оно находит. Пока ничего не меняется.
rule-ask-text-present =
    ⌨️ Пришлите новое правило одним сообщением. Сейчас оно такое — нажмите, чтобы скопировать:

    <code>{ $rule }</code>

    Я покажу, кто войдёт и кто выйдет. Пока ничего не меняется.
rule-ask-line =
    ⌨️ Это условие сложнее, чем умеют кнопки. Пришлите его новый текст — сейчас он такой:

    <code>{ $rule }</code>
rule-ask-title = Как назвать сегмент? Пришлите короткое название, например «Фрилансеры Казани».
rule-title-empty = В названии нужна хотя бы одна буква или цифра. Пришлите другое.
rule-title-long = Название длинновато: до { $most } знаков. Пришлите покороче.
rule-title-taken = Такой сегмент уже есть. Пришлите другое название.
rule-rename-ask = ✏️ Как теперь назвать «{ $title }»? Пришлите новое название.
rule-renamed = ✅ Теперь сегмент называется <b>{ $title }</b>. Рассылки и правила видят его по-прежнему.
rule-mistake =
    🤔 Не получается прочитать:

    { $rule }

    { $problem }

    Исправьте и пришлите ещё раз.
rule-mistake-phrase =
    🤔 «{ $rule }» похоже на обычную фразу, а правило пишется так:

    <code>город = Казань and пол = мужской</code>
    <code>покупки = 0</code>

    Пришлите правило ещё раз — или соберите его кнопками, это проще.
rule-mistake-plain =
    🤔 Так не получится: { $problem }

rule-sheet-new = 🧩 <b>Новый сегмент</b>
rule-sheet = 🧩 <b>{ $title }</b>
rule-sheet-empty = Пока пусто. Добавьте первое условие — дальше я буду сразу считать, сколько людей подходит.
rule-sheet-all = Сюда попадают те, для кого верно <b>всё</b>:
rule-sheet-any = Сюда попадают те, для кого верно <b>хотя бы одно</b>:
rule-sheet-one = Сюда попадают те, для кого верно:
rule-sheet-line = { $place }. { $sentence }
rule-sheet-more = …и ещё { $count }
rule-sheet-size = 👥 Сейчас { $size ->
    [0] никто не подходит
    [one] подходит: <b>{ $size }</b> человек
    [few] подходят: <b>{ $size }</b> человека
    [many] подходят: <b>{ $size }</b> человек
   *[other] подходят: <b>{ $size }</b> человека
}
rule-line =
    Условие { $place }:
    <i>{ $sentence }</i>
rule-family = О чём условие? Выберите раздел или напишите слово: «город», «покупки», «письма».
rule-family-answers = 📋 Ответы в квизах
rule-family-person = 👤 О человеке
rule-family-activity = 💬 Активность
rule-family-purchases = 💳 Покупки
rule-family-letters = ✉️ Письма
rule-family-scores = 📊 Оценки
rule-family-events = ⚡️ События
rule-family-tags = 🏷 Метки
rule-family-segments = 👥 Сегменты
rule-subject = О чём именно? Можно и написать — я поищу.
rule-subject-found = Нашлось по слову «{ $found }»:
rule-subject-empty = { $title } · нет данных
rule-form = <b>{ $title }</b>
rule-value-values =
    <b>{ $title }</b> — { $form }

    Отметьте один или несколько вариантов. Нет нужного — напишите его.
rule-value-product =
    <b>{ $title }</b> — { $form }

    Какой товар или раздел? Выберите или напишите название.
rule-value-number =
    <b>{ $title }</b> — { $form }

    Выберите число или напишите своё.
rule-value-amount =
    <b>{ $title }</b> — { $form }

    Какая сумма? Выберите или напишите свою.
rule-value-times =
    <b>{ $title }</b> — { $form }

    Сколько раз? Выберите или напишите число.
rule-value-days =
    <b>{ $title }</b> — { $form }

    Сколько дней? Выберите или напишите: «45» или «2 недели».
rule-value-day =
    <b>{ $title }</b> — { $form }

    Напишите день, например 31.01.2026.

rule-preview-new = 👀 <b>Кто попадёт в сегмент</b>
rule-preview-edit = 👀 <b>{ $title }</b>
rule-preview-was = <i>Было:</i> { $sentence }
rule-preview-will = <i>Станет:</i> { $sentence }
rule-preview-rule = <i>Правило:</i> { $sentence }
rule-preview-size = 👥 { $size ->
    [0] Никто не подходит
    [one] Подходит <b>{ $size }</b> человек
    [few] Подходят <b>{ $size }</b> человека
    [many] Подходят <b>{ $size }</b> человек
   *[other] Подходят <b>{ $size }</b> человека
}
rule-preview-people = 🙂 Например: { $people }
rule-preview-sizes = 👥 Сейчас { $before }, станет <b>{ $after }</b>
rule-preview-enter = ➡️ Войдут { $count }{ $people }
rule-preview-leave = ⬅️ Выйдут { $count }{ $people }
rule-preview-nobody = Состав не изменится.
rule-preview-same = Это и есть нынешнее правило — менять нечего.
rule-preview-lacking = ⚠️ { $text }
rule-preview-segments = 🔗 На нём стоят сегменты: { $titles }
rule-preview-campaign = ✉️ Его читает рассылка «{ $name }».
rule-preview-newcomers = ✉️ Рассылка «{ $name }» пишет тем, кто вошёл: вошедшие получат её.
rule-preview-preset = Это готовый сегмент. После правки он станет вашим, и обновления программы его не изменят.
rule-preview-returned = Правило станет прежним, но сегмент останется вашим: обновления программы его не изменят.
rule-preview-quiet = 🔕 Вошедшие из-за правила сами ничего не сделали, поэтому серии их не встретят.
rule-preview-loud = 🔔 Вошедшие из-за правила будут встречены сериями, как все новые.
rule-preview-changed = ⚠️ Пока вы смотрели, правило изменили. Вот что будет относительно нового.

rule-applying = ⏳ Пересчитываю…
rule-created =
    ✅ Сегмент <b>{ $title }</b> создан: { $size } { $size ->
        [one] человек
        [few] человека
        [many] человек
       *[other] человека
    }.
    В правилах его имя — <code>{ $name }</code>.
rule-applied =
    ✅ <b>{ $title }</b>: новое правило действует.
    Вошли { $entered }, вышли { $left }, сейчас { $size }.
rule-applied-failed = ⚠️ Правило сохранено, но посчитать его не удалось: { $error }
rule-dropped = Хорошо, ничего не изменилось.
rule-old = Эта кнопка устарела — показываю, как сейчас.
rule-done = Готово
rule-gone = Этот черновик уже закрыт.
rule-over = Этот черновик уже закрыт. Начните заново: /segments
rule-nothing-found = Ничего не нашлось. Попробуйте другое слово.
rule-unfit-days = Напишите число дней, например «45» или «2 недели».
rule-unfit-day = Не вижу дня. Напишите так: 31.01.2026.
rule-unfit-number = Напишите число цифрами.
rule-unfit-values = Сначала отметьте хотя бы один вариант.
rule-needs-lines = Сначала добавьте условие.

rule-versions = 🕓 <b>{ $title }</b>: все правила, новые сверху
rule-version-line = <b>{ $number }.</b> с { $since } { $who }
    { $sentence }
rule-version-by-you = — вы
rule-version-by-other = — другой владелец
rule-version-by-name = — { $name }
rule-version-by-cli = — из командной строки
rule-version-by-shipped = — готовое
rule-version-by-none = {""}
rule-versions-older = …и ещё { $count } старше. Все — командой <code>kvizor segment versions { $name }</code>.
rule-version =
    🕓 <b>{ $title }</b>, правило { $number }
    Действовало с { $since } { $until } { $who }

    { $sentence }

    <code>{ $rule }</code>
rule-version-until = по { $until }
rule-version-now = и действует сейчас
rule-button-version = Правило { $number }

rule-off-ask =
    Выключить <b>{ $title }</b>?

    Люди выйдут из него, а история останется: кто в нём был и когда, можно будет посмотреть. Включить можно в любой момент.
rule-delete-ask =
    🗑 Удалить <b>{ $title }</b> насовсем?

    { $size ->
        [0] Сейчас в нём никого.
        [one] В нём { $size } человек; из базы никто не пропадёт.
        [few] В нём { $size } человека; из базы никто не пропадёт.
       *[other] В нём { $size } человек; из базы никто не пропадёт.
    } Правило, его версии и история по дням пропадут; в карточках людей останется, когда они в нём были.

    Вернуть его не получится. Если он ещё может пригодиться — лучше просто выключите.
rule-delete-held = 🔗 Удалить <b>{ $title }</b> пока нельзя: без него не смогут работать
rule-delete-segment = • сегмент «{ $title }»
rule-delete-campaign = • рассылка «{ $name }»
rule-delete-first = Сначала уберите его из их правил или остановите рассылку.
rule-deleted = 🗑 Сегмент <b>{ $title }</b> удалён.
rule-off-done = 🚫 <b>{ $title }</b> выключен, сейчас в нём { $size }. История сохранена.
rule-off-used = Его нельзя выключить: на нём стоит сегмент «{ $title }». Сначала измените или выключите тот.
rule-on-done = ✅ <b>{ $title }</b> снова работает: { $size } { $size ->
    [one] человек
    [few] человека
    [many] человек
   *[other] человека
}.
