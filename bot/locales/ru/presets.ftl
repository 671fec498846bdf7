segments-moved = <b>Сегодня заметнее всего</b>
segments-moved-line = • { $title }: { $size } ({ $moves })
segments-families = <b>Что есть</b>
segments-family-line = • <b>{ $title }</b>: { $told }
segments-families-empty = <i>Пока пусто: { $titles }</i>
segments-family-off = ничего не включено
segments-told = { $title } { $size }
segments-family-button = { $title } · { $count }
segments-button-shelf = ➕ Ещё готовые сегменты · { $count }
segments-button-shelf-family = ➕ Ещё готовые здесь · { $count }
segments-button-all = ← Все сегменты
segments-button-page = { $page } из { $pages }
segments-family = <b>{ $title }</b>
segments-family-note = В скобках — кто пришёл и ушёл сегодня.
segments-row = { $mark }{ $title } — <b>{ $size }</b>{ $moves }, { $share }
segments-row-empty = { $title } — <b>0</b>
segments-row-lacking = ◽️ { $title } — нет данных
segments-own = Ваши сегменты

admin-card-use = 💡 { $use }
admin-card-lacking =
    ◽️ <b>Пока некого найти: нет данных</b>
    { $lines }
admin-card-lacking-line = • { $text }
admin-card-scarce = ◽️ { $text }.
admin-card-generated =
    <b>{ $title }</b> — { $size } { $size ->
        [one] человек
        [few] человека
        [many] человек
       *[other] человека
    }
    <i>Кто сюда попадает:</i> получают письма, но не входят ни в один включённый сегмент, который что-то о них говорит.
admin-card-off = ⏸ Выключен: людей в нём не считаем, история сохранена.

preset-button-set = ⚙️ Настроить
preset-button-off = ⏸ Выключить
preset-button-on = ✅ Включить
preset-button-save = ✅ Сохранить
preset-button-make = ➕ Сделать ещё один такой
preset-button-back = ← Назад
preset-button-card = ← К сегменту

preset-shelf =
    ➕ <b>Готовые сегменты, которые ждут</b>
    Выберите раздел. Включить можно одним нажатием, выключить тоже.
preset-shelf-none = Включено всё, что есть.
preset-shelf-family =
    ➕ <b>{ $title }: готовые сегменты</b>
    Нажмите, чтобы включить.
preset-shelf-row = <b>{ $title }</b>
    { $use }
preset-shelf-choose = <b>{ $title }</b>
    { $use } <i>Нужно выбрать: { $what }.</i>

preset-set =
    ⚙️ <b>{ $title }</b>
    { $use }

    <i>Кто сюда попадает:</i> { $rule }
preset-set-value = { $name }: <b>{ $value }</b>
preset-set-open = { $name }: <b>не выбрано</b>
preset-set-same = Сейчас в сегменте { $size }.
preset-set-new = Таких людей сейчас { $size }.
preset-set-moves = Сейчас { $size }, станет <b>{ $then }</b>: придут { $entering }, уйдут { $leaving }.
preset-set-copy = «Ещё один такой» оставит прежний сегмент и сделает второй с этими значениями.
preset-choose = Выберите: { $what }
preset-choose-none =
    ◽️ Выбирать пока не из чего: таких данных ещё ни у кого нет ({ $what }).
    Задать значение заранее можно на сервере: <code>kvizor segment another { $name } { $parameter }=…</code>
preset-word-button = { $name }: { $value }
preset-word-none = { $name }: выбрать
preset-on = ✅ Включён: { $title } · { $size }
preset-on-soon = ✅ Включён: { $title }. Люди появятся в нём за пять минут.
preset-off = ⏸ Выключен: { $title }
preset-saved = ✅ Сохранено: { $title }
preset-made = ✅ Готово: { $title }
preset-same = Это и есть текущие значения.
preset-taken = Такой уже есть. Измените значение.
preset-used = На нём стоит другой сегмент: { $title }. Сначала выключите тот.
preset-old = Эта кнопка устарела. Откройте список заново: /segments
