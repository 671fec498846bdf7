"""Every table in one import: for migrations and tests."""

from core.db import Base
from core.mailing import models as mailing
from core.mailing.experiments import models as experiments
from core.mailing.series import models as series
from core.people import choices
from core.people import models as people
from core.quizzes import models as quizzes
from core.reports import models as reports
from core.sales import models as sales
from core.segments import models as segments
from core.segments.scores import models as scores

metadata = Base.metadata
__all__ = [
    "choices",
    "experiments",
    "mailing",
    "metadata",
    "people",
    "quizzes",
    "reports",
    "sales",
    "scores",
    "segments",
    "series",
]
