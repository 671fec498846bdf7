experiment-people = { $count ->
    [one] { $shown } person
   *[other] { $shown } people
}
experiment-points = { $points } points

experiment-plan-needed = To see the difference between { $base } and { $better } ({ $lift }) each of the { $variants } variants needs { $each }, { $all } in all.
experiment-plan-sure = A true difference like this is seen in { $power } cases of 100, a false one is announced in no more than { $alpha } of 100.
experiment-plan-shown = These people ({ $all }, { $each } a variant) show a difference from { $lift } up: from { $base } to { $better }. A smaller one will not be seen.
experiment-plan-blind = { $all }: too few, not even the largest difference would be seen. Gather more people, or send one letter to everybody.
experiment-plan-chance = The chance to see a rise from { $base } to { $better }: { $power } of 100.
experiment-plan-low = That is little: "no difference seen" will mean next to nothing. It needs { $all }.
experiment-plan-then = Decide the goal and the last day before the launch. Look as often as you like: kvizor experiment judge --look 1/5 allows for it.

experiment-arm = { $name }: { $successes } of { $people }, { $rate }
experiment-winner = { $name } is better than { $other }: { $range }.
experiment-winner-of-all = { $name } is better than every other.
experiment-better = { $name } is better than { $other }: { $range }.
experiment-open = { $name } and { $other }: the difference is { $range }; it is not clear yet which is better.
experiment-early = Too early: the difference { $name } − { $other } lies between { $low } and { $high }. { $percent } of the plan is gathered; change nothing and wait.
experiment-early-all = Too early to choose. { $percent } of the plan is gathered; change nothing and wait.
experiment-same = No difference to be seen: { $name } − { $other } lies between { $low } and { $high }. Take either, or try a larger change.
experiment-same-all = There is no single best one. Take any that lost to nobody, or try a larger change.
experiment-disagree = No winner can be named: there are few people, and two ways of counting disagree. The difference { $name } − { $other } lies between { $low } and { $high }.
experiment-disagree-all = No winner can be named: there are few people, and two ways of counting disagree.
experiment-srm = The split is broken: { $planned } was planned, { $people } came out. Chance does not do that (p = { $p }). Nothing can be compared: find who is missing from a part and start again.
experiment-uneven = The parts differ in size: { $people }. If halves were planned, add --planned 50,50 and the split is checked.
experiment-p = p = { $p }; a winner is named when p is under { $level }.
experiment-p-look = p = { $p }; at this look a winner is named when p is under { $level } (look { $look }, { $percent } gathered).

experiment-case-count = Experiments: { $count }. Winner A: { $a }, B: { $b }, none: { $none }, broken split: { $srm }. Written to { $file }.

experiment-self-done = { $people } were split in halves { $times } times, all with the same letter. { $successes } reached the goal.
experiment-self-winners = A winner was announced in { $share } of the splits (no more than 5.5 % may be).
experiment-self-broken = A split was called broken in { $share } of them (no more than 0.1 % may be).
experiment-self-sound = All is well: experiments on this base can be trusted.
experiment-self-unsound = All is not well: experiments on this base cannot be trusted. Send this output to the developers.

experiment-goal-tap = a tap on a button
experiment-goal-reply = a written reply
experiment-goal-sign = any response
experiment-goal-purchase = a purchase
experiment-change-text = the text
experiment-change-buttons = the buttons
experiment-change-file = the picture or file
experiment-change-none = nothing, there is a control group only

experiment-head = Experiment “{ $name }”: the goal is { $goal }, what differs is { $changes }.
experiment-several = Several things differ at once ({ $changes }): which of them did it, nobody will know.
experiment-told = Told before launch: it shows a difference from { $lift } up.
experiment-told-blind = Told before launch: too few people, hardly any difference will be seen.
experiment-not-begun = Not begun, or nobody has got a letter yet: there is nothing to compare.
experiment-until = Runs until { $ends }. Looks: { $looks }.
experiment-over = It is over. Looks: { $looks }.
experiment-rest-waits = The rest waits for the winner.
experiment-rest-sent = The rest was sent variant { $name }.
experiment-effect = The letters brought { $amount } buyers beyond those who would have bought anyway (between { $low } and { $high }): of { $treated } { $bought } bought, of { $held } without a letter { $without }.
experiment-effect-unsure = It is not proven yet that the letters did it: zero lies within these bounds.
experiment-earned = In money: { $amount } (between { $low } and { $high }).
experiment-effect-early = Control group: { $held } without a letter. What the letters bring will show when anybody buys.

experiment-earned-head = What the mailings brought since { $since }. Letters with a control group: { $count }.
experiment-earned-none = It cannot be said: no letter of this time had people without one. Leave 5–10 % without: the button “🧪 Test” under a letter.

experiment-state-draft = not launched yet
experiment-state-running = running
experiment-state-winner = { $name } won
experiment-state-same = no difference seen
experiment-state-srm = the split broke
experiment-state-disagree = no winner
experiment-next-start = To begin with, try two texts of one letter: the simplest test, and most often a visible one.
experiment-next-wait = Wait for what is running: two experiments on the same people disturb each other.
experiment-next-split = First mend the split: see whether the letters of both parts arrived.
experiment-next-larger = Two tests in a row without a difference: change more, the offer and not a word, or gather more people.
experiment-next-holdout = Now learn what letters bring at all: leave 10 % without one.
experiment-next-text = Next try the text: another opening or another benefit.
experiment-next-buttons = Next try the button: other words on it, or another action.
experiment-next-file = Next try the picture: with it, without it, or another one.
experiment-next-again = All has been tried once. The best against a new idea again: tastes change.
experiment-journal-empty = There were no experiments yet.
experiment-rest-begun = The rest is being sent variant { $name }.

command-experiments = Tests: which letter does better

admin-reason-holdout = { $count } without a letter: control group

experiment-menu =
    🧪 <b>What shall we test?</b>

    ✍️ <b>A second text</b>: some people get this letter, some another, by lot. You will see which does better.
    🫥 <b>No letter</b>: a tenth of the people gets none. You will see how many purchases the letters brought.
experiment-ask-second = ✍️ Send the second letter: a text, or a photo with a caption. Change one thing only, and it will be clear what did it. The buttons are those of the first.
experiment-second-example = The second letter
experiment-second-mend =
    This cannot be: { $error }

    Send the second letter once more.
experiment-draft-head = 🧪 <b>Two letters compared</b>
experiment-held-head = 🧪 <b>What the letters bring, measured</b>
experiment-letter = <b>{ $name }</b>: { $text }
experiment-reach = { $people } get a letter, { $each } a variant.
experiment-base-own = Usually { $base } reach the goal, by your own history.
experiment-base-guess = Your own history is short: I take it that { $base } reach the goal.
experiment-draft-foot = Goal and time do not change after the launch: nobody could trust the result otherwise.
experiment-short-tap = a tap
experiment-short-reply = a reply
experiment-short-sign = a response
experiment-short-purchase = a purchase
experiment-button-second = ✍️ A second text
experiment-button-held = 🫥 10 % get no letter
experiment-button-back = ← No test
experiment-button-goal = 🎯 { $goal }
experiment-button-days = ⏳ { $days } d
experiment-button-tested = 👥 Try it on { $percent } %
experiment-button-owner = 🏆 I send the winner
experiment-button-auto = 🏆 The winner goes by itself
experiment-button-holdout = 🫥 No letter: { $percent } %
experiment-button-launch = ✅ Send: { $count }
experiment-button-open = 🧪 Test
experiment-button-report = 🧪 What the test shows
experiment-button-winner = 🏆 Send { $name } to the rest
experiment-button-rest = { $name } for the rest
experiment-button-look = 🔄 Refresh
experiment-button-journal = 📓 All tests
experiment-journal-head = 📓 <b>Tests</b>
experiment-journal-line = • { $name }: { $what } → { $goal }: <b>{ $outcome }</b>
