welcome =
    👋 Hello{ $known ->
        [yes] , { $name }
       *[no] {""}
    }!
    This is “{ $business }”. Answer a few questions and I will send you the material that fits you.

    One formality first.
welcome-stopped =
    Welcome back! You asked for no letters, so I keep quiet.
    Would you like to receive them again?
help =
    <b>What I can do</b>
    /quiz — take the short quiz again
    /topics — what to write to you about
    /settings — language, city, quiet hours
    /privacy — your data: get them (/mydata) or erase them (/forget)
    /stop — receive no more letters
    /start — start over

    If something does not work, just write here: “{ $business }” will read it.

consent-data =
    <b>Consent to the processing of personal data</b>

    By pressing “I agree” you allow “{ $business }” to store and use your name and nickname in Telegram, your language, your answers to the bot's questions and whatever you tell it yourself — to answer you and to choose materials for you. The data are not passed to third parties. You may withdraw this consent at any time with /privacy.
consent-data-given = ✅ Thank you! Your consent to data processing is recorded.
consent-data-refused =
    I understand. Without this consent I can neither ask you anything nor choose a material.

    If you change your mind, the button below stays.
button-consent-data-yes = I agree
button-consent-data-no = I do not agree

consent-advertising =
    <b>Consent to advertising messages</b>

    Apart from the first one: may “{ $business }” send you offers and news now and then? Only when there is something to say; every letter has a button to leave. The bot works the same without this consent.
consent-advertising-given = ✅ Agreed: now and then I will send something useful and our offers. You can leave at any time.
consent-advertising-refused = Fine, no advertising. The quiz and the materials are yours all the same.
button-consent-advertising-yes = Yes, please do
button-consent-advertising-no = No advertising

button-resume = Receive letters again
stopped =
    Done: no more letters.
    Changed your mind? /start or the button below.
stopped-already = You have left already, no letters will come.
resumed = Good to have you back! Letters are on.
need-consent = I need your consent to data processing first: press /start.

button-quiz = Take the quiz
quiz-done =
    Welcome back{ $known ->
        [yes] , { $name }
       *[no] {""}
    }!
    You have taken the quiz already. To change your answers: /quiz.
quiz-none = There is no quiz at the moment. Write to us if you have a question.
quiz-use-buttons = Please press one of the buttons under the question.
quiz-write-text = Please answer with a text.
quiz-stale = This question is behind us; let us go on with the present one.
quiz-foreign-contact = This is somebody else's card. Please send your own number with the button below.
quiz-contact-unread = I could not read the number on this card and kept nothing. Send your own number in full, with the country code.
quiz-contact-thanks = Thank you, I have your number.

unknown-command = I do not know this command. The list: /help.
unknown-content = I do not understand this yet. Please write a text, or see /help.
message-passed-on = Thank you! I have passed your message on. I myself understand buttons and commands: /help.
nothing-awaited = I expect no text from you now. If this answers a question of mine, send it as a reply to that message. Or begin here: /segments, /people, /quizzes, /insights.
message-from-person = 💬 <b>{ $name }</b> writes to the bot:
letter-thanks = Thank you, noted!
letter-stopped = Done: no more letters. To come back: /start.
command-start = Start
command-quiz = Take the quiz again
command-stop = Receive no letters
command-help = What the bot can do

alert-unparseable = ⚠️ Update { $detail } came and I could not understand it. It is kept apart for 30 days, the rest goes on. Perhaps Kvizor needs an update.
alert-more = { $count ->
        [one] There was one more like it since the last message.
       *[other] There were { $count } more like it since the last message.
    }
alert-failed = ⚠️ One message or tap could not be handled: an error inside. It is kept apart, the reason is in the log under number { $detail }; the rest goes on.
