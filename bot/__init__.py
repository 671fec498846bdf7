"""Telegram, the web and the running process around the core."""
