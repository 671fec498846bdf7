command-funnel = Funnel: where people leave

funnel-no-quiz = There is no quiz yet, so there is nothing to count. Put a quiz file into the folder and restart the bot.
funnel-nobody = Nobody opened the bot in this time.
funnel-nobody-here = Nobody came to this quiz in this time.
funnel-elsewhere = Led to another quiz: { $count }. They have not begun this one, so they are not in its funnel.
funnel-source-gone = Nobody came by this link in the chosen time.
funnel-wait = Counting…

funnel-period = { $days ->
    [0] since the beginning
    [one] over { $days } day
   *[other] over { $days } days
}
funnel-all-sources = all sources
funnel-source-direct = without a link
funnel-source-friends = friends' links
funnel-subtitle = “{ $quiz }”, { $period }, { $source }

funnel-step-opened = Opened the bot
funnel-step-consent = Gave consent
funnel-step-begun = Began the quiz
funnel-step-confirm = Confirmed the answers
funnel-step-finished = Finished
funnel-step-file = Got the file

funnel-head = 🔻 <b>Funnel of “{ $quiz }”</b>, { $period }, { $source }
funnel-total = { $opened } opened, { $finished } finished: { $share }
funnel-interval = { $rate } (95%: { $low } to { $high })
funnel-none = no data
funnel-few = There are few people yet (under { $few }): the percentages may still change a lot.
funnel-nobody-left = Nobody left: all who began have finished or are still answering.
funnel-weakest-consent = Most people leave at the consent: { $lost } of { $came }.
funnel-weakest-begun = Most people leave before the first question: { $lost } of { $came }.
funnel-weakest-question = Most people leave at the question “{ $question }”: { $lost } of { $came }.
funnel-weakest-confirm = Most people leave while checking their answers: { $lost } of { $came }.
funnel-weakest-file = Most people are lost at the end: the promised file did not reach { $lost } of { $came }.
funnel-waiting = { $count ->
    [one] { $count } person is
   *[other] { $count } people are
} answering right now and not counted as lost.
funnel-waiting-new = { $count ->
    [one] { $count } person came
   *[other] { $count } people came
} within the last hour and may still begin: not counted as lost.
funnel-skipped = Skipped most often: “{ $question }”, { $count } of { $came }.
funnel-only-some = “Some”: the question is not put to everyone; its share is of those who were asked.
funnel-sources-head = <b>Sources:</b> opened → consent → begun → finished · share that finished
funnel-sources-head-file = <b>Sources:</b> opened → consent → begun → finished → file · share that finished
funnel-source-line = { $name }: { $way } · { $share }
funnel-source-few = few data
funnel-sources-more = …and { $count } more in the table.
funnel-counted = 🕐 Counted { $fresh }

funnel-button-days = { $days } days
funnel-button-ever = Ever
funnel-button-source = Source: { $name }
funnel-button-quiz = Quiz: { $name }
funnel-button-csv = ⬇️ CSV
funnel-button-xlsx = ⬇️ Excel
funnel-button-back = ← Funnel
funnel-button-open = 🔻 Funnel
funnel-file = Funnel of “{ $quiz }”, { $period }: all sources and all steps.
