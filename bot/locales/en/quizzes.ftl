command-quizzes = Quizzes: what is on, check a new one

library-list = <b>Quizzes</b>
    { $lines }

    Send a .yaml file: I will check it, draw it and let you try it on yourself.
library-empty = There are no quizzes yet. Send a .yaml file: I will check it, draw it and let you try it on yourself.
library-line-on = 🟢 <b>{ $title }</b> · begun { $started }, finished { $finished }
library-line-off = ⚪️ { $title }, switched off · begun { $started }, finished { $finished }
library-since-folder = from the folder on the server
library-since = version of { $at }
library-card =
    <b>{ $title }</b> (<code>{ $quiz }</code>)
    { $state } · { $since }
    { $about }
    Begun { $started }, finished { $finished }
library-state-on = 🟢 on
library-state-off = ⚪️ off
library-about-questions = { $count } { $count ->
    [one] question
   *[other] questions
}: { $kinds }
library-about-results = { $count } { $count ->
    [one] result
   *[other] results
}: { $names }
library-about-languages = languages: { $names }
library-button-picture = 🗺 Graph
library-button-people = 👥 Graph with people
library-button-yaml = ⬇️ File
library-button-versions = 🕓 Earlier versions
library-button-try = ▶️ Try it
library-button-on = ✅ Switch on
library-button-off = ⏸ Switch off
library-button-back = ← All quizzes
library-button-return = ↩️ Return to the version of { $at }
library-button-sure = Yes, switch it off
library-button-keep = ← No, leave it on
library-versions =
    <b>{ $title }</b>: earlier versions
    The version of { $at } is on. Whoever began an earlier one finishes that one.
library-versions-none = This quiz has not been changed yet: the file of the folder is on.
library-off-ask = Switch “{ $title }” off? Nobody new will be invited; whoever is in it may finish.
library-off-entry = This is the first quiz a newcomer sees (ENTRY_QUIZ). It can be replaced by another version, but not switched off.
library-off-next = Other quizzes lead to this one: { $names }. Take `next` out of them first.
library-switched-on = On: new people will see this version of “{ $title }”.
library-switched-off = Switched off.
library-gone = This quiz is here no more.
library-picture = Graph of “{ $title }”
library-picture-people = Graph of “{ $title }” with people, { $at }
library-yaml = “{ $title }”: the file that is on now
library-trial-begins = A trial of “{ $title }”: only you see the answers, they enter no report and no segment.

library-read = 📄 <b>{ $file }</b>: quiz “{ $title }” (<code>{ $quiz }</code>)
    { $about }
library-new = You have had no such quiz before.
library-replaces = It will replace the quiz of the same id that is on now. The earlier version is kept.
library-same = This version is on already.
library-ready = All is well. Try it on yourself, then switch it on.
library-ready-noted = No errors, the quiz may be switched on. First look at the message above and try it on yourself.
library-problems = 📄 <b>{ $file }</b> cannot be switched on yet. { $count ->
    [one] There is { $count } mistake
   *[other] There are { $count } mistakes
}:

    { $lines }

    Mend the file and send it again.
library-problem = <b>line { $line }</b>, column { $column }: { $what }
    → { $remedy }
library-more = … and { $count } more
library-warnings = Please note:

    { $lines }
library-missing = The quiz promises files that are not here yet. Send them to this chat as documents of the same name (or with the name as the caption):
    { $names }
library-file-kept = The file <code>{ $name }</code> is kept.
library-file-unkept = The file <code>{ $name }</code> could not be kept: { $why }. Can the bot write to the folder { $folder }?
library-too-big = The file is larger than 1 MB, too much for a quiz. Split it into several.
library-file-too-big = The file is larger than { $limit } MB, Telegram will not hand it over. Put it into the folder { $folder } on the server.
library-trouble = ⚠️ Quiz <code>{ $quiz }</code>: the version of { $at } cannot be read any more.
    { $why }
    { $instead }
library-trouble-instead = The version of { $at } is on for now.
library-trouble-folder = The file of the folder is on for now, if there is one.
