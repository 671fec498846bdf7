command-digest = Digest: what happened

guard-broken = The rule of “{ $title }” cannot be computed; its former people are shown.
guard-stale = { $count ->
    [one] { $count } segment has
   *[other] { $count } segments have
} not been computed for { $hours } h.
guard-uncovered = You know nothing of weight about { $people } people ({ $share } of those who get letters): they are in no meaningful segment.
guard-one-source = “{ $title }” rests on { $source ->
    [none] a file you uploaded: { $share } of it came from there
   *[other] the link “{ $source }”: { $share } of it came by it
}, against { $base } of the base.
guard-ignored = Buyers ({ $buyers }) got no letter for { $days } { $days ->
    [one] day
   *[other] days
} while everybody else did.
guard-was-vip = { $name } spent more than most ({ $money }) and has been silent for { $days } { $days ->
    [one] day
   *[other] days
}. Time to write in person.
guard-jump = “{ $title }” { $way ->
    [up] grew
   *[down] shrank
} ×{ $times } in a day ({ $day }): { $before } → { $after }.
guard-jump-others = { $count } more { $count ->
    [one] segment
   *[other] segments
} jumped with it.
guard-cause-import = Probably the file { $name } at { $at }.
guard-cause-rule = Probably the new rule of “{ $name }” at { $at }.
guard-cause-quiz = Probably the changed quiz “{ $name }” at { $at }.
guard-cause-unknown = There were no files, new rules or quizzes that day.
guard-last-year = In the same weeks last year it changed ×{ $times } at most.

guard-button-snooze = 🔕 For 30 days
guard-button-refresh = 🔄 Compute now
guard-button-what = 🔎 What happened
guard-button-write = ✍️ Write to buyers
guard-button-person = 👤 { $name }
guard-snoozed = All right, not a word about it for { $days } { $days ->
    [one] day
   *[other] days
}.
guard-gone = That is over: all is well.
guard-refreshing = Computing…
guard-refreshed = ✅ Segments computed: { $count }, people moved: { $moved }.
guard-what-head = 🔎 <b>What happened on { $day }</b>
guard-what-line = • { $title }: { $before } → <b>{ $after }</b> (usually ±{ $usual } a day)
guard-what-more = …and { $count } more.
guard-what-done = <b>On that day</b>
guard-what-nothing = There were no files, new rules or quizzes that day. Perhaps people really behaved like that.

digest-head = 📬 <b>{ $rhythm ->
    [weekly] The week
   *[daily] Digest
}, { $days }</b>
digest-nothing = Nothing new: nobody came or left, no letters, no purchases.
digest-people = 👥 { $came } came, { $left } left. { $base } in the base
digest-letters = ✉️ { $sent } letters sent, { $answered } answered{ $failed ->
    [none] { "" }
   *[other] , { $failed } not delivered
}
digest-money = 💳 { $orders } purchases, { $revenue } (the time before { $before })
digest-moved = <b>Changed most</b>
digest-moved-line = • { $title }: { $change } → { $size }
digest-now = <b>Right now</b>
digest-button-segments = 👥 Segments
digest-button-often = ⚙️ How often
digest-button-show-daily = Yesterday
digest-button-show-weekly = The week
digest-button-daily = Every day
digest-button-weekly = On Mondays
digest-button-off = Never
digest-chosen-daily = The digest will come every day at { $hour }.
digest-chosen-weekly = The digest will come on Mondays at { $hour }.
digest-chosen-off = No more digests. /digest shows it any time.
