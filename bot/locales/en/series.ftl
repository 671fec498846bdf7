command-series = Series of letters

series-head = <b>Series</b>
    Letters that follow a person day by day and end when the goal is reached.
series-none = None yet. How to write one: docs/series.md.
series-waiting = ➕ — ready ones: open, look, switch on.
series-line = { $state ->
    [on] ✅
    [error] ⚠️
   *[off] ⏸
} { $title } — { $kind ->
    [selling] sells
   *[regular] keeps warm
}
series-card = <b>{ $title }</b> — { $state ->
    [on] ✅ on
    [error] ⚠️ stopped by an error
   *[off] ⏸ off
}
    <i>{ $kind ->
        [selling] A selling series
       *[regular] A regular series
    }</i>
series-error = ⚠️ { $error }
series-start-segment = People enter when they come into the segment “{ $what }”.
series-start-quiz = People enter when they finish “{ $what }”{ $result ->
    [none] {""}
   *[other] {" "}with the result { $result }
}.
series-start-tag = People enter when they get the tag “{ $what }”.
series-start-event = People enter by the event { $what }.
series-start-date = People enter { $way ->
    [before] { $days } days before
    [after] { $days } days after
   *[on] on the day of
} “{ $what }”.
series-start-hand = People enter by your order only.
series-entered = Entered: <b>{ $count }</b>
series-active = • in it now — { $count }
series-end-finished = • went through — { $count }
series-end-goal = • reached the goal — { $count }
series-end-rule = • left by the rule — { $count }
series-end-opted_out = • opted out — { $count }
series-end-archived = • archived — { $count }
series-end-blocked = • cannot be reached — { $count }
series-end-by_hand = • stopped by you — { $count }
series-end-moved = • handed on to another series — { $count }
series-step = { $place }. { $mark } <code>{ $name }</code> — reached { $reached }{ $is_letter ->
    [yes] , sent { $sent }
   *[no] {""}
}, here { $here }
series-steps-more = …and { $count } more steps
series-ask = <b>Switch “{ $title }” on?</b>
    People enter by what happens after that.
series-a-day = A day, lately: <b>{ $count }</b>
series-there = At the door already: { $count }
series-there-less = − { $why } — { $count }
series-there-left = = can be taken in by one button: <b>{ $count }</b>
series-there-none = There is nobody to take in at once.
series-why-already_in = in it already
series-why-was_before = were in it before
series-why-goal = reached the goal
series-why-rule = would leave at once
series-why-opted_out = opted out or gave no consent
series-why-archived = archived
series-why-blocked = cannot be reached
series-button-ask = ▶️ Switch on…
series-button-on = ✅ Switch on
series-button-off = ⏸ Switch off
series-button-take = 👥 Take all in now…
series-button-taken = ✅ Take in
series-button-stop = ⏹ Stop for everybody…
series-button-stopped = ⏹ Stop
series-button-picture = 📊 Steps as a picture
series-button-list = ← All series
series-button-back = ← Back
series-on = Switched on.
series-off = Switched off: whoever is in it stands still.
series-taken = { $count ->
    [one] { $count } person entered.
   *[other] { $count } people entered.
}
series-stop-ask = <b>Stop “{ $title }” for everybody?</b>
    In it now: { $count }. Letters that wait will not go; nobody can be put back at the same step.
series-stopped = { $count ->
    [one] { $count } person stopped.
   *[other] { $count } people stopped.
}
series-picture = “{ $title }”: who came as far as which step
series-gone = This series is gone. Open /series.
