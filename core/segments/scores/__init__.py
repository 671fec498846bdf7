"""Scores: one number or name a person, computed from all purchases; definitions in docs/scores.md."""
