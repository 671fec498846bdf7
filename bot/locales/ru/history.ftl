command-movement = Движение: кто куда перешёл

button-history = 🕰 История
history-which-day = 🕰 Кто был в сегменте <b>{ $title }</b>? Выберите день.
history-ask = На какой день показать <b>{ $title }</b>? Напишите дату ответом на это сообщение.
history-example = 1 марта
history-no-day = Не получилось прочитать дату. Напишите, например: 1 марта, 31.12.2025 или вчера.
history-future = { $day } ещё впереди. Можно спросить про любой день до сегодняшнего.
history-never = пока ни одного дня
history-before =
    🕰 <b>{ $title }</b>, { $day }

    В этот день сегмента ещё не было. Он считается с: { $since }.
history-day =
    🕰 <b>{ $title }</b>, { $day }
    К концу дня { $count ->
        [one] был <b>{ $count }</b> человек
        [few] было <b>{ $count }</b> человека
        [many] было <b>{ $count }</b> человек
       *[other] было <b>{ $count }</b> человека
    }.
history-today =
    🕰 <b>{ $title }</b>, { $day }
    Сейчас { $count ->
        [one] <b>{ $count }</b> человек
        [few] <b>{ $count }</b> человека
        [many] <b>{ $count }</b> человек
       *[other] <b>{ $count }</b> человека
    }. День ещё не закончился.
history-still = С тех пор не уходили: { $still }. Сейчас в сегменте { $size }.
history-rule = <i>Правило тогда было другим:</i> { $rule }
history-sample =
    <b>Пришли последними</b>
    { $people }
history-person = • { $name }: с { $since } { $until ->
    [none] и до сих пор
   *[other] по { $until }
}
history-button-yesterday = Вчера
history-button-first = 1-е: { $day }
history-button-month = Месяц назад: { $day }
history-button-ask = ✏️ Другой день
history-button-csv = ⬇️ Скачать список
history-button-card = ← Сегмент
history-csv = «{ $title }», { $day }: { $rows } { $rows ->
    [one] человек
    [few] человека
    [many] человек
   *[other] человека
}. Число строк сверено с базой.

button-movement = 🔀 Движение
movement-choose = 🔀 Между какими сегментами посмотреть движение?
movement-none = Пока не с чем сравнивать: нужны хотя бы два сегмента одной группы.
movement-own = Ваши сегменты
movement-wait = Считаю…
movement-caption =
    🔀 <b>{ $title }</b>, { $days }
    { $stood ->
        [0] В первый день здесь никого не было.
       *[other] { $moved ->
            [0] Никто не перешёл, все { $stood } остались на местах.
           *[other] Перешли { $moved } из { $stood } ({ $share }).
        }
    }
movement-move = • { $source } → { $target }: <b>{ $people }</b>{ $money ->
    [none] { "" }
   *[other] { " " }({ $money })
}
movement-money = платили { $before } → { $after }
movement-more = …и ещё { $count } — в таблице.
movement-came = Новых в базе: { $count }.
movement-overlap = { $count } сразу в нескольких: считаются в самом маленьком.
movement-months-head = 🔀 <b>{ $title }</b> по месяцам
movement-from-none = не были здесь
movement-to-none = больше не здесь
movement-month = <b>{ $days }</b>: { $stood ->
    [0] в начале здесь никого не было
   *[other] { $moved ->
        [0] все { $stood } на местах
       *[other] перешли { $moved } из { $stood }
    }
}
movement-span-month = За 30 дней
movement-span-last = Прошлый месяц
movement-span-half = За полгода
movement-span-year = За год
movement-span-months = По месяцам
movement-button-csv = ⬇️ Таблица
movement-button-list = Другая группа
movement-csv = Движение «{ $title }», { $days }.
