quiz-list = Which quiz shall we take?
quiz-list-done = ✓ { $title }
quiz-gone = This quiz is switched off now. See what there is: /quiz.
quiz-location-thanks = Thank you, I have the place.
quiz-next-button = Fine, let us go on.
quiz-use-location = Press the button at the bottom of the screen to share where you are.
quiz-join-later = I cannot check the subscription right now. Please try again in a minute; your answers are kept.
letter-answer-kept = Thank you, your answer is saved.

alert-quiz-join = ⚠️ I cannot check who is subscribed to { $channel }: { $error }. Make the bot an administrator of that channel (it needs no right to post) and check `channel` in the quiz “{ $quiz }”.

admin-button-quiz = ➕ Quiz button
admin-button-question = ❓ Wait for an answer
admin-button-answers = 📝 Answers
admin-button-thumbs = 👍 👎 below it
admin-button-as = 👤 Show it as…
admin-rated = Ratings: 👍 { $likes } · 👎 { $dislikes }
admin-as-ask = 👤 Whose letter shall I show? You will get it as that person does.
admin-as-nobody = Nobody would get this letter now, so there is nobody to show it as.
admin-quiz-button-ask = Which quiz should the button under the letter open?
admin-quiz-button-label = Answer
admin-quiz-button-done = The button is under the letter; this is how it looks.
admin-question-on = The letter is a question now: what a person writes back is kept as the answer to it, and he gets a tag.
admin-question-off = It is a plain letter again: what people write back comes to you as messages.
admin-answers = 📝 <b>{ $name }</b>: { $count } { $count ->
    [one] answer
   *[other] answers
}
admin-answers-none = There are no written answers yet.
admin-answers-head = When|Telegram id|Name|Username|Quiz|Question|Answer
