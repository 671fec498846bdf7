rule-button-new = ➕ New segment
rule-button-edit = ✏️ Rule
rule-button-versions = 🕓 Versions
rule-button-title = ✏️ Title
rule-button-off = 🚫 Switch off
rule-button-on = ✅ Switch on
rule-button-build = 🧩 Build with buttons
rule-button-text = ⌨️ Write as text
rule-button-drop = ✖️ Cancel
rule-button-keep = Leave it as it is
rule-button-save = ✅ Save
rule-button-apply = ✅ Apply
rule-button-again = ✏️ Another text
rule-button-lines = 🧩 With buttons
rule-button-look = 👀 See who it is and save
rule-button-add = ➕ Condition
rule-button-all = All hold → at least one
rule-button-any = At least one → all hold
rule-button-line = ✏️ { $place }
rule-button-change = ✏️ Change
rule-button-negate = 🔁 The opposite
rule-button-remove = 🗑 Remove
rule-button-back = ← Back
rule-button-more = More ({ $page } of { $pages }) →
rule-button-finish = ✅ Done: { $count }
rule-button-greet-no = 🔔 Let series meet them
rule-button-greet-yes = 🔕 Let series leave them alone
rule-button-card = Open the segment
rule-button-return = ↩️ Return to this rule
rule-button-on-again = ✅ Switch on “{ $title }”
rule-button-sure = Yes, switch it off
rule-button-delete = 🗑 Delete
rule-button-gone = Yes, delete it
rule-button-own = ← Your segments

rule-start-new =
    ➕ <b>A new segment</b>

    Build it with buttons, or write its rule as text if you know the language of segments.
rule-start-edit =
    ✏️ <b>{ $title }</b>

    <i>Who is in it now:</i> { $sentence }

    How shall we change it?
rule-ask-text =
    ⌨️ Send the rule in one message. For example:

    <code>city = Kazan and purchases = 0</code>
    <code>last_seen more than 14 days ago</code>
    <code>spent more than 10000 within 90 days</code>

    I will show whom it finds. Nothing changes yet.
rule-ask-text-present =
    ⌨️ Send the new rule in one message. This is the present one, tap it to copy:

    <code>{ $rule }</code>

    I will show who enters and who leaves. Nothing changes yet.
rule-ask-line =
    ⌨️ This condition is more than buttons can say. Send its new text; this is the present one:

    <code>{ $rule }</code>
rule-ask-title = What shall the segment be called? Send a short title, such as “Freelancers of Kazan”.
rule-title-empty = A title needs at least one letter or digit. Send another one.
rule-title-long = This title is rather long: at most { $most } characters. Send a shorter one.
rule-title-taken = There is such a segment already. Send another title.
rule-rename-ask = ✏️ What should “{ $title }” be called now? Send the new title.
rule-renamed = ✅ The segment is now called <b>{ $title }</b>. Campaigns and rules see it as before.
rule-mistake =
    🤔 I cannot read this:

    { $rule }

    { $problem }

    Mend it and send it again.
rule-mistake-phrase =
    🤔 “{ $rule }” looks like a plain phrase, while a rule is written like this:

    <code>city = Kazan and gender = male</code>
    <code>purchases = 0</code>

    Send the rule again, or build it with buttons: that is easier.
rule-mistake-plain =
    🤔 That will not do: { $problem }

rule-sheet-new = 🧩 <b>A new segment</b>
rule-sheet = 🧩 <b>{ $title }</b>
rule-sheet-empty = Nothing here yet. Add the first condition; from then on I count at once how many people fit.
rule-sheet-all = In it is everyone for whom <b>all</b> of this holds:
rule-sheet-any = In it is everyone for whom <b>at least one</b> holds:
rule-sheet-one = In it is everyone for whom this holds:
rule-sheet-line = { $place }. { $sentence }
rule-sheet-more = …and { $count } more
rule-sheet-size = 👥 { $size ->
    [one] <b>{ $size }</b> person fits now
   *[other] <b>{ $size }</b> people fit now
}
rule-line =
    Condition { $place }:
    <i>{ $sentence }</i>
rule-family = What is the condition about? Choose, or type a word: “city”, “purchases”, “letters”.
rule-family-answers = 📋 Answers in quizzes
rule-family-person = 👤 The person
rule-family-activity = 💬 Activity
rule-family-purchases = 💳 Purchases
rule-family-letters = ✉️ Letters
rule-family-scores = 📊 Scores
rule-family-events = ⚡️ Events
rule-family-tags = 🏷 Tags
rule-family-segments = 👥 Segments
rule-subject = About what exactly? You may type it, I will look for it.
rule-subject-found = Found for “{ $found }”:
rule-subject-empty = { $title } · no data
rule-form = <b>{ $title }</b>
rule-value-values =
    <b>{ $title }</b>: { $form }

    Mark one or several. If yours is not here, type it.
rule-value-product =
    <b>{ $title }</b>: { $form }

    Which product or category? Choose, or type its name.
rule-value-number =
    <b>{ $title }</b>: { $form }

    Choose a number or type yours.
rule-value-amount =
    <b>{ $title }</b>: { $form }

    Which amount? Choose, or type yours.
rule-value-times =
    <b>{ $title }</b>: { $form }

    How many times? Choose, or type a number.
rule-value-days =
    <b>{ $title }</b>: { $form }

    How many days? Choose, or type “45” or “2 weeks”.
rule-value-day =
    <b>{ $title }</b>: { $form }

    Type a day, such as 2026-01-31.

rule-preview-new = 👀 <b>Who will be in the segment</b>
rule-preview-edit = 👀 <b>{ $title }</b>
rule-preview-was = <i>It was:</i> { $sentence }
rule-preview-will = <i>It will be:</i> { $sentence }
rule-preview-rule = <i>The rule:</i> { $sentence }
rule-preview-size = 👥 { $size ->
    [one] <b>{ $size }</b> person fits
   *[other] <b>{ $size }</b> people fit
}
rule-preview-people = 🙂 For example: { $people }
rule-preview-sizes = 👥 { $before } now, <b>{ $after }</b> then
rule-preview-enter = ➡️ { $count } will enter{ $people }
rule-preview-leave = ⬅️ { $count } will leave{ $people }
rule-preview-nobody = Nobody enters or leaves.
rule-preview-same = This is the rule in force; there is nothing to change.
rule-preview-lacking = ⚠️ { $text }
rule-preview-segments = 🔗 Segments that ask for it: { $titles }
rule-preview-campaign = ✉️ The campaign “{ $name }” reads it.
rule-preview-newcomers = ✉️ The campaign “{ $name }” writes to those who enter: they will get it.
rule-preview-preset = This segment was shipped. Changed, it becomes yours, and new versions of the program leave it alone.
rule-preview-returned = The rule will be as it shipped, but the segment stays your own: updates of the program will not change it.
rule-preview-quiet = 🔕 Those who enter because of the rule did nothing themselves, so series do not meet them.
rule-preview-loud = 🔔 Series will meet those who enter because of the rule, as all newcomers.
rule-preview-changed = ⚠️ The rule was changed while you looked. This is what happens against the new one.

rule-applying = ⏳ Counting…
rule-created =
    ✅ The segment <b>{ $title }</b> is there: { $size ->
        [one] { $size } person
       *[other] { $size } people
    }.
    In rules its name is <code>{ $name }</code>.
rule-applied =
    ✅ <b>{ $title }</b>: the new rule is in force.
    { $entered } entered, { $left } left, { $size } are there now.
rule-applied-failed = ⚠️ The rule is saved, but it could not be computed: { $error }
rule-dropped = All right, nothing has changed.
rule-old = This button is old; here is how it is now.
rule-done = Done
rule-gone = This draft is closed already.
rule-over = This draft is closed already. Begin anew: /segments
rule-nothing-found = Nothing found. Try another word.
rule-unfit-days = Type a number of days, such as “45” or “2 weeks”.
rule-unfit-day = I see no day here. Type it so: 2026-01-31.
rule-unfit-number = Type a number in digits.
rule-unfit-values = Mark at least one first.
rule-needs-lines = Add a condition first.

rule-versions = 🕓 <b>{ $title }</b>: all its rules, the newest first
rule-version-line = <b>{ $number }.</b> since { $since } { $who }
    { $sentence }
rule-version-by-you = (you)
rule-version-by-other = (another owner)
rule-version-by-name = ({ $name })
rule-version-by-cli = (from the command line)
rule-version-by-shipped = (shipped)
rule-version-by-none = {""}
rule-versions-older = …and { $count } older. All of them: <code>kvizor segment versions { $name }</code>.
rule-version =
    🕓 <b>{ $title }</b>, rule { $number }
    In force since { $since } { $until } { $who }

    { $sentence }

    <code>{ $rule }</code>
rule-version-until = until { $until }
rule-version-now = and still
rule-button-version = Rule { $number }

rule-off-ask =
    Switch <b>{ $title }</b> off?

    People leave it, and its history stays: who was in it and when can still be seen. It can be switched on at any time.
rule-delete-ask =
    🗑 Delete <b>{ $title }</b> for good?

    { $size ->
        [0] Nobody is in it now.
        [one] { $size } person is in it; nobody leaves the base.
       *[other] { $size } people are in it; nobody leaves the base.
    } Its rule, its versions and its history by days are lost; people's cards go on saying when they were in it.

    It cannot be brought back. If you may need it again, switch it off instead.
rule-delete-held = 🔗 <b>{ $title }</b> cannot be deleted yet: these would not work without it
rule-delete-segment = • the segment “{ $title }”
rule-delete-campaign = • the campaign “{ $name }”
rule-delete-first = Take it out of their rules or stop the campaign first.
rule-deleted = 🗑 The segment <b>{ $title }</b> is deleted.
rule-off-done = 🚫 <b>{ $title }</b> is switched off, { $size } are in it now. Its history is kept.
rule-off-used = It cannot be switched off: the segment “{ $title }” asks for it. Change or switch off that one first.
rule-on-done = ✅ <b>{ $title }</b> is on again: { $size ->
    [one] { $size } person
   *[other] { $size } people
}.
