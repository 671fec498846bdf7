segments-moved = <b>What moved most today</b>
segments-moved-line = • { $title }: { $size } ({ $moves })
segments-families = <b>What there is</b>
segments-family-line = • <b>{ $title }</b>: { $told }
segments-families-empty = <i>Nobody yet: { $titles }</i>
segments-family-off = nothing is on
segments-told = { $title } { $size }
segments-family-button = { $title } · { $count }
segments-button-shelf = ➕ More ready segments · { $count }
segments-button-shelf-family = ➕ More ready here · { $count }
segments-button-all = ← All segments
segments-button-page = { $page } of { $pages }
segments-family = <b>{ $title }</b>
segments-family-note = In brackets: who came and left today.
segments-row = { $mark }{ $title } — <b>{ $size }</b>{ $moves }, { $share }
segments-row-empty = { $title } — <b>0</b>
segments-row-lacking = ◽️ { $title } — no data
segments-own = Your segments

admin-card-use = 💡 { $use }
admin-card-lacking =
    ◽️ <b>Nobody can be found yet: no data</b>
    { $lines }
admin-card-lacking-line = • { $text }
admin-card-scarce = ◽️ { $text }.
admin-card-generated =
    <b>{ $title }</b> — { $size } { $size ->
        [one] person
       *[other] people
    }
    <i>Who gets in:</i> they receive letters but are in no segment in force that tells anything of them.
admin-card-off = ⏸ Switched off: nobody is counted in it, its past is kept.

preset-button-set = ⚙️ Adjust
preset-button-off = ⏸ Switch off
preset-button-on = ✅ Switch on
preset-button-save = ✅ Save
preset-button-make = ➕ Make another one
preset-button-back = ← Back
preset-button-card = ← To the segment

preset-shelf =
    ➕ <b>Ready segments that wait</b>
    Choose a section. One tap switches a segment on, another one off.
preset-shelf-none = All there is is on.
preset-shelf-family =
    ➕ <b>{ $title }: ready segments</b>
    Tap one to switch it on.
preset-shelf-row = <b>{ $title }</b>
    { $use }
preset-shelf-choose = <b>{ $title }</b>
    { $use } <i>To be chosen: { $what }.</i>

preset-set =
    ⚙️ <b>{ $title }</b>
    { $use }

    <i>Who gets in:</i> { $rule }
preset-set-value = { $name }: <b>{ $value }</b>
preset-set-open = { $name }: <b>not chosen</b>
preset-set-same = { $size } in the segment now.
preset-set-new = { $size } such people now.
preset-set-moves = { $size } now, <b>{ $then }</b> then: { $entering } come, { $leaving } leave.
preset-set-copy = “Make another one” keeps the segment as it is and makes a second one with these values.
preset-choose = Choose: { $what }
preset-choose-none =
    ◽️ There is nothing to choose from yet: nobody has a { $what }.
    To set a value ahead, on the server: <code>kvizor segment another { $name } { $parameter }=…</code>
preset-word-button = { $name }: { $value }
preset-word-none = { $name }: choose
preset-on = ✅ On: { $title } · { $size }
preset-on-soon = ✅ On: { $title }. Its people appear within five minutes.
preset-off = ⏸ Off: { $title }
preset-saved = ✅ Saved: { $title }
preset-made = ✅ Done: { $title }
preset-same = These are the present values.
preset-taken = There is one like this. Change the value.
preset-used = Another segment stands on it: { $title }. Switch that one off first.
preset-old = This button is out of date. Open the list again: /segments
