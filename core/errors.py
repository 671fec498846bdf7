"""The one family of errors a person may cause and must be told about in a sentence."""


class KvizorError(Exception):
    """Something the owner or the operator can mend; the message names place and remedy.

    The edge (command line, bot, web) shows the message and nothing else; everything that is not a
    KvizorError is a broken promise of ours and keeps its traceback.
    """


class SettingsError(KvizorError):
    """A variable of the environment is missing or wrong."""


class DatabaseError(KvizorError):
    """The database cannot be reached, written or is at another revision."""
