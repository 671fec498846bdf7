"""The doctor: is all well at a glance, and is what is kept on write what the facts amount to.

Nothing here replays the verbs that keep the counters: each kept table is computed anew from the facts by one
GROUP BY, in parts of the people, and only rows that differ come out of the database.
"""
