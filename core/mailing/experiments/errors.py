"""What an owner can mend in the numbers of an experiment."""

from __future__ import annotations

from core.errors import KvizorError


class ExperimentError(KvizorError):
    """The numbers or the terms of an experiment are impossible; the message names them and the remedy."""
