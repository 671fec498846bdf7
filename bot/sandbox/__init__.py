"""The sandbox: a Bot API server of our own with a chat page and a movable clock.

It is a process of its own and imports nothing of the bot it serves, so its delivery log can be believed.
"""
