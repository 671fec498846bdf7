command-movement = Movement: who went where

button-history = 🕰 History
history-which-day = 🕰 Who was in <b>{ $title }</b>? Choose a day.
history-ask = Which day of <b>{ $title }</b>? Write the date as a reply to this message.
history-example = 1 March
history-no-day = I could not read that date. Write, for example: 1 March, 31.12.2025 or yesterday.
history-future = { $day } is still ahead. You can ask about any day up to today.
history-never = no day yet
history-before =
    🕰 <b>{ $title }</b>, { $day }

    There was no such segment that day. It is counted since: { $since }.
history-day =
    🕰 <b>{ $title }</b>, { $day }
    As the day ended there { $count ->
        [one] was <b>{ $count }</b> person
       *[other] were <b>{ $count }</b> people
    }.
history-today =
    🕰 <b>{ $title }</b>, { $day }
    <b>{ $count }</b> { $count ->
        [one] person
       *[other] people
    } so far; the day is not over.
history-still = Never left since: { $still }. In the segment now: { $size }.
history-rule = <i>The rule was another one then:</i> { $rule }
history-sample =
    <b>Came last</b>
    { $people }
history-person = • { $name }: since { $since } { $until ->
    [none] and still here
   *[other] until { $until }
}
history-button-yesterday = Yesterday
history-button-first = The 1st: { $day }
history-button-month = A month ago: { $day }
history-button-ask = ✏️ Another day
history-button-csv = ⬇️ Download the list
history-button-card = ← Segment
history-csv = “{ $title }”, { $day }: { $rows } { $rows ->
    [one] person
   *[other] people
}. Rows checked against the base.

button-movement = 🔀 Movement
movement-choose = 🔀 Movement between which segments?
movement-none = Nothing to compare yet: it takes at least two segments of one group.
movement-own = Your segments
movement-wait = Counting…
movement-caption =
    🔀 <b>{ $title }</b>, { $days }
    { $stood ->
        [0] Nobody was here on the first day.
       *[other] { $moved ->
            [0] Nobody moved, all { $stood } stayed where they were.
           *[other] { $moved } of { $stood } moved ({ $share }).
        }
    }
movement-move = • { $source } → { $target }: <b>{ $people }</b>{ $money ->
    [none] { "" }
   *[other] { " " }({ $money })
}
movement-money = paid { $before } → { $after }
movement-more = …and { $count } more in the table.
movement-came = New in the base: { $count }.
movement-overlap = { $count } in several at once: counted in the smallest one.
movement-months-head = 🔀 <b>{ $title }</b> month by month
movement-from-none = were not here
movement-to-none = no longer here
movement-month = <b>{ $days }</b>: { $stood ->
    [0] nobody was here at the beginning
   *[other] { $moved ->
        [0] all { $stood } in their places
       *[other] { $moved } of { $stood } moved
    }
}
movement-span-month = 30 days
movement-span-last = Last month
movement-span-half = Half a year
movement-span-year = A year
movement-span-months = Month by month
movement-button-csv = ⬇️ Table
movement-button-list = Another group
movement-csv = Movement “{ $title }”, { $days }.
