command-scores = Scores: who is valuable, who is leaving, who is ready to buy

button-scores = 📊 Scores
scores-button-rfm = 🧩 RFM
scores-button-lifecycle = 🌱 Stages of life
scores-button-health = 💚 Health
scores-button-lead = 🔥 Readiness
scores-button-churn = ⏳ Rhythm
scores-button-clv = 💰 Value

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
    Buyers stand on five steps of each measure; by recency and frequency they fall into ten groups. Beside it, what the group has brought so far.
scores-lifecycle =
    🌱 <b>Stages of life</b>
    Everybody stands on one stage, from “prospect” to “lapsed”.
scores-edges-own = The thresholds are from your own data ({ $gaps } gaps between purchases): silent longer than { $risk } days is at risk, longer than { $lapsed } days has lapsed.
scores-edges-fixed = There are { $gaps } gaps between purchases, thresholds of your own need a hundred. General ones hold: silent longer than { $risk } days is at risk, longer than { $lapsed } days has lapsed.
scores-vip = VIP: more than { $money } in a year and at least three purchases.
scores-later = Checked on your history, who bought in the last 30 days of those who a month ago were: VIP { $vip } %, active { $active } %, at risk { $risk } %.

scores-health =
    💚 <b>Customer health, 0–100</b>
    The mean of the measures a person has. Up to 50 is at risk; above it money decides.
scores-part-consumption = Answers letters: weight { $weight } %, known of { $people }
scores-part-activation = Reached milestones: weight { $weight } %, known of { $people }
scores-part-outcome = Buys: weight { $weight } %, known of { $people }
scores-part-unnamed = Milestones: none is named yet, so they do not count. SCORES_FILE lists them.
scores-untested = There is nothing to test the score on yet: it takes at least two months of purchases.
scores-tested =
    Tested on { $months ->
        [one] { $months } past month
       *[other] { $months } past months
    }: a buyer of the month stood above a non-buyer with a chance of { $own } (plain sum of RFM: { $plain }, a coin: 0.5). Of those at risk, { $low } % did not buy within the month. { $verdict }
scores-test-good = The score can be trusted.
scores-test-poor = So far it foretells worse than the plain sum of RFM: rather look at RFM.

scores-lead =
    🔥 <b>Readiness to buy, 0–100</b>
    For those who have not bought. It adds up answers of quizzes (they do not age) and acts in the bot (they fade little by little).
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
scores-points-own = Points of your own are set by a file: SCORES_FILE in the settings names it.
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
    A person's pause against his own usual one: twice as long is getting long, three times is long overdue. The rhythm shows after purchases on three days.

scores-clv =
    💰 <b>Value for a year ahead</b>
    How many purchases and how much money to expect of every buyer in the next 365 days (models BG/NBD and Gamma-Gamma).
scores-clv-total = Expected in all: { $money } from { $count } buyers.
scores-clv-so-far = There is too little data for a projection, so what people brought so far stands here: { $money } from { $count } buyers.
scores-clv-tested = Tested: from data before the last { $weeks } weeks the model expected { $expected } purchases, there were { $actual }. Error { $error } %.
scores-clv-untested = There is nothing to test the projection on yet: the history is short.
