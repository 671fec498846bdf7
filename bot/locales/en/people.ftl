command-people = Find a person
command-places = Cities nobody knows

people-ask =
    🔎 <b>Who are you looking for?</b>
    Send a name or a part of it, an @username, a phone, an e-mail, a chat, customer or order number.
people-ask-example = Anna, for example
people-none = Nobody is found by “{ $text }”. Try a part of the name or a phone.
people-found = 🔎 “{ $text }”: { $count } { $count ->
    [one] person
   *[other] people
}
people-found-many = 🔎 “{ $text }”: the { $count } newest. Say more if the one you need is not here.
people-gone = This person is gone: his data were erased.
people-old = This button is out of date. Open the card again: /people
people-unnamed = no name
people-inside = 👥 <b>{ $title }</b>: { $first }–{ $last } of { $total }
people-inside-none = Nobody is in the segment “{ $title }” now.
people-hit = { $name } · since { $day }
people-hit-seen = seen { $day }

people-head = 👤 <b>{ $name }</b> { $link }
people-status = { $status ->
    [active] 🟢 reachable
    [stopped] 🔕 opted out
    [known] 📇 from an import only, no chat with the bot
    [unreachable] ⚠️ unreachable
    [blocked] ⛔️ blocked the bot
    [deactivated] ⚠️ deleted the account
   *[other] { $status }
}
people-language = language: { $language ->
    [en] English
   *[other] Russian
}
people-premium = Premium
people-came = 🚪 In the bot since { $day }
people-source = , by the link “{ $source }”
people-seen = , last seen { $ago }
people-known = 📇 In the base since { $day }
people-city = 📍 { $city }
people-contacts = ☎️ { $contacts }
people-customer = customer { $number }
people-reasons = 🚫 No advertising: { $reasons }
people-reason-blocked = the bot is blocked
people-reason-deactivated = the account is deleted
people-reason-unreachable = the chat is unreachable
people-reason-no_chat = no chat with the bot
people-reason-opted_out = opted out
people-reason-no_advertising_consent = no consent to advertising
people-reason-archived = archived until he writes
people-reason-promotions_paused = a pause after a complaint
people-reason-topic_off = topics switched off: { $topics }
people-may = ✅ Advertising may be sent
people-consent-data = consent to data { $day ->
    [none] — no
   *[other] since { $day }
}
people-consent-advertising = to advertising { $day ->
    [none] — no
   *[other] since { $day }
}
people-consents = 📝 { $data }, { $advertising }
people-gender = ⚧ Sex: <b>{ $gender ->
    [female] female
    [male] male
   *[other] unknown
}</b>{ $source }
people-gender-source = {" "}— { $source }, { $percent }%
people-gender-by-answer = by own answer
people-gender-by-owner = set by you
people-gender-by-patronymic = by the patronymic
people-gender-by-surname = by the surname
people-gender-by-first_name = by the first name
people-gender-by-transliteration = by the name in Latin letters
people-gender-by-address = by the form of address
people-gender-by-verbs = by the messages
people-gender-by-both = by name and surname
people-letters = ✉️ Letters: { $received }, unanswered in a row: { $unanswered }
people-letters-none = ✉️ No letters yet
people-money = 💳 Purchases: <b>{ $count }</b> for { $sum }, the last on { $day }{ $what }
people-money-none = 💳 No purchases
people-scores = <b>📊 Scores</b>
people-score = • { $title }: { $value }{ $inputs }
people-of-hundred = { $value } of 100
people-segments = <b>🎯 In segments: { $count }</b>
people-segment = • { $title } — since { $day }
people-more = …and { $count } more
people-segments-none = 🎯 In no segment
people-tags = 🏷 { $tags }
people-facts-count = 📋 Answers: { $answers }, properties: { $facts }

people-facts = 📋 <b>{ $name }</b>: answers and properties
people-facts-none = 📋 <b>{ $name }</b>: no answers and properties yet.
people-facts-answers = <b>{ $quiz }</b> · { $day }
people-fact-answer = • { $question } — { $told }
people-facts-attributes = <b>Properties</b>
people-fact = • { $title }: { $value }{ $origin }
people-typed = {" "}(written “{ $text }”)
people-origin-quiz = {" "}· from a quiz
people-origin-import = {" "}· from an import
people-origin-settings = {" "}· from the settings
people-origin-owner = {" "}· set by you
people-origin-other = { "" }

people-why-ask = ❓ <b>{ $name }</b>: why in a segment, or not?
    ✓ — inside now. Choose a segment:
people-why = ❓ <b>{ $name }</b> and the segment “{ $title }”
people-why-in = ✅ Inside since { $day }
people-why-out = ➖ Not inside
people-why-all = All of these have to hold:
people-why-any = One of these is enough:
people-why-mixed = The rule: { $rule }
people-why-yes = ✓ { $sentence }
people-why-no = ✗ { $sentence }
people-why-found = {"    "}now: { $value }{ $inputs }{ $since }
people-why-since = , since { $day }
people-why-change = {"    "}changes with: { $change }
people-why-broken = The rule of this segment cannot be read: { $problem }
people-inputs = {" "}({ $inputs })

people-history = 🕓 <b>{ $name }</b>: ways through segments
people-history-none = 🕓 <b>{ $name }</b>: no segments yet.
people-history-entered = { $day } → { $title }
people-history-left = { $day } ← left: { $title }

people-tags-window = 🏷 <b>{ $name }</b>: tags. Tap a tag to take it off.
people-tags-window-none = 🏷 <b>{ $name }</b>: no tags yet.
people-tag-ask = 🏷 Send a tag in one message, for example <code>vip</code>.
people-tag-example = vip
people-tag-off = The tag is off
people-set-ask =
    ✏️ Send a property and its value with “=” between, for example:
    <code>city = Kazan</code>
    <code>birthday = 31.12.1990</code>
    An empty value takes the property away: <code>city =</code>
people-set-example = city = Kazan
people-set-done = ✏️ Noted: { $title } — { $value }
people-set-removed = ✏️ Taken away: { $title }
people-mend-shape = I did not understand. Write a property and a value with “=” between: <code>city = Kazan</code>
people-mend-key = The name of a property is one word of letters and digits, for example <code>income</code>.
people-mend-own = The bot derives this one itself. Correct the city, and the sex by the buttons of the card.
people-mend-long = Too long: at most 256 characters.
people-mend-number = A number belongs here, for example 35.
people-mend-date = A date belongs here, for example 31.12.1990.
people-mend-tag = A tag has 1 to 64 characters.
people-mend-gone = This person is gone: his data were erased.
people-gender-kept = Noted. The person answered otherwise himself, and his answer goes first.
people-gender-done = Noted

people-button-inside = 👥 Who is inside
people-button-facts = 📋 Answers, properties
people-button-why = ❓ Why in a segment…
people-button-tags = 🏷 Tags
people-button-history = 🕓 History
people-button-female = Female
people-button-male = Male
people-button-open = Unknown
people-button-set = ✏️ Correct
people-button-find = 🔎 Find another
people-button-card = ← Card
people-button-other = Another segment
people-button-segment = Open the segment
people-button-tag = ➕ Add a tag
people-button-newer = ‹ Back
people-button-older = Next ›

people-places =
    📍 <b>Cities nobody knows</b>: { $spellings } { $spellings ->
        [one] spelling
       *[other] spellings
    } of { $people } people.
    All others have one name, with region, time zone and climate.
people-places-none = 📍 All named cities are known.
people-place = • { $text } — { $people }
