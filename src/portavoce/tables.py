"""Every table of the product, for alembic and the catalog gate. Imports models and nothing else."""

import portavoce.agents.models
import portavoce.audit.models
import portavoce.brands.models
import portavoce.calendars.models
import portavoce.channels.email.models
import portavoce.contracts.models
import portavoce.contracts.tasks.models
import portavoce.conversations.aftercare
import portavoce.conversations.approvals.models
import portavoce.conversations.back_office.models
import portavoce.conversations.bulk.models
import portavoce.conversations.leads.models
import portavoce.conversations.models
import portavoce.conversations.recognising.models
import portavoce.conversations.threads.models
import portavoce.conversations.visits.models
import portavoce.core.models
import portavoce.customers.importing.models
import portavoce.customers.models
import portavoce.identity.models
import portavoce.knowledge.models
import portavoce.ledger.models
import portavoce.privacy.models
import portavoce.reporting.mailing.models
import portavoce.reporting.models
import portavoce.reporting.open_service.models
import portavoce.reporting.team.models
import portavoce.search.models
import portavoce.sla.relief.models  # noqa: F401 -- importing registers the tables
from portavoce.core.tables import Base

METADATA = Base.metadata
