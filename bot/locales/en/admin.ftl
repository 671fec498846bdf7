command-segments = Segments and letters

admin-error = ⚠️ { $text }

admin-ago-never = not counted yet
admin-ago-now = just now
admin-ago-minutes = { $count } min ago
admin-ago-hours = { $count } h ago
admin-ago-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
} ago

admin-no-segments = There are no segments yet.
admin-base =
    👥 <b>{ $base ->
        [one] { $base } person
       *[other] { $base } people
    } in the base</b>
    get letters { $active } · opted out { $stopped } · unreachable { $blocked } · without a chat { $known }
    🕐 Updated { $fresh }
admin-segment-gone = This segment is gone. Open the list again: /segments

admin-card =
    <b>{ $title }</b> — { $size ->
        [one] { $size } person
       *[other] { $size } people
    }
    <i>Who belongs here:</i> { $rule }
admin-card-fresh = 🕐 Updated { $fresh }
admin-card-stale = ⚠️ The rule could not be computed, these are its earlier members. Updated { $fresh }
admin-card-answers = <b>Most frequent answers</b>
admin-card-answer = • { $question } { $told }
admin-card-money = 💳 { $buyers } bought: { $purchases ->
    [one] { $purchases } purchase
   *[other] { $purchases } purchases
} for { $total }
admin-card-sample = 🙂 The last to come: { $people }
admin-person = { $name }
admin-person-unnamed = no name
admin-button-write = ✉️ Write to them
admin-button-csv = ⬇️ Download CSV
admin-button-back = ← Back to the list
admin-csv-wait = Preparing the file…
admin-csv = “{ $title }”: { $rows ->
    [one] { $rows } person
   *[other] { $rows } people
}. The number of rows was checked against the base.

admin-write-ask =
    ✍️ Writing to <b>{ $title }</b> ({ $size }).

    Send the letter as one message: a formatted text with links, a photo, video, GIF, round video, voice, audio, file or poll, with a caption if you like. To call people by name put in <code>{"{{"} first_name | default: "friend" {"}}"}</code>.

    A button with a link goes on the last line: <code>[Sign up | https://example.com]</code>. A line <code>[Read on]</code> amid the text hides the rest under a button.

    Before anything is sent I will show how a person sees it and how many will get it.
admin-write-again = ✍️ Send the new text; the old one is forgotten.
admin-write-mend =
    It cannot be sent like this:
    { $error }

    Mend it and send the text again.
admin-write-kinds =
    A message of this kind cannot be a letter. Send a text, photo, video, GIF, round video, voice, audio, file or a regular poll.
admin-preview-of = ☝️ This is how { $name } will see the letter.
admin-count =
    <b>Who will get it:</b> { $sum }
    Done by ≈ { $ends }
admin-count-nobody =
    <b>Who will get it:</b> { $sum }
    There is nobody to write to now; the reasons are above.
admin-reason-blocked = { $count } blocked the bot
admin-reason-deactivated = { $count } deleted their account
admin-reason-unreachable = { $count } unreachable
admin-reason-erased = { $count } erased on request
admin-reason-no-chat = { $count } without a chat
admin-reason-opted-out = { $count } opted out
admin-reason-no-advertising-consent = { $count } without advertising consent
admin-reason-archived = { $count } archived
admin-reason-promotions-paused = { $count } in a pause after a complaint
admin-reason-no-variant = { $count } without a fitting text
admin-reason-segment-left = { $count } left the segment already
admin-reason-cancelled = { $count } not sent: stopped
admin-reason-other = { $count } ({ $name })
admin-button-send = ✅ Send: { $count }
admin-button-edit = ✏️ Another text
admin-button-drop = ✖️ Cancel
admin-sample-button = This is how the button will look in the letter. Here it does nothing.
admin-letter-old = This button is out of date: the letter was sent or cancelled, or its text has changed.
admin-letter-moved-on = The campaign has moved on; this is where it stands.
admin-launched = Off it goes!
admin-dropped = Cancelled, nothing was sent.

admin-state-draft = ✍️ <b>{ $name }</b>: draft
admin-state-scheduled = ⏳ <b>{ $name }</b>: about to begin
admin-state-planning = ⏳ <b>{ $name }</b>: making the list
admin-state-running = 📤 <b>{ $name }</b>: sending
admin-state-paused = ⏸ <b>{ $name }</b>: paused
admin-state-finished = ✅ <b>{ $name }</b>: finished
admin-state-cancelled = ⏹ <b>{ $name }</b>: stopped
admin-progress-bar = { $bar } { $percent } %
admin-progress-error = ⚠️ { $error }
admin-sum-audience = <b>Audience: { $count }</b>, of them:
admin-sum-sent = ✉️ sent: { $count }
admin-sum-failed = ⚠️ not delivered: { $count }
admin-sum-suppressed = 🔕 not written to: { $count }
admin-sum-expired = ⌛️ too late, not sent: { $count }
admin-sum-unknown = ❔ unknown whether it arrived: { $count }
admin-sum-pending = 🕐 waiting: { $count }
admin-sum-reason = {"   "}· { $reason }
admin-sum-resent = ↻ sent once more: { $count }
admin-button-pause = ⏸ Pause
admin-button-resume = ▶️ Go on
admin-button-cancel = ⏹ Stop
admin-button-look = 🔄 Update
admin-button-sure = Yes, stop for good
admin-button-keep = ← No, go on
admin-button-again = ↻ Send again to the unknown: { $count }
admin-button-leave = Leave it
admin-button-twice = Yes, send again: { $count }
admin-button-not-again = ← No
admin-again-ask = ❔ <b>Send again?</b> Of { $count } { $count ->
    [one] person
   *[other] people
} it is unknown whether the letter arrived: the connection broke before Telegram answered. Some may get the letter twice.
admin-again-goes-on = The campaign will go on with it: the letters still waiting leave too.
admin-left = Left as it is.

admin-import-not-csv = I take tables of purchases as CSV (or CSV.gz). In Excel: Save as → CSV UTF-8.
admin-import-too-big = The file is larger than { $limit } MB and Telegram will not hand it over. Pack it as .gz, split it, or load it on the server: kvizor import purchases FILE
admin-import-gone = I no longer have this file: it was loaded or cancelled. Send it again if needed; nothing will be counted twice.
admin-import-wait = ⏳ Loading { $file }…
admin-import-dropped = Cancelled, nothing was loaded.
admin-import-preview =
    📄 <b>{ $file }</b>: { $rows ->
        [one] { $rows } line
       *[other] { $rows } lines
    }
    <b>Would be added: { $added }</b> { $added ->
        [one] purchase
       *[other] purchases
    }
admin-import-report =
    ✅ <b>{ $file }</b> is loaded: { $rows ->
        [one] { $rows } line
       *[other] { $rows } lines
    }
    <b>Added: { $added }</b> { $added ->
        [one] purchase
       *[other] purchases
    }
admin-import-facts =
    sum: { $sum }
    dates: { $dates }
    people not known before: { $people }
admin-import-refunds = ↩️ Refunds: { $count }. They are taken off the sums and are no purchases.
admin-import-zeros = 🎁 Purchases of zero: { $count }. They count as purchases.
admin-import-joined = 🧾 Lines added up to their orders: { $count }
admin-import-repeated = ↺ Known already: { $count }
admin-import-refused = ⚠️ Refused: { $count }
admin-import-first =
    <b>The first purchases</b>
    { $lines }
admin-import-order = { $at } · { $sum } · { $buyer }
admin-import-reason = • { $reason }: { $count }
admin-import-refused-line = <code>{ $line }: { $text }</code>
admin-import-refused-file = The refused lines ({ $count }) with their reasons. Mend them and send the file: what is loaded will not be counted twice.
admin-import-currency-assumed = The file names no currency; I take it for { $currency }. If it is another, choose below.
admin-import-without-rate = ℹ️ Purchases not in { $base }: { $count }. They count as purchases but enter no sum.
admin-button-load = ✅ Load: { $count }
admin-import-column-customer = customer (id, phone or e-mail)
admin-import-column-date = date
admin-import-column-amount = amount
admin-import-fault-empty = The file is empty: its first line must name the columns.
admin-import-fault-no-column = The first line names no column with the { $what }. It has: { $found }. Name one, e.g. <code>{ $example }</code>.
admin-import-fault-two-columns = The columns “{ $first }” and “{ $second }” mean the same. Rename one.
admin-import-fault-too-big = The file holds more than { $limit } MB of text. Split it and load the parts.
admin-import-fault-broken-archive = The .gz archive is damaged. Pack the file again.
admin-import-fault-not-text = This is not a CSV text table. In Excel: Save as → CSV UTF-8.
admin-import-fault-unreadable = The file { $name } cannot be read: { $why }.
admin-import-fault-unwritable = The list of refused lines could not be written: { $why }.
admin-import-fault-currency = There is no currency “{ $given }”.
