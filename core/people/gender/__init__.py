"""The sex of a person, for texts that depend on it: guessed from names and own words, or not at all.

A wrong sex costs more than none, so a guess is made only where almost everybody of that name is of one
sex; names borne by both (Саша, Женя, Alex) stay open until a surname, a patronymic or a verb tells.
"""

from core.people.gender.verdict import UNKNOWN, Guess, guess

__all__ = ["UNKNOWN", "Guess", "guess"]
