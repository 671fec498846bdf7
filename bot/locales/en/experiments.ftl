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
