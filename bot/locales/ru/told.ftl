command-digest = Сводка: что произошло

guard-broken = Правило сегмента «{ $title }» не считается, показан прежний состав.
guard-stale = { $count ->
    [one] { $count } сегмент не пересчитывался
    [few] { $count } сегмента не пересчитывались
    [many] { $count } сегментов не пересчитывались
   *[other] { $count } сегмента не пересчитывались
} уже { $hours } ч.
guard-uncovered = О { $people } ({ $share } тех, кто получает письма) вы не знаете ничего важного: они ни в одном сегменте по смыслу.
guard-one-source = Сегмент «{ $title }» держится на { $source ->
    [none] загруженном файле: оттуда
   *[other] ссылке «{ $source }»: по ней пришли
} { $share }, а во всей базе { $base }.
guard-ignored = Покупателям ({ $buyers }) не писали { $days } { $days ->
    [one] день
    [few] дня
    [many] дней
   *[other] дня
}, а остальным писали.
guard-was-vip = { $name } тратит больше всех ({ $money }) и молчит { $days } { $days ->
    [one] день
    [few] дня
    [many] дней
   *[other] дня
}. Пора написать лично.
guard-jump = «{ $title }» { $way ->
    [up] вырос
   *[down] уменьшился
} ×{ $times } за день ({ $day }): { $before } → { $after }.
guard-jump-others = Вместе с ним { $count ->
    [one] скакнул ещё { $count } сегмент
    [few] скакнули ещё { $count } сегмента
    [many] скакнули ещё { $count } сегментов
   *[other] скакнули ещё { $count } сегмента
}.
guard-cause-import = Похоже, из-за файла { $name } в { $at }.
guard-cause-rule = Похоже, из-за нового правила «{ $name }» в { $at }.
guard-cause-quiz = Похоже, из-за изменений в квизе «{ $name }» в { $at }.
guard-cause-unknown = Файлов, новых правил и квизов в тот день не было.
guard-last-year = Год назад в эти недели менялся не больше чем ×{ $times }.

guard-button-snooze = 🔕 На 30 дней
guard-button-refresh = 🔄 Пересчитать
guard-button-what = 🔎 Что случилось
guard-button-write = ✍️ Написать покупателям
guard-button-person = 👤 { $name }
guard-snoozed = Хорошо, { $days } { $days ->
    [one] день
    [few] дня
    [many] дней
   *[other] дня
} об этом молчу.
guard-gone = Этого уже нет: всё в порядке.
guard-refreshing = Пересчитываю…
guard-refreshed = ✅ Пересчитано сегментов: { $count }, людей перешло: { $moved }.
guard-what-head = 🔎 <b>Что случилось { $day }</b>
guard-what-line = • { $title }: { $before } → <b>{ $after }</b> (обычно за день ±{ $usual })
guard-what-more = …и ещё { $count }.
guard-what-done = <b>В этот день</b>
guard-what-nothing = Файлов, новых правил и квизов в этот день не было. Возможно, люди и правда так себя повели.

digest-head = 📬 <b>{ $rhythm ->
    [weekly] Неделя
   *[daily] Сводка
}, { $days }</b>
digest-nothing = Ничего нового: никто не пришёл и не ушёл, писем и покупок не было.
digest-people = 👥 Пришли { $came }, ушли { $left }. В базе { $base }
digest-letters = ✉️ Писем отправлено { $sent }, ответили { $answered }{ $failed ->
    [none] { "" }
   *[other] , не дошло { $failed }
}
digest-money = 💳 Покупок { $orders } на { $revenue } (в прошлый раз { $before })
digest-moved = <b>Сильнее всего изменились</b>
digest-moved-line = • { $title }: { $change } → { $size }
digest-now = <b>Прямо сейчас</b>
digest-button-segments = 👥 Сегменты
digest-button-often = ⚙️ Как часто
digest-button-show-daily = За вчера
digest-button-show-weekly = За неделю
digest-button-daily = Каждый день
digest-button-weekly = По понедельникам
digest-button-off = Не присылать
digest-chosen-daily = Сводка будет приходить каждый день в { $hour }.
digest-chosen-weekly = Сводка будет приходить по понедельникам в { $hour }.
digest-chosen-off = Больше не присылаю. Посмотреть всегда можно по /digest.
