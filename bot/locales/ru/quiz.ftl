quiz-list = Какой опрос пройдём?
quiz-list-done = ✓ { $title }
quiz-gone = Этот опрос сейчас выключен. Что есть — покажет /quiz.
quiz-location-thanks = Спасибо, место получено.
quiz-next-button = Хорошо, дальше.
quiz-use-location = Нажмите кнопку внизу экрана, чтобы показать, где вы.
quiz-join-later = Сейчас не получается проверить подписку. Попробуйте, пожалуйста, через минуту — ответы сохранены.
letter-answer-kept = Спасибо, ответ записан.

alert-quiz-join = ⚠️ Не могу проверить подписку на { $channel }: { $error }. Добавьте бота администратором этого канала — права публиковать ему не нужны — и проверьте поле «channel» в опросе «{ $quiz }».

admin-button-quiz = ➕ Кнопка с опросом
admin-button-question = ❓ Ждать ответа
admin-button-answers = 📝 Ответы
admin-button-thumbs = 👍 👎 под письмом
admin-button-as = 👤 Показать как…
admin-rated = Оценки: 👍 { $likes } · 👎 { $dislikes }
admin-as-ask = 👤 На чьё письмо посмотреть? Пришлю его вам, как получит этот человек.
admin-as-nobody = Письмо сейчас никому не уйдёт, показывать его не на ком.
admin-quiz-button-ask = Какой опрос откроет кнопка под письмом?
admin-quiz-button-label = Ответить
admin-quiz-button-done = Кнопка под письмом, вот как это выглядит.
admin-question-on = Письмо станет вопросом: что человек напишет в ответ, сохранится как ответ на него, а он сам получит метку.
admin-question-off = Это снова обычное письмо: ответы придут вам как сообщения.
admin-answers = 📝 <b>{ $name }</b>: { $count } { $count ->
    [one] ответ
    [few] ответа
    [many] ответов
   *[other] ответа
}
admin-answers-none = Письменных ответов пока нет.
admin-answers-head = Когда|Telegram id|Имя|Ник|Опрос|Вопрос|Ответ
