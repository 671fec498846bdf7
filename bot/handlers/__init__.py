"""The subscriber's side: one router a file, put in order by bot/dispatcher.py."""
