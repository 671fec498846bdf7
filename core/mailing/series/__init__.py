"""Series: letters that follow a person's own moment, one after another, until a goal or their end."""
