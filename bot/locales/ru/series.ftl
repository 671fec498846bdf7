command-series = Серии писем

series-head = <b>Серии</b>
    Письма, которые идут за человеком по его дням и кончаются, когда цель достигнута.
series-none = Пока ни одной. Как написать свою — docs/series.md.
series-waiting = ➕ — готовые: откройте, посмотрите, включите.
series-line = { $state ->
    [on] ✅
    [error] ⚠️
   *[off] ⏸
} { $title } — { $kind ->
    [selling] продаёт
   *[regular] греет
}
series-card = <b>{ $title }</b> — { $state ->
    [on] ✅ включена
    [error] ⚠️ стоит из-за ошибки
   *[off] ⏸ выключена
}
    <i>{ $kind ->
        [selling] Продающая серия
       *[regular] Обычная серия
    }</i>
series-error = ⚠️ { $error }
series-start-segment = Входят, когда попадают в сегмент «{ $what }».
series-start-quiz = Входят, когда проходят «{ $what }»{ $result ->
    [none] {""}
   *[other] {" "}с итогом { $result }
}.
series-start-tag = Входят, когда получают метку «{ $what }».
series-start-event = Входят по событию { $what }.
series-start-date = Входят { $way ->
    [before] за { $days } дн. до даты
    [after] через { $days } дн. после даты
   *[on] в день даты
} «{ $what }».
series-start-hand = Входят только по вашему приказу.
series-entered = Вошли: <b>{ $count }</b>
series-active = • идут сейчас — { $count }
series-end-finished = • прошли до конца — { $count }
series-end-goal = • достигли цели — { $count }
series-end-rule = • вышли по правилу — { $count }
series-end-opted_out = • отписались — { $count }
series-end-archived = • ушли в архив — { $count }
series-end-blocked = • недоступны или заблокировали — { $count }
series-end-by_hand = • остановлены вами — { $count }
series-end-moved = • переведены в другую серию — { $count }
series-step = { $place }. { $mark } <code>{ $name }</code> — дошли { $reached }{ $is_letter ->
    [yes] , отправлено { $sent }
   *[no] {""}
}, сейчас { $here }
series-steps-more = …и ещё шагов: { $count }
series-ask = <b>Включить «{ $title }»?</b>
    Войдут те, с кем это случится после включения.
series-a-day = В день в последнее время: <b>{ $count }</b>
series-there = Уже у порога: { $count }
series-there-less = − { $why } — { $count }
series-there-left = = можно взять одной кнопкой: <b>{ $count }</b>
series-there-none = Здесь некого взять сразу.
series-why-already_in = уже в серии
series-why-was_before = были раньше
series-why-goal = цель достигнута
series-why-rule = вышли бы сразу
series-why-opted_out = отписаны или без согласия
series-why-archived = в архиве
series-why-blocked = недоступны
series-button-ask = ▶️ Включить…
series-button-on = ✅ Включить
series-button-off = ⏸ Выключить
series-button-take = 👥 Взять всех сейчас…
series-button-taken = ✅ Взять
series-button-stop = ⏹ Остановить у всех…
series-button-stopped = ⏹ Остановить
series-button-picture = 📊 Шаги картинкой
series-button-list = ← Все серии
series-button-back = ← Назад
series-on = Включена.
series-off = Выключена: кто в пути, стоит на месте.
series-taken = { $count ->
    [one] Вошёл { $count } человек.
    [few] Вошли { $count } человека.
    [many] Вошли { $count } человек.
   *[other] Вошли { $count } человека.
}
series-stop-ask = <b>Остановить «{ $title }» у всех?</b>
    Сейчас в пути: { $count }. Письма, которые ждут, не уйдут; вернуть людей на тот же шаг нельзя.
series-stopped = { $count ->
    [one] Остановлен { $count } человек.
    [few] Остановлены { $count } человека.
    [many] Остановлены { $count } человек.
   *[other] Остановлены { $count } человека.
}
series-picture = «{ $title }»: кто дошёл до какого шага
series-gone = Этой серии больше нет. Откройте /series.
