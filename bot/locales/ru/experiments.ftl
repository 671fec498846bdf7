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
