command-insights = What there is to learn of your base

insights-menu =
    🔎 <b>What to learn of the base</b>

    Each report is a picture, a conclusion or two, and a table. Counted over the whole base as it is now.
insights-counting = ⏳ Counting the whole base. The bot goes on answering meanwhile.
insights-wait = Counting… A large base takes up to a minute.
insights-gone = This field, segment or group is no more. Open it anew: /insights
insights-all = All
insights-inside = in the segment
insights-outside = in the rest
insights-points = { $points } pp
insights-of = of { $count }
insights-orders = { $count } ord.
insights-people = { $count } people
insights-period = { $days ->
    [0] of all time
    [one] over { $days } day
   *[other] over { $days } days
}
insights-unrated = { $count ->
    [one] { $count } purchase
   *[other] { $count } purchases
} in a currency without a rate: in no sum.
insights-segments-of = Segments: { $family }

insights-button-cross = 🔀 Table of two fields
insights-button-goods = 🛍 What people buy
insights-button-spend = 💰 Which segments bring money
insights-button-stages = 🪜 The way of the base
insights-button-links = 🔗 What goes with what
insights-button-hidden = 🫥 Hidden groups
insights-button-menu = ← What to learn
insights-button-how = ❓ How it is counted
insights-button-xlsx = ⬇️ Excel
insights-button-csv = ⬇️ CSV
insights-button-ever = Ever
insights-button-own = ✏️ Choose the fields
insights-button-turn = 🔄 Turn
insights-button-other = ✏️ Other fields
insights-button-common = 🔎 What tells them apart
insights-button-sum = By revenue
insights-button-head = A head
insights-button-product = Products
insights-button-category = Categories
insights-button-to-pairs = 🧺 Bought together
insights-button-to-goods = 🛍 What people buy
insights-button-find = 🫥 Look for them
insights-button-keep = 💾 Keep group { $place }

insights-measure-people = People
insights-measure-revenue = Revenue
insights-measure-average = Average order
insights-measure-buyers = Share of buyers
insights-cross-start = Which two fields shall make a table? Take a ready one, or choose your own.
insights-cross-rows = What shall the rows be? Choose, or write its name: “age”, “purchases”.
insights-cross-columns = “{ $title }” stands in the rows. And in the columns? Choose or write.
insights-fields-found = This is like “{ $text }”:
insights-fields-none = There is no field “{ $text }”. Try another word or choose from the list above.
insights-cross-foot-people = Percentages are of the row. ▲ ▼: more or fewer than by chance.
insights-cross-foot-revenue = The darker, the more revenue.
insights-cross-foot-average = Grey: fewer than 10 orders, the average says little yet.
insights-cross-foot-buyers = Grey: fewer than 30 people, the share says little yet.
insights-cross-base = 👥 <b>{ $base }</b> { $base ->
    [one] person stands
   *[other] people stand
} in the table.
insights-cross-above = ▲ <b>{ $row } × { $column }</b>: { $people }, by chance about { $expected }
insights-cross-below = ▼ <b>{ $row } × { $column }</b>: { $people }, by chance about { $expected }
insights-cross-usual = No cell stands out: the fields have nothing to do with each other, or people are too few yet.
insights-cross-unknown = Of { $share } of the people it is unknown: they stand apart, the conclusions do not speak of them.
insights-cross-folded = Rare values ({ $count }) are put together as “other”.
insights-cross-several = A person may have several values, so the rows together are more than “All”.

insights-common-title = What tells them apart
insights-common-subtitle = “{ $title }”, { $size } people · against the rest
insights-common-head = 🔎 <b>{ $title }</b>: { $size } against the other { $rest }
insights-common-line = • { $field } <b>{ $value }</b> — { $inside }, in the rest { $outside } ({ $points } pp)
insights-common-small = “{ $title }” has { $size } people, the rest of the base { $rest }. To compare, at least { $few } are needed on each side: until then any difference may be chance.
insights-common-nothing = There is nothing to compare by: all that is known of these people is what the rule itself decides ({ $names }).
insights-common-none = By what is known of them, these people differ from the rest in nothing notable.
insights-common-sure = Compared { $count } { $count ->
    [one] trait
   *[other] traits
}; only differences that chance does not explain are shown. In brackets: where the true difference lies (95%).
insights-common-left = What the rule itself decides was not compared: { $names }.
insights-common-left-more = What the rule itself decides was not compared: { $names } and { $count } more.

insights-goods-title-product = What people buy
insights-goods-title-category = Categories
insights-goods-subtitle = Buyers · revenue · bought again, { $period }
insights-goods-head = 🛍 Different names: { $different }. Buyers: <b>{ $buyers }</b>.
insights-goods-note = On the right: the revenue, and the share of those who bought it again.
insights-goods-none = Nothing was bought in this time.
insights-goods-unnamed = { $count } { $count ->
    [one] purchase has
   *[other] purchases have
} no name.
insights-goods-unnamed-all = There are purchases, but without names. Add a column “Product” or “Category” to the file and send it again.
insights-pairs-head = 🧺 <b>What the same people buy</b>, { $period }
insights-pairs-line = • Of those who took “{ $first }”, { $share } took “{ $second }” too ({ $people } people): { $lift } times as often as by chance, surely at least { $low }
insights-pairs-note = Pairs that at least 10 people bought: { $count }. Only those that chance does not explain are shown. Together does not mean because of each other.
insights-pairs-none = No pair is bought together more often than by chance yet: looked at all { $count } that at least 10 people bought both of.
insights-pairs-few = No two goods have at least 10 buyers in common yet: there is nothing to look at.

insights-spend-title = Who brings the money
insights-spend-subtitle-sum = Revenue · share of all revenue · people, { $period }
insights-spend-subtitle-head = Revenue a head · people, { $period }
insights-spend-best-sum = 💰 “{ $title }” brings most: { $people } of the base give <b>{ $share }</b> of the revenue, { $head } a head ({ $usual } in the whole base).
insights-spend-best-head = 💰 A person of “{ $title }” brings most: <b>{ $head }</b> against { $usual } in the whole base. They are { $people } of the base and { $share } of the revenue.
insights-spend-overlap = Segments overlap, so the shares add up to more than 100%. Segments of nearly the whole base are not shown.
insights-spend-about = Segments that are about purchases themselves (VIP, new customers) are not shown: their money is no news. The table has them.
insights-spend-few = There are no other segments with purchases yet.
insights-spend-none = Nobody in a segment bought anything in this time.

insights-kinds = 👥 { $kinds }
insights-kinds-sent = 👥 Who got it, by what they are now: { $kinds }
insights-kinds-now = 👥 What they are now: { $kinds }
insights-kind-reader = readers { $count }
insights-kind-prospect = prospects { $count }
insights-kind-customer = customers { $count }
insights-kind-former = former customers { $count }
insights-stages-title = The way of the base
insights-stages-subtitle = Came to the stage or beyond · share of the stage before (95%)
insights-stage-came = Came to the bot
insights-stage-agreed = Agreed
insights-stage-quiz-started = Started a quiz
insights-stage-quiz-finished = Finished a quiz
insights-stage-buyer = Bought
insights-stage-repeat = Bought again
insights-stages-worst = 🪜 The hardest stage is “{ $stage }”: { $share } go through ({ $reached } of { $before }; 95%: { $between }).
insights-stages-files = { $count } people are known from files only and never came to the bot.
insights-stages-none = Nobody is in the base yet.

insights-links-title = What goes with what
insights-links-subtitle = Strength from −1 to 1 · people: { $people }
insights-links-less = the more, the less
insights-links-more = the more, the more
insights-links-kin = { $count ->
    [one] { $count } pair was
   *[other] { $count } pairs were
} not compared: one follows from the other (purchases and their sum, days in the base and letters, activity and engagement).
insights-links-head = 🔗 <b>What goes with what</b>, of { $people } { $people ->
    [one] person
   *[other] people
}
insights-links-up = • the more “{ $first }”, the <b>more</b> “{ $second }”: { $rho } ({ $low }…{ $high })
insights-links-down = • the more “{ $first }”, the <b>less</b> “{ $second }”: { $rho } ({ $low }…{ $high })
insights-links-cause = The number is the strength from −1 to 1, in brackets where it truly lies (95%). A connection is no cause.
insights-links-sample = Counted on a sample of the base.
insights-links-none = No notable connection between numbers yet (looked at { $people } people).

insights-hidden-about =
    🫥 <b>Hidden groups</b>

    I look for people alike in several things at once: how often they buy, how long ago they were here, whether they answer letters, what they chose in a quiz. If there are no groups, I say so.
insights-hidden-wait = Looking… this takes up to a minute.
insights-hidden-title = Hidden groups
insights-hidden-subtitle = People and share of the base · groups: { $count }
insights-hidden-head = 🫥 Groups found: <b>{ $count }</b>
insights-hidden-line = <b>{ $place }. { $title }</b> — { $people }, { $share }
insights-hidden-rule = <i>{ $rule }</i>: the rule finds { $recall } of the group, { $extra } of those found are strangers
insights-hidden-tag = No rule describes it: it would be kept as a tag with the date.
insights-hidden-sure = The groups are stable: two halves of the base give the same ({ $stability } of 1).
insights-hidden-none = There are no groups: people pass into each other smoothly, and any border would be made up. This is an honest answer, not a mistake.
insights-hidden-few = Too little is known yet: it takes at least 100 people of whom something is known.
insights-hidden-gone = This group is no more: groups were looked for anew since, or people have changed. Look again and keep one from the new list.
insights-hidden-kept = 💾 The segment “{ $title }” is kept; it will hold about { $people } people. They appear in a few minutes: /segments

insights-how-cross =
    ❓ <b>Table of two fields</b>

    Each person stands in his cell; those of whom a field is unknown stand in “unknown”. Numbers and sums are cut into spans whose edges stand in their names. A person exactly on an edge belongs to the upper span.

    ▲ and ▼ mark a cell with more or fewer people than if the fields had nothing to do with each other, where the difference is too great for chance (adjusted standardized residual, corrected for the number of cells, 5%). Cells where fewer than 5 people are expected are not tested.

    Revenue and average order are of purchases within the chosen time, in the base currency.
insights-how-common =
    ❓ <b>What tells them apart</b>

    The share inside the segment is compared with the share in the rest of the base, of those of whom it is known. In brackets stands where the true difference lies (Newcombe, 95%).

    Many things are compared and some would differ by chance, so Holm's correction is made: only what withstands it is shown, the surely greatest first. What the segment's own rule decides is not compared. At most two values of a field are shown.
insights-how-goods =
    ❓ <b>What people buy</b>

    Buyers are different people who bought the product within the chosen time. “Bought again” is the share of those with two such purchases or more. Revenue is in the base currency.
insights-how-pairs =
    ❓ <b>Bought together</b>

    “Together”: one person bought both within the chosen time, not always on one day. The share is of those who bought the first. “Times as often”: against goods that have nothing to do with each other; “surely at least” is the lower bound, corrected for the number of pairs (95%). The 200 most popular goods are looked at, and pairs of at least 10 people.
insights-how-spend =
    ❓ <b>Who brings the money</b>

    The revenue of a segment is the purchases, within the chosen time, of those who are in it now. A head: this revenue divided by all people of the segment, not by buyers only. “A head” ranks segments of at least 30 people.
insights-how-stages =
    ❓ <b>The way of the base</b>

    Everybody stands at the furthest stage he has come to. Beside a stage stand those who came to it or beyond, and their share of the stage before. Who bought without a quiz counts as having passed it. In brackets: where the true share lies (Wilson, 95%).

    Readers have no purchase and showed no interest; prospects finished a quiz or are ready to buy; former customers bought and have long been silent.
insights-how-links =
    ❓ <b>What goes with what</b>

    Spearman's rank correlation of the numbers known of people. Pairs are shown where the connection is surely at least weak (0.1), corrected for the number of pairs. Fields that follow from each other are not compared. A large base is sampled: 100,000 people. A connection is no cause.
insights-how-hidden =
    ❓ <b>Hidden groups</b>

    Purchases, money, recency, silence, time in the base, letters and answers are put on one scale (money and days by their logarithm), and k-means gathers people into 2–6 groups.

    Groups are believed only if they are better apart than data without groups can look, and if two halves of the base give the same groups. Otherwise the answer is “no groups”. A group is kept as a rule where the rule finds nearly the same people (agreement of 0.9 or more), else as a tag.
