command-scores = Scores: who is valuable, who is leaving, who is ready to buy

button-scores = 📊 Scores
scores-button-rfm = 🧩 RFM
scores-button-lifecycle = 🌱 Stages of life
scores-button-health = 💚 Health
scores-button-lead = 🔥 Readiness
scores-button-churn = ⏳ Rhythm
scores-button-clv = 💰 Value
scores-button-points = ❓ What earns points
scores-button-waiting = ➕ More groups: { $count }

scores-none = There are no scores yet. They come within a minute after the first subscriber and are computed anew every day.
scores-caption =
    📊 <b>Scores of your people</b>
    Computed { $ago }, anew every day. Choose a score to learn what it means.
scores-problem =
    ⚠️ The file of points could not be read, so the scores stayed as they were. What to mend:
    { $problem }
scores-note = buyers: { $count }
scores-line = { $name }: <b>{ $count }</b>
scores-cell = { $name }: <b>{ $count }</b>, { $money }
scores-no-buyers = No purchases yet: there is nothing to score.

scores-rfm =
    🧩 <b>RFM: recency, frequency, money</b>
    Buyers are compared with one another: how lately they bought, how often, for how much. Recency and frequency make ten groups; beside each, what it has brought so far.
scores-rfm-short =
    💡 Your purchases go back { $days ->
        [one] { $days } day
       *[other] { $days } days
    }, so “hibernating” and “at risk” only mean “bought earlier than others” for now. Who really stopped buying is told by “🌱 Stages of life”.
scores-lifecycle =
    🌱 <b>Stages of life</b>
    Everybody stands on one stage, from “prospect” to “lapsed”.
scores-edges-own = The thresholds are from your own data (gaps between purchases: { $gaps }). Silent longer than { $risk } days is at risk, longer than { $lapsed } days has lapsed.
scores-edges-fixed = General thresholds hold for now: more than { $risk } days without a purchase is at risk, more than { $lapsed } has lapsed. Your own come with a hundred gaps between purchases (now { $gaps }).
scores-vip = VIP: more than { $money } in a year and at least three purchases.
scores-later = Checked on your history, who bought in the last 30 days of those who a month ago were: VIP { $vip }, active { $active }, at risk { $risk }.

scores-health =
    💚 <b>Customer health, 0–100</b>
    The mean of what is known of a buyer. Up to 50 is at risk; above it money decides.
scores-part-consumption = • Answers letters: <b>{ $weight }%</b> of the score, known of { $people } of { $buyers }
scores-part-activation = • Reached your milestones: <b>{ $weight }%</b> of the score, known of { $people } of { $buyers }
scores-part-outcome = • Buys: <b>{ $weight }%</b> of the score, known of { $people } of { $buyers }
scores-untested = There is nothing to test the score on yet: it takes at least two months of purchases.
scores-tested =
    Tested on past months ({ $months }): one who bought afterwards stood above one who did not in { $own } cases of 100 (the plain sum of RFM in { $plain }, a coin in 50). Of those at risk, { $low } did not buy within the month. { $verdict }
scores-test-good = The score can be trusted.
scores-test-poor = So far it foretells worse than the plain sum of RFM: rather look at RFM.

scores-lead =
    🔥 <b>Readiness to buy, 0–100</b>
    For those who have not bought. It adds up answers of quizzes (they do not age) and acts in the bot (they fade little by little). Up to 50 is cold, up to 75 warm, above it hot.
scores-points = ❓ <b>What earns points of readiness</b>
scores-points-acts =
    <b>Points for acts</b>, at most { $most } together. Each fades to nothing little by little:
scores-points-act = • { $name }: <b>{ $points }</b>, gone in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
scores-points-answers =
    <b>Points for answers</b>, at most { $most } together. They do not fade:
scores-points-answer = • { $question }: { $told }
scores-points-more = … and { $count } more
scores-points-gone = Points are also set for answers of quizzes that are not here now (questions: { $count }).
scores-act-started = opened the bot
scores-act-quiz_started = began a quiz
scores-act-quiz_finished = finished a quiz
scores-act-wrote = wrote to the bot
scores-act-message_clicked = tapped a button in a letter
scores-act-file_taken = took a file
scores-act-price_viewed = looked at prices
scores-act-referred = brought a friend

scores-churn =
    ⏳ <b>Rhythm of purchases</b>
    A person's pause against his own usual one: more than twice as long is getting long, more than three times is long overdue. The rhythm shows after purchases on three days.

scores-clv =
    💰 <b>Value for a year ahead</b>
    How much money to expect of every buyer in the next 365 days: by how often and for how much people buy from you.
scores-clv-total = Expected in all: { $money } from { $count } buyers.
scores-clv-so-far = There are too few purchases for a projection, so what people brought so far stands here: { $money } from { $count } buyers.
scores-clv-tested = Tested: from data before the last { $weeks } weeks the model expected { $expected } purchases, there were { $actual }. Error { $error } %.
scores-clv-untested = There is nothing to test the projection on yet: the history is short.
