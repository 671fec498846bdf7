command-insights = Что узнать о своей базе

insights-menu =
    🔎 <b>Что узнать о базе</b>

    Каждый отчёт — картинка, пара выводов и таблица. Считается по всей базе на эту минуту.
insights-counting = ⏳ Считаю по всей базе. Бот в это время отвечает как обычно.
insights-wait = Считаю… На большой базе это до минуты.
insights-gone = Этого поля, сегмента или группы больше нет. Откройте заново: /insights
insights-all = Все
insights-inside = в сегменте
insights-outside = в остальной базе
insights-points = { $points } п.п.
insights-of = из { $count }
insights-orders = { $count } зак.
insights-people = { $count } чел.
insights-period = { $days ->
    [0] за всё время
    [one] за { $days } день
    [few] за { $days } дня
    [many] за { $days } дней
   *[other] за { $days } дня
}
insights-unrated = { $count ->
    [one] { $count } покупка
    [few] { $count } покупки
    [many] { $count } покупок
   *[other] { $count } покупки
} в валюте без курса: в суммы не вошли.
insights-segments-of = Сегменты: { $family }

insights-button-cross = 🔀 Таблица по двум полям
insights-button-goods = 🛍 Что покупают
insights-button-spend = 💰 Какие сегменты приносят деньги
insights-button-stages = 🪜 Путь всей базы
insights-button-links = 🔗 Что с чем связано
insights-button-hidden = 🫥 Скрытые группы
insights-button-menu = ← Что узнать
insights-button-how = ❓ Как считается
insights-button-xlsx = ⬇️ Excel
insights-button-csv = ⬇️ CSV
insights-button-own = ✏️ Выбрать свои поля
insights-button-turn = 🔄 Повернуть
insights-button-other = ✏️ Другие поля
insights-button-common = 🔎 Чем отличаются
insights-button-sum = По выручке
insights-button-head = На человека
insights-button-product = Товары
insights-button-category = Категории
insights-button-to-pairs = 🧺 Что берут вместе
insights-button-to-goods = 🛍 Что покупают
insights-button-find = 🫥 Поискать
insights-button-keep = 💾 Сохранить группу { $place }

insights-measure-people = Люди
insights-measure-revenue = Выручка
insights-measure-average = Средний заказ
insights-measure-buyers = Доля покупателей
insights-cross-start = Какие два поля сложить в таблицу? Вот готовые — или выберите свои.
insights-cross-rows = Что поставить в строки?
insights-cross-columns = В строках — «{ $title }». А что в столбцы?
insights-cross-foot-people = Проценты — доля строки. ▲ ▼ — больше или меньше, чем вышло бы случайно.
insights-cross-foot-revenue = Чем темнее, тем больше выручка.
insights-cross-foot-average = Серым — меньше 10 заказов: среднее ещё ненадёжно.
insights-cross-foot-buyers = Серым — меньше 30 человек: доля ещё ненадёжна.
insights-cross-base = 👥 В таблице <b>{ $base }</b> { $base ->
    [one] человек
    [few] человека
    [many] человек
   *[other] человека
}.
insights-cross-above = ▲ <b>{ $row } × { $column }</b>: { $people }, случайно было бы около { $expected }
insights-cross-below = ▼ <b>{ $row } × { $column }</b>: { $people }, случайно было бы около { $expected }
insights-cross-usual = Ни одна клетка не выделяется: поля друг с другом не связаны, или людей пока мало.
insights-cross-unknown = Неизвестно у { $share } людей — они стоят отдельно, выводы о них не говорят.
insights-cross-folded = Редкие значения ({ $count }) собраны в «другие».
insights-cross-several = У человека бывает несколько значений сразу, поэтому строки вместе больше, чем «Все».

insights-common-title = Чем отличаются
insights-common-subtitle = «{ $title }», { $size } чел. · разница с остальной базой
insights-common-head = 🔎 <b>{ $title }</b>: { $size } против остальных { $rest }
insights-common-line = • { $field }: <b>{ $value }</b> — { $inside }, в остальной базе { $outside } ({ $points } п.п.)
insights-common-small = В сегменте «{ $title }» { $size } чел., в остальной базе { $rest }. Чтобы сравнивать, нужно хотя бы { $few } с каждой стороны: пока любое отличие может быть случайным.
insights-common-none = Ничем заметным от остальных эти люди не отличаются — по тому, что о них известно.
insights-common-sure = Сравнили { $count } { $count ->
    [one] признак
    [few] признака
    [many] признаков
   *[other] признака
}; показаны только отличия, которые не объяснить случаем. В скобках — где настоящая разница (95 %).
insights-common-left = Не сравнивали то, что решает само правило: { $names }.
insights-common-left-more = Не сравнивали то, что решает само правило: { $names } и ещё { $count }.

insights-goods-title-product = Что покупают
insights-goods-title-category = Категории
insights-goods-subtitle = Покупатели · выручка · купили снова, { $period }
insights-goods-head = 🛍 Разных названий: { $different }. Покупателей: <b>{ $buyers }</b>.
insights-goods-note = Справа — выручка и доля тех, кто купил это ещё раз.
insights-goods-none = За это время покупок не было.
insights-goods-unnamed = У { $count } { $count ->
    [one] покупки
   *[other] покупок
} название не указано.
insights-goods-unnamed-all = Покупки есть, но без названий. Добавьте в файл столбец «Товар» или «Категория» и загрузите его ещё раз.
insights-pairs-head = 🧺 <b>Что берут одни и те же люди</b>, { $period }
insights-pairs-line = • Кто взял «{ $first }», берёт и «{ $second }»: { $share } ({ $people } чел.), в { $lift } раза чаще случайного, точно не меньше чем в { $low }
insights-pairs-note = Проверено пар: { $count }. Показаны те, что не объяснить случаем. Вместе — не значит одно из-за другого.
insights-pairs-none = Пар, которые берут вместе чаще случайного, пока не видно (проверено: { $count }). Нужно хотя бы 10 человек, купивших оба товара.

insights-spend-title = Кто приносит деньги
insights-spend-subtitle-sum = Выручка · доля всей выручки · людей, { $period }
insights-spend-subtitle-head = Выручка на человека · людей, { $period }
insights-spend-best-sum = 💰 Больше всего приносит «{ $title }»: { $people } базы дают <b>{ $share }</b> выручки, { $head } на человека (в среднем по базе { $usual }).
insights-spend-best-head = 💰 Дороже всех человек из «{ $title }»: <b>{ $head }</b> против { $usual } в среднем по базе. Это { $people } базы и { $share } выручки.
insights-spend-overlap = Сегменты пересекаются, поэтому доли вместе больше 100 %. Сегменты почти во всю базу не показаны.
insights-spend-none = За это время никто из сегментов ничего не купил.

insights-kinds = 👥 { $kinds }
insights-kinds-sent = 👥 Кому пришло, по тому, кто они сейчас: { $kinds }
insights-kinds-now = 👥 Сейчас это: { $kinds }
insights-kind-reader = читатели { $count }
insights-kind-prospect = присматриваются { $count }
insights-kind-customer = покупатели { $count }
insights-kind-former = бывшие покупатели { $count }
insights-stages-title = Путь всей базы
insights-stages-subtitle = Дошли до шага или дальше · доля от предыдущего шага (95 %)
insights-stage-came = Пришли в бота
insights-stage-agreed = Дали согласие
insights-stage-quiz-started = Начали квиз
insights-stage-quiz-finished = Прошли квиз
insights-stage-buyer = Купили
insights-stage-repeat = Купили снова
insights-stages-worst = 🪜 Труднее всего шаг «{ $stage }»: его проходят { $share } ({ $reached } из { $before }; 95 %: { $between }).
insights-stages-files = { $count } чел. известны только из файлов и в бота не приходили.
insights-stages-none = В базе пока никого.

insights-links-head = 🔗 <b>Что с чем связано</b> — по { $people } { $people ->
    [one] человеку
   *[other] людям
}
insights-links-up = • чем больше «{ $first }», тем <b>больше</b> «{ $second }»: { $rho } ({ $low }…{ $high })
insights-links-down = • чем больше «{ $first }», тем <b>меньше</b> «{ $second }»: { $rho } ({ $low }…{ $high })
insights-links-cause = Число — сила связи от −1 до 1, в скобках — где она на самом деле (95 %). Связь не значит причина.
insights-links-sample = Посчитано по выборке из базы.
insights-links-none = Заметных связей между числами пока нет (посмотрели { $people } чел.).

insights-hidden-about =
    🫥 <b>Скрытые группы</b>

    Поищу людей, похожих сразу в нескольких вещах: как часто покупают, давно ли были, отвечают ли на письма, что выбрали в квизе. Если групп нет, так и скажу.
insights-hidden-wait = Ищу… это до минуты.
insights-hidden-title = Скрытые группы
insights-hidden-subtitle = Людей и доля базы · групп: { $count }
insights-hidden-head = 🫥 Нашлось групп: <b>{ $count }</b>
insights-hidden-line = <b>{ $place }. { $title }</b> — { $people }, { $share }
insights-hidden-rule = <i>{ $rule }</i> — правило находит { $recall } группы, лишних среди найденных { $extra }
insights-hidden-tag = Правилом её не описать: сохраню меткой с датой.
insights-hidden-sure = Группы устойчивы: две половины базы дают одно и то же ({ $stability } из 1).
insights-hidden-none = Групп нет: люди переходят один в другого плавно, и любая граница была бы выдумана. Это честный ответ, а не ошибка.
insights-hidden-few = Данных пока мало: нужно хотя бы 100 человек, о которых что-то известно.
insights-hidden-kept = 💾 Сегмент «{ $title }» сохранён, в нём будет около { $people } чел. Состав появится через несколько минут: /segments

insights-how-cross =
    ❓ <b>Таблица по двум полям</b>

    Каждый человек стоит в своей клетке; о ком поля не знают — в «неизвестно». Числа и суммы разложены по промежуткам, границы написаны в названиях. Человек, у которого ровно граница, попадает в верхний промежуток.

    ▲ и ▼ ставятся, когда людей в клетке больше или меньше, чем было бы, если бы поля не были связаны, — и разница слишком велика для случая (стандартизованный остаток с поправкой на число клеток, 5 %). Клетки, где ожидается меньше 5 человек, не проверяются.

    Выручка и средний заказ — по покупкам за выбранное время, в основной валюте.
insights-how-common =
    ❓ <b>Чем отличаются</b>

    Доля внутри сегмента сравнивается с долей в остальной базе — среди тех, о ком это известно. В скобках — промежуток, в котором лежит настоящая разница (Ньюком, 95 %).

    Сравнений много, и часть отличий нашлась бы случайно, поэтому сделана поправка Холма: показано только то, что её выдержало. Сначала — самые большие наверняка. То, что задаёт само правило сегмента, не сравнивается. Из одного поля показаны не больше двух значений.
insights-how-goods =
    ❓ <b>Что покупают</b>

    Покупатели — разные люди, купившие товар за выбранное время. «Купили снова» — доля тех, у кого таких покупок две или больше. Выручка — в основной валюте.
insights-how-pairs =
    ❓ <b>Что берут вместе</b>

    «Вместе» — один человек за выбранное время купил и то, и другое, не обязательно в один день. Доля — сколько купивших первое взяли и второе. «Раз чаще» — во сколько раз больше, чем если бы товары не были связаны; «точно не меньше» — нижняя граница с поправкой на число пар (95 %). Смотрим 200 самых популярных товаров и пары хотя бы у 10 человек.
insights-how-spend =
    ❓ <b>Кто приносит деньги</b>

    Выручка сегмента — покупки тех, кто в нём сейчас, за выбранное время. На человека — эта выручка, делённая на всех людей сегмента, а не только на покупателей. В отчёте «на человека» — сегменты от 30 человек.
insights-how-stages =
    ❓ <b>Путь всей базы</b>

    Каждый стоит на самом дальнем шаге, до которого дошёл. Рядом с шагом — сколько людей дошли до него или дальше, и какую долю они составляют от предыдущего шага. Кто купил без квиза, считается прошедшим и его. В скобках — где лежит настоящая доля (Уилсон, 95 %).

    Читатели — без покупок и без интереса; присматриваются — прошли квиз или готовы купить; бывшие — покупали, но давно молчат.
insights-how-links =
    ❓ <b>Что с чем связано</b>

    Ранговая связь Спирмена между числами, известными о людях. Показаны пары, где связь наверняка хотя бы слабая (0,1) с поправкой на число пар. Поля, которые следуют друг из друга, не сравниваются. На большой базе берётся выборка в 100 000 человек. Связь не значит причина.
insights-how-hidden =
    ❓ <b>Скрытые группы</b>

    Покупки, деньги, давность, молчание, срок в базе, письма и ответы квиза приводятся к одной шкале (деньги и дни — логарифмом), и люди собираются в 2–6 групп методом k-средних.

    Группам верим, только если они отделены друг от друга лучше, чем получается на данных без групп, и если две половины базы дают одни и те же группы. Иначе ответ — «групп нет». Группа сохраняется правилом, когда оно находит почти тех же людей (согласие от 0,9), иначе меткой.
