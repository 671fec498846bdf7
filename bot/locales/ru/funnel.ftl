command-funnel = Воронка: где уходят люди

funnel-no-quiz = Пока нет ни одного квиза, считать нечего. Положите файл квиза в папку и перезапустите бота.
funnel-nobody = За это время бота никто не открывал.
funnel-nobody-here = В этот квиз за это время никто не пришёл.
funnel-elsewhere = Вели на другой квиз: { $count }. Этот они не начинали, поэтому в воронке их нет.
funnel-source-gone = По этой ссылке за выбранное время никто не приходил.
funnel-wait = Считаю…

funnel-period = { $days ->
    [0] за всё время
    [one] за { $days } день
    [few] за { $days } дня
    [many] за { $days } дней
   *[other] за { $days } дня
}
funnel-all-sources = все источники
funnel-source-direct = без ссылки
funnel-source-friends = по ссылкам друзей
funnel-subtitle = «{ $quiz }», { $period }, { $source }

funnel-step-opened = Открыли бота
funnel-step-consent = Дали согласие
funnel-step-begun = Начали квиз
funnel-step-confirm = Подтвердили ответы
funnel-step-finished = Прошли до конца
funnel-step-file = Получили файл

funnel-head = 🔻 <b>Воронка «{ $quiz }»</b>, { $period }, { $source }
funnel-total = Открыли { $opened }, до конца дошли { $finished } — { $share }
funnel-interval = { $rate } (95 %: от { $low } до { $high })
funnel-none = нет данных
funnel-few = Людей пока мало (меньше { $few }): проценты ещё могут сильно измениться.
funnel-nobody-left = Никто не ушёл: все, кто начал, дошли или ещё отвечают.
funnel-weakest-consent = Больше всего людей уходит на согласии: { $lost } из { $came }.
funnel-weakest-begun = Больше всего людей уходит перед первым вопросом: { $lost } из { $came }.
funnel-weakest-question = Больше всего людей уходит на вопросе «{ $question }»: { $lost } из { $came }.
funnel-weakest-confirm = Больше всего людей уходит на проверке ответов: { $lost } из { $came }.
funnel-weakest-file = Больше всего людей теряется в конце: обещанный файл не дошёл до { $lost } из { $came }.
funnel-waiting = { $count ->
    [one] { $count } человек отвечает
    [few] { $count } человека отвечают
    [many] { $count } человек отвечают
   *[other] { $count } человека отвечают
} прямо сейчас — среди ушедших их нет.
funnel-waiting-new = { $count ->
    [one] { $count } человек пришёл
    [few] { $count } человека пришли
    [many] { $count } человек пришли
   *[other] { $count } человека пришли
} меньше часа назад и ещё не { $count ->
    [one] начал
   *[other] начали
} — среди ушедших их нет.
funnel-skipped = Пропускают чаще всего «{ $question }»: { $count } из { $came }.
funnel-only-some = «Не всем» — вопрос задают не каждому; доля считается от тех, кого спросили.
funnel-sources-head = <b>Источники:</b> открыли → согласие → начали → прошли · доля прошедших
funnel-sources-head-file = <b>Источники:</b> открыли → согласие → начали → прошли → файл · доля прошедших
funnel-source-line = { $name }: { $way } · { $share }
funnel-source-few = мало данных
funnel-sources-more = …и ещё { $count } — в таблице.
funnel-counted = 🕐 Посчитано: { $fresh }

funnel-button-days = { $days } дн
funnel-button-ever = Всё время
funnel-button-source = Источник: { $name }
funnel-button-quiz = Квиз: { $name }
funnel-button-csv = ⬇️ CSV
funnel-button-xlsx = ⬇️ Excel
funnel-button-back = ← Воронка
funnel-button-open = 🔻 Воронка
funnel-file = Воронка «{ $quiz }», { $period }: все источники и все шаги.
