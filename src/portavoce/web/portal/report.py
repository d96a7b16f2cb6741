"""What a client reads of its brand: the months, the lists behind every number, the files."""

from __future__ import annotations

from portavoce.web.portal.brands import BrandController
from portavoce.web.portal.contacts import ContactController
from portavoce.web.portal.feeds import FeedController
from portavoce.web.portal.figures import FigureController
from portavoce.web.portal.guard import GuardController
from portavoce.web.portal.isolation import IsolationController
from portavoce.web.portal.months import MonthController
from portavoce.web.portal.open_service import OpenServiceController
from portavoce.web.portal.questions import QuestionController
from portavoce.web.portal.regulator import RegulatorController
from portavoce.web.portal.report_files import ReportFileController

REPORT_OF_THE_CLIENT = (
    BrandController,
    MonthController,
    ReportFileController,
    FigureController,
    GuardController,
    QuestionController,
    ContactController,
    IsolationController,
    FeedController,
    RegulatorController,
    OpenServiceController,
)
