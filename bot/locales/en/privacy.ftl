command-topics = What to write to you about
command-settings = Language, city, quiet hours
command-privacy = Your data and consents

topics =
    <b>What to write to you about</b>
    Tap a topic to switch it off or on again. The other letters are not affected.
topics-none =
    There are no topics to choose from yet.
    To receive no letters at all: /stop.
topics-stopped =
    { "" }
    You have left all letters for now. To come back: /start.
topics-no-advertising =
    { "" }
    You receive no advertising: there is no consent to it. You can give it in /privacy.
topic-on = ✅ { $title }
topic-off = ▫️ { $title }
topic-left-toast = No more about “{ $title }”.
topic-left =
    No more about “{ $title }”.
    Other topics: /topics. To leave everything: /stop.
topic-back-toast = I write about “{ $title }” again.
topic-gone = This topic is gone.
button-topic-back = Bring “{ $title }” back
button-topics-edit = Edit the topics

admin-topics =
    <b>Topics of letters</b>
    { $list }

    Any letter can be given a topic before it is sent. Whoever has switched it off is left out.
admin-topics-none = There are no topics yet. Add one, and people can leave that one instead of everything.
admin-topic-line = { $title }{ $other ->
        [none] {""}
       *[other] { " / " }{ $other }
    } — { $left ->
        [0] on for everybody
       *[other] switched off by { $left }
    }{ $shown ->
        [yes] {""}
       *[no] { " · hidden" }
    }
admin-topic-ask-add = What is the topic called? Reply to this message. Two languages at once: <code>Новинки | New arrivals</code>
admin-topic-ask-rename = A new name for “{ $title }”? Reply to this message, in two languages if you like: <code>Новинки | New arrivals</code>
admin-topic-example = Новинки | New arrivals
admin-topic-mend-shape = ⚠️ One name, or two with a bar between: <code>Новинки | New arrivals</code>. Send it again as a reply to the question above.
admin-topic-mend-length = ⚠️ The name stands on a button: at most { $most } characters. Send a shorter one as a reply to the question above.
admin-topic-mend-many = ⚠️ There are twenty topics already, more nobody reads through. Rename one of them.
admin-topic-mend-taken = ⚠️ There is such a topic already. Send another name as a reply to the question above.
admin-topic-mend-gone = ⚠️ This topic is gone.
admin-topic-gone = This topic is gone.
button-topic-add = ➕ New topic
button-topic-rename = ✏️ { $title }
button-topic-hide = Hide
button-topic-show = Show
button-topics-done = Done
admin-reason-topic-off = { $count } left this topic
admin-button-topic = Topic: { $title }
admin-button-topic-none = No topic
admin-letter-topic-ask = What is this letter about? Whoever has switched the topic off will not get it; the others see a button “No more about this” under it.

settings =
    <b>Settings</b>

    Language: { $language }
    Quiet hours: { $quiet ->
        [none] none, I write at any time
       *[other] { $quiet }, by your clock
    }
    Best time: { $best ->
        [morning] morning
        [day] day
        [evening] evening
       *[any] any
    }
    City: { $city ->
        [none] not told
       *[other] { $city }
    }
    Time zone: { $zone }, it is { $clock } with you now{ $known ->
        [yes] {""}
       *[no] { " (if it is not, tell me your city)" }
    }
settings-note-quiet = No letters in the quiet hours: I will wait until { $until }. Answers to your messages and what you asked for come at once.
settings-note-quiet-off = No quiet hours any more.
settings-note-best = Noted. For now letters follow the common schedule; your own time will count once I have learned it.
settings-note-language = I speak English.
settings-note-zone = Time zone: { $zone }, it is { $clock } with you now.
language-ru = Русский
language-en = English
quiet-off = None
quiet-own = Other…
best-morning = Morning
best-day = Day
best-evening = Evening
best-any = Any
settings-mark = ✓ { $label }
button-city = 🏙 City
button-place = 📍 By location
button-zones = 🕒 Time zone
button-settings-back = ← Back to settings
settings-zones = What time is it with you now? Choose, and I will know your time zone.
settings-ask-city = Which city are you in? Reply to this message.
settings-city-example = For example, London
settings-ask-quiet = At which hours should I not write? Reply to this message, for example <code>22-8</code>: from ten in the evening to eight in the morning.
settings-quiet-example = 22-8
settings-quiet-mend = I did not understand the hours. Write the beginning and the end with a hyphen: <code>22-8</code> or <code>23:30-7</code>.
settings-ask-place = Press the button below and I will see which city it is. I do not keep the place itself, only the city.
button-send-place = 📍 Send my location
button-no-place = No need
settings-place-dropped = Fine, nothing is changed.
settings-place-nowhere = I know no city near this place. Write the city in words or choose the time zone: /settings.
settings-place-near = I found no city near, but your clock is right now: it is { $clock }. You may write the city in words.
settings-city-saved = Noted: { $city }. It is { $clock } with you now.
settings-city-which = Perhaps you meant:
settings-city-unknown = I found no such city. Write the name once more, or the nearest large city, or choose the time zone.
settings-old-button = This button is out of date. Open /settings again.

privacy =
    <b>Your data</b>

    <b>What “{ $business }” keeps.</b> Your name and nickname in Telegram, language, your answers, city and time zone if you told them, phone and e-mail if you left them, purchases, letters sent to you and your taps.
    <b>What for.</b> To answer you, to send what fits you and nothing that does not.
    <b>How long.</b> While your consent stands. Messages as Telegram handed them over: 7 days.
    <b>Who sees it.</b> Only “{ $business }”. The data are not passed to third parties.

    { $consents }
privacy-consents = <b>Your consents</b>
privacy-consent-data = data processing
privacy-consent-advertising = advertising messages
privacy-consent-other = “{ $words }”
privacy-given = ✅ { $what }: since { $day }, version { $version }
privacy-withdrawn = ▫️ { $what }: withdrawn on { $day }, version { $version }
privacy-never = ▫️ { $what }: not given
privacy-erased-on = Your data will be erased by themselves on { $day }. To erase them earlier, press the button below.
button-privacy-data = Get my data
button-privacy-texts = Texts of the consents
button-privacy-topics = Topics of letters
button-privacy-settings = Settings
button-withdraw-advertising = Withdraw the consent to advertising
button-withdraw-data = Withdraw the consent to processing
button-withdraw-other = Withdraw: { $what }
button-give-advertising = Allow advertising
button-give-data = Consent to processing
button-forget = Erase everything about me
button-privacy-back = ← Back
privacy-withdraw-advertising =
    <b>Withdraw the consent to advertising messages?</b>

    From this minute on there will be no advertising. The quizzes and materials stay yours.
privacy-withdraw-data =
    <b>Withdraw the consent to data processing?</b>

    From this minute on I will send no letters and ask no questions; all other consents end too. In 30 days everything collected about you is erased by itself; earlier with /forget. If you change your mind before that: /start.
privacy-withdraw-other =
    <b>Withdraw the consent { $what }?</b>

    It ends from this minute on. The other consents are not affected.
button-withdraw-sure = Yes, withdraw
privacy-withdrawn-advertising = Done: the consent to advertising is withdrawn.
privacy-withdrawn-data = Done: the consent is withdrawn. No more letters and questions; the data will be erased in 30 days.
privacy-withdrawn-other = Done: the consent is withdrawn. The others stay as they are.
privacy-texts-head = <b>The texts you agreed to</b>
privacy-text = <b>{ $what }</b>, { $day }, version { $version }:
privacy-texts-none = You have given no consent yet.
privacy-more = … in full in the file of /mydata.
privacy-old-button = This button is out of date. Open /privacy again.

mydata-wait = Gathering the file…
mydata-too-often = I gather the file once a minute at most. Please try a little later.
mydata-caption = All that is kept about you: <b>my-data.html</b> to read, <b>my-data.json</b> for programs.
mydata-title = What “{ $business }” keeps about you
mydata-made = Gathered { $moment }.
mydata-rows = Entries: { $count }
mydata-empty = empty
mydata-yes = yes
mydata-no = no
mydata-person = You
mydata-preferences = Settings
mydata-consents = Consents
mydata-topics = Choice of topics
mydata-letters = Letters
mydata-segments = Groups you are or were in
mydata-attributes = What is known about you
mydata-tags = Tags
mydata-answers = Your answers
mydata-quiz_runs = Quizzes taken
mydata-run_answers = Answers of each time
mydata-purchases = Purchases
mydata-events = Acts
mydata-daily_counts = Acts by day
mydata-touches = Links you came by
mydata-profiles = Counters
mydata-updates = Your messages of the last days, as Telegram handed them over
mydata-other = Other: { $name }

forget =
    <b>Erase all that is known about you?</b>

    <b>Erased for ever:</b> name, nickname, phone, e-mail, city and other facts, answers and quizzes, tags, settings, your messages.
    <b>Kept:</b> the proof of which consents you gave and withdrew; sums of purchases and counters without a name; an encrypted mark so that nobody writes to you.

    What is erased cannot be brought back.
button-forget-sure = Yes, erase everything
button-forget-keep = No, keep it
forget-kept = Fine, nothing is erased.
forget-done =
    Done: everything is erased. I will not write to you any more.
    Should you ever want to come back: /start, and we begin with a clean slate.
forget-nothing = There is nothing to erase: nothing is kept about you.
forget-old-button = This button is out of date. Write /forget again.

mydata-field-telegram_id = Telegram id
mydata-field-status = Status
mydata-field-first_name = First name
mydata-field-last_name = Last name
mydata-field-username = Nickname
mydata-field-language_code = Language in Telegram
mydata-field-language = Language
mydata-field-is_premium = Telegram Premium
mydata-field-phone = Phone
mydata-field-email = E-mail
mydata-field-external_id = Customer number
mydata-field-source = Source
mydata-field-created_at = Record made
mydata-field-joined_at = Opened the bot
mydata-field-blocked_at = Blocked the bot
mydata-field-opted_out_at = Left the letters
mydata-field-data_consent_at = Consent to processing
mydata-field-advertising_consent_at = Consent to advertising
mydata-field-language_chosen_at = Language chosen by you
mydata-field-language_is_his_choice = Language chosen by you
mydata-field-time_zone = Time zone
mydata-field-time_zone_is_known_from = How the zone is known
mydata-field-quiet_hours = Quiet hours
mydata-field-best_time = Best time
mydata-field-purpose = Purpose
mydata-field-given = Given
mydata-field-at = When
mydata-field-text_hash = Hash of the text
mydata-field-text = Text
mydata-field-path = Where
mydata-field-message_id = Message
mydata-field-title_ru = Name
mydata-field-title_en = Name in English
mydata-field-is_on = Switched on
mydata-field-is_on_now = On now
mydata-field-letter = Letter
mydata-field-state = Outcome
mydata-field-reason = Reason
mydata-field-due_at = Due
mydata-field-started_at = Begun
mydata-field-finished_at = Finished
mydata-field-answered_at = Answered
mydata-field-key = What
mydata-field-folded = Value
mydata-field-number = Number
mydata-field-moment = Date
mydata-field-origin = Origin
mydata-field-updated_at = Updated
mydata-field-tag = Tag
mydata-field-added_at = Added
mydata-field-quiz = Quiz
mydata-field-question = Question
mydata-field-value = Answer
mydata-field-result = Result
mydata-field-score = Score
mydata-field-kind = What
mydata-field-day = Day
mydata-field-count = How often
mydata-field-detail = Details
mydata-field-entered_at = Entered
mydata-field-left_at = Left
mydata-field-amount = Amount, minor units
mydata-field-currency = Currency
mydata-field-base_amount = Amount in the base currency, minor units
mydata-field-product = Product
mydata-field-category = Category
mydata-field-order_id = Order
mydata-field-received_at = Received
mydata-field-handled_at = Handled
mydata-field-update = Content
mydata-field-last_seen_at = Last seen
mydata-field-unanswered = Letters in a row without an answer
mydata-field-letters_received = Letters received
mydata-field-purchases_count = Purchases
mydata-field-purchases_total = Sum of purchases, minor units
mydata-field-first_purchase_at = First purchase
mydata-field-last_purchase_at = Last purchase
mydata-field-abandoned_at = Put away
mydata-field-run_id = Run
mydata-field-id = Number
mydata-field-shown = Question shown
