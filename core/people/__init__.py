"""Who they are and what they did: subscribers, consents, attributes, activity, raw updates."""
