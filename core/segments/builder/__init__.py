"""The builder: a rule as one flat list of lines, put together with buttons and saved back as text."""
