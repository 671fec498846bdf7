campaign-audience-live = 👥 The list is live: the rule is asked again before each letter, and whoever has left gets none.
campaign-audience-frozen = 📌 The list is frozen: everybody on it at the launch gets the letter.
admin-reason-frequency-cap = { $count } already had their share of letters
admin-night-hold = 🌙 In a person’s quiet hours we wait for the morning.
admin-night-silent = 🌙 In a person’s quiet hours it comes without a sound.
admin-sound-off = 🔕 By day it comes without a sound too.
admin-button-manner = ⚙️ List, time, sound
admin-manner-head = <b>How the letter leaves</b>
admin-button-list-live = 👥 List: live
admin-button-list-frozen = 📌 List: frozen
admin-button-night-hold = 🌙 At night: wait
admin-button-night-silent = 🌙 At night: silent
admin-button-sound-on = 🔔 By day: with sound
admin-button-sound-off = 🔕 By day: silent
admin-button-manner-done = ‹ Done
admin-count-first = 🐤 { $count } people get it first; the others in 5 minutes, unless it drives people away.
admin-canary-going = 🐤 The first few have it; we wait 5 minutes to see how they take it, then go on.
admin-canary-usual = By your last letters ({ $known }) at most { $norm } % leave.
admin-canary-usual-unknown = You have sent too few letters to know your own norm; { $norm } % counts as usual.
admin-canary-stopped =
    ✋ <b>{ $name }</b>: the first few did not like it, the campaign is paused.

    Of { $reached } people { $left } ({ $percent } %) blocked the bot or opted out within 5 minutes. { $usual }

    The other { $waiting } have not been written to. Go on, or stop for good?
admin-button-canary-on = ▶️ Go on
admin-button-canary-stop = ⏹ Stop for good
admin-count-range = The first letter leaves { $first }, the last { $last } by the business’s clock.
admin-time-local = 🕛 It comes at 12:00 by each person’s clock; where noon is over, tomorrow.
admin-time-best = 🕐 It comes at each person’s best hour: when they answer letters most.
admin-button-time-moment = 🕐 When: now
admin-button-time-local = 🕛 When: 12:00 for each
admin-button-time-best = ⭐ When: at the best hour
admin-button-change = ✏️ Correct it
admin-button-recall = 🗑 Take it back
admin-change-edit = { $mark } <b>{ $name }</b> — corrected in the chats that have it
admin-change-recall = { $mark } <b>{ $name }</b> — deleted from the chats
admin-change-many = This campaign has several texts. They are corrected from a file: kvizor campaign edit.
admin-change-ask =
    ✏️ Send the whole corrected text. It replaces the letter in the chats that have it: { $count }.

    Buttons and picture stay. Whoever has not got it yet gets the new text at once.
admin-change-only-text = Only the text can be corrected: send it in one message.
admin-change-sure =
    ☝️ So the letter will look. It is replaced for <b>{ $count }</b>.
    People hear and see no notification.
admin-button-change-go = ✅ Correct it: { $count }
admin-recall-ask =
    🗑 Delete the letter from people’s chats? We can delete: <b>{ $count }</b>.{ $late ->
        [0] {""}
       *[other] {" "}For { $late } more it stays: over 48 hours have passed and Telegram refuses.
    }

    What is deleted cannot be brought back.
admin-button-recall-not = ← Keep it
admin-sum-copies = <b>Letters in chats: { $count }</b>, of them:
admin-sum-edit = ✏️ corrected — { $count }
admin-sum-recall = 🗑 deleted — { $count }
admin-sum-kept = 📌 left as they are — { $count }
admin-button-recall-sure = 🗑 Delete: { $count }
admin-reason-too-late = { $count } after 48 hours
admin-reason-gone = { $count } deleted by their readers
