command-quizzes = Квизы: что включено, проверить новый

library-list = <b>Квизы</b>
    { $lines }

    Пришлите файл .yaml — проверю, покажу схему и дам попробовать на себе.
library-empty = Квизов пока нет. Пришлите файл .yaml — проверю, покажу схему и дам попробовать на себе.
library-line-on = 🟢 <b>{ $title }</b> · начали { $started }, закончили { $finished }
library-line-off = ⚪️ { $title } — выключен · начали { $started }, закончили { $finished }
library-since-folder = из папки на сервере
library-since = версия от { $at }
library-card =
    <b>{ $title }</b> (<code>{ $quiz }</code>)
    { $state } · { $since }
    { $about }
    Начали { $started }, закончили { $finished }
library-state-on = 🟢 включён
library-state-off = ⚪️ выключен
library-about-questions = { $count } { $count ->
    [one] вопрос
    [few] вопроса
   *[other] вопросов
}: { $kinds }
library-about-results = { $count } { $count ->
    [one] результат
    [few] результата
   *[other] результатов
}: { $names }
library-about-languages = языки: { $names }
library-button-picture = 🗺 Схема
library-button-people = 👥 Схема с людьми
library-button-yaml = ⬇️ Файл
library-button-versions = 🕓 Прежние версии
library-button-try = ▶️ Попробовать
library-button-on = ✅ Включить
library-button-off = ⏸ Выключить
library-button-back = ← Все квизы
library-button-return = ↩️ Вернуть версию от { $at }
library-button-sure = Да, выключить
library-button-keep = ← Нет, оставить
library-versions =
    <b>{ $title }</b>: прежние версии
    Сейчас работает версия от { $at }. Кто начал квиз раньше, закончит его в той версии, в которой начал.
library-versions-none = Этот квиз ещё не меняли: работает файл из папки.
library-off-ask = Выключить «{ $title }»? Новых людей в него не позовём, а кто уже отвечает — закончит.
library-off-entry = Это первый квиз, который видит новый человек (ENTRY_QUIZ). Его можно заменить другой версией, но не выключить.
library-off-next = На этот квиз переходят другие: { $names }. Сначала уберите у них next.
library-switched-on = Включён: новые люди увидят эту версию «{ $title }».
library-switched-off = Выключен.
library-gone = Этого квиза здесь больше нет.
library-picture = Схема «{ $title }»
library-picture-people = Схема «{ $title }» с людьми на { $at }
library-yaml = «{ $title }»: файл, как он работает сейчас
library-trial-begins = Проба «{ $title }»: ответы увидите только вы, в отчёты и сегменты они не попадут.

library-read = 📄 <b>{ $file }</b>: квиз «{ $title }» (<code>{ $quiz }</code>)
    { $about }
library-new = Такого квиза у вас ещё не было.
library-replaces = Заменит включённый сейчас квиз с тем же id. Прежняя версия сохранится.
library-same = Эта версия уже включена.
library-ready = Всё в порядке. Попробуйте на себе и включайте.
library-ready-noted = Ошибок нет, квиз можно включать. Сначала взгляните на сообщение выше и попробуйте на себе.
library-problems = 📄 <b>{ $file }</b> пока нельзя включить. { $count ->
    [one] Нашлась { $count } ошибка
    [few] Нашлось { $count } ошибки
   *[other] Нашлось { $count } ошибок
}:

    { $lines }

    Поправьте файл и пришлите его снова.
library-problem = <b>строка { $line }</b>, знак { $column }: { $what }
    → { $remedy }
library-more = … и ещё { $count }
library-warnings = Обратите внимание:

    { $lines }
library-missing = Квиз обещает файлы, которых пока нет. Пришлите их в этот чат — документом, с тем же именем (или напишите имя в подписи):
    { $names }
library-file-kept = Файл <code>{ $name }</code> сохранён.
library-file-unkept = Файл <code>{ $name }</code> не сохранился: { $why }. Проверьте, может ли бот писать в папку { $folder }.
library-too-big = Файл больше 1 МБ — для квиза это слишком много. Разделите его на несколько.
library-file-too-big = Файл больше { $limit } МБ, Telegram его не отдаст. Положите его в папку { $folder } на сервере.
library-trouble = ⚠️ Квиз <code>{ $quiz }</code>: версия от { $at } больше не читается.
    { $why }
    { $instead }
library-trouble-instead = Пока работает версия от { $at }.
library-trouble-folder = Пока работает файл из папки, если он там есть.
