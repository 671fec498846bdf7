"""Quizzes: definitions read from YAML, their versions, the runs of people through them."""
