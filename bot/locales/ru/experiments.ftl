experiment-people = { $count ->
    [one] { $shown } человек
    [few] { $shown } человека
   *[other] { $shown } человек
}
experiment-points = { $points } п.п.

experiment-plan-needed = Чтобы увидеть разницу между { $base } и { $better } ({ $lift }), нужно по { $each } в каждый из { $variants } вариантов, всего { $all }.
experiment-plan-sure = Настоящую такую разницу опыт увидит в { $power } случаях из 100, а ложную объявит не чаще чем в { $alpha } из 100.
experiment-plan-shown = С такими людьми ({ $all }, по { $each } в вариант) видна разница от { $lift } — с { $base } до { $better }. Меньшую этот опыт не покажет.
experiment-plan-blind = { $all } — слишком мало: даже самая большая разница не будет видна. Соберите больше людей или разошлите одно письмо всем.
experiment-plan-chance = Шанс увидеть рост с { $base } до { $better }: { $power } из 100.
experiment-plan-low = Этого мало: «не видно разницы» почти ничего не будет значить. Нужно { $all }.
experiment-plan-then = Срок и цель решите до запуска. Подсматривать можно сколько угодно: kvizor experiment judge --look 1/5 берёт за это поправку.

experiment-arm = { $name }: { $successes } из { $people } — { $rate }
experiment-winner = { $name } лучше { $other }: { $range }
experiment-winner-of-all = { $name } лучше всех остальных.
experiment-better = { $name } лучше { $other }: { $range }
experiment-open = { $name } и { $other }: разница { $range } — пока не ясно, кто лучше.
experiment-early = Пока рано: разница { $name } − { $other } где-то от { $low } до { $high } Собрано { $percent } задуманного; ничего не меняйте и ждите.
experiment-early-all = Пока рано выбирать. Собрано { $percent } задуманного; ничего не меняйте и ждите.
experiment-same = Разницы не видно: { $name } − { $other } где-то от { $low } до { $high } Берите любой вариант или проверьте перемену покрупнее.
experiment-same-all = Одного лучшего нет. Берите любой из тех, кто никому не проиграл, или проверьте перемену покрупнее.
experiment-disagree = Победителя называть нельзя: людей мало, и два способа счёта расходятся. Разница { $name } − { $other } где-то от { $low } до { $high }
experiment-disagree-all = Победителя называть нельзя: людей мало, и два способа счёта расходятся.
experiment-srm = Делёж сломан: задумано { $planned }, получилось { $people }. Так случайно не бывает (p = { $p }). Сравнивать нельзя: найдите, кто пропал из одной части, и начните заново.
experiment-uneven = Части разные по размеру: { $people }. Если задумано поровну, добавьте --planned 50,50: программа проверит, не сломан ли делёж.
experiment-p = p = { $p }; победитель назван при p меньше { $level }.
experiment-p-look = p = { $p }; на этом просмотре победитель назван при p меньше { $level } (просмотр { $look }, собрано { $percent }).

experiment-case-count = Опытов: { $count }. Победитель A: { $a }, B: { $b }, нет: { $none }, сломан делёж: { $srm }. Записано в { $file }.

experiment-self-done = { $people } поделены пополам { $times } раз, письмо у всех одно и то же. Цель достигли { $successes }.
experiment-self-winners = Победитель объявлен в { $share } дележей (должно быть не больше 5,5 %).
experiment-self-broken = Сломанным назван { $share } дележей (должно быть не больше 0,1 %).
experiment-self-sound = Всё в порядке: опытам на этой базе можно верить.
experiment-self-unsound = Не в порядке: опытам на этой базе верить нельзя. Пришлите этот вывод разработчикам.

experiment-goal-tap = нажатие кнопки
experiment-goal-reply = ответ текстом
experiment-goal-sign = любой отклик
experiment-goal-purchase = покупка
experiment-change-text = текст
experiment-change-buttons = кнопки
experiment-change-file = картинка или файл
experiment-change-none = ничего, есть только контрольная группа

experiment-head = Опыт «{ $name }»: цель — { $goal }, отличается { $changes }.
experiment-several = Отличий сразу несколько ({ $changes }): какое из них сработало, опыт не скажет.
experiment-told = До запуска обещано: видна разница от { $lift }
experiment-told-blind = До запуска сказано: людей мало, почти никакая разница не будет видна.
experiment-not-begun = Ещё не начат или никто не получил письма: сравнивать нечего.
experiment-until = Идёт до { $ends }. Просмотров: { $looks }.
experiment-over = Завершён. Просмотров: { $looks }.
experiment-rest-waits = Остальные ждут победителя.
experiment-rest-sent = Остальным отправлен вариант { $name }.
experiment-effect = Рассылка принесла { $amount } покупателей сверх тех, кто купил бы и так (где-то от { $low } до { $high }): из { $treated } купили { $bought }, из { $held } без письма — { $without }.
experiment-effect-unsure = Пока не доказано, что это из-за рассылки: ноль внутри этих границ.
experiment-earned = В деньгах: { $amount } (где-то от { $low } до { $high }).
experiment-effect-early = Контрольная группа: { $held } без письма. Что принесла рассылка, станет видно, когда купит хоть кто-то.

experiment-earned-head = Что принесли рассылки с { $since }. Писем с контрольной группой: { $count }.
experiment-earned-none = Сказать нельзя: ни у одной рассылки за это время не было людей без письма. Оставьте 5–10 % без письма — кнопка «🧪 Проверить» под письмом.

experiment-state-draft = ещё не запущен
experiment-state-running = идёт
experiment-state-winner = победил { $name }
experiment-state-same = разницы не видно
experiment-state-srm = делёж сломан
experiment-state-disagree = победителя нет
experiment-next-start = С чего начать: проверьте два текста одного письма — самое простое и чаще всего заметное.
experiment-next-wait = Дождитесь конца того, что идёт: два опыта на одних людях мешают друг другу.
experiment-next-split = Сначала почините делёж: посмотрите, дошли ли письма обеих частей.
experiment-next-larger = Две проверки подряд без разницы: меняйте крупнее — не слово, а предложение целиком — или соберите больше людей.
experiment-next-holdout = Теперь узнайте, что рассылки приносят вообще: оставьте 10 % без письма.
experiment-next-text = Дальше проверьте текст: другой заход или другая выгода.
experiment-next-buttons = Дальше проверьте кнопку: другие слова на ней или другое действие.
experiment-next-file = Дальше проверьте картинку: с ней, без неё или другую.
experiment-next-again = Всё проверено по разу. Лучшее — снова против новой идеи: вкусы меняются.
experiment-journal-empty = Опытов ещё не было.
experiment-rest-begun = Остальным уходит вариант { $name }.

command-experiments = Проверки: какое письмо лучше

admin-reason-holdout = { $count } без письма: контрольная группа

experiment-menu =
    🧪 <b>Что проверим?</b>

    ✍️ <b>Второй текст</b> — часть людей получит это письмо, часть другое, по жребию. Увидите, какое лучше.
    🫥 <b>Без письма</b> — десятая часть людей письма не получит. Увидите, сколько покупок принесла рассылка.
experiment-ask-second = ✍️ Пришлите второй вариант письма: текст или фото с подписью. Меняйте что-то одно — тогда будет ясно, что сработало. Кнопки возьму из первого.
experiment-second-example = Второй вариант
experiment-second-mend =
    Так не получится: { $error }

    Пришлите второй вариант ещё раз.
experiment-draft-head = 🧪 <b>Сравниваем два письма</b>
experiment-held-head = 🧪 <b>Измеряем, что приносит рассылка</b>
experiment-letter = <b>{ $name }</b>: { $text }
experiment-reach = Письмо получат { $people }, по { $each } на вариант.
experiment-base-own = Обычно цели достигает { $base } — по вашей истории.
experiment-base-guess = Своей истории мало: считаю, что цели достигает { $base }.
experiment-draft-foot = Цель и срок после запуска не меняются: иначе результату нельзя верить.
experiment-short-tap = кнопка
experiment-short-reply = ответ
experiment-short-sign = отклик
experiment-short-purchase = покупка
experiment-button-second = ✍️ Второй текст
experiment-button-held = 🫥 10 % без письма
experiment-button-back = ← Без проверки
experiment-button-goal = 🎯 { $goal }
experiment-button-days = ⏳ { $days } дн.
experiment-button-tested = 👥 Пробуем на { $percent } % людей
experiment-button-owner = 🏆 Победителя отправлю сам
experiment-button-auto = 🏆 Победитель уйдёт сам
experiment-button-holdout = 🫥 Без письма: { $percent } %
experiment-button-launch = ✅ Отправить: { $count }
experiment-button-open = 🧪 Проверить
experiment-button-report = 🧪 Что показала проверка
experiment-button-winner = 🏆 Отправить { $name } остальным
experiment-button-rest = Остальным — вариант { $name }
experiment-button-look = 🔄 Обновить
experiment-button-journal = 📓 Все проверки
experiment-journal-head = 📓 <b>Проверки</b>
experiment-journal-line = • { $name }: { $what } → { $goal } — <b>{ $outcome }</b>
