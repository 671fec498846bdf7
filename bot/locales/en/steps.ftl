# What an owner reads when a step of the tick fails; the key ends with the name of the step.
alert-step-privacy = ⚠️ I cannot finish erasing the data of those who asked to be forgotten. They get no letters any more, and the data go as soon as I can: I try every minute. The reason is in the log, line step_failed.
alert-step-inbox = ⚠️ I cannot clear away old handled messages. Answers to people do not suffer; I try every minute. The reason is in the log, line step_failed.
alert-step-people = ⚠️ The daily look at names, genders and cities fails. All else works; I try every ten minutes. The reason is in the log, line step_failed.
alert-step-scores = ⚠️ I cannot compute the scores. The last ones hold, all else works; I try every ten minutes. The reason is in the log, line step_failed.
alert-step-coverage = ⚠️ I cannot renew the rule of the segment of those outside all segments. All else works; I try every ten minutes. The reason is in the log, line step_failed.
alert-step-segments = ⚠️ I cannot refresh the segments by the clock. They hold whom they held; whoever writes to the bot is refreshed at once. I try every ten minutes. The reason is in the log, line step_failed.
alert-step-series = ⚠️ I cannot lead people on in the series. Nobody loses his place, opt-outs and purchases hold; I try every minute. The reason is in the log, line step_failed.
alert-step-mailing = ⚠️ I cannot begin the campaigns whose time has come. Those begun go on; I try every minute. The reason is in the log, line step_failed.
alert-step-guards = ⚠️ I cannot check whether all is well with the segments. All else works; I try every ten minutes. The reason is in the log, line step_failed.
alert-step-digest = ⚠️ I cannot send the digest. All else works; I try every minute, and /digest shows it at once. The reason is in the log, line step_failed.
