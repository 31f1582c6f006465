"""All tables, gathered for the migrations and for those who need every model loaded."""

from __future__ import annotations

from coalition.accounts import models as accounts
from coalition.audit import models as audit
from coalition.corrections import models as corrections
from coalition.documents import models as documents
from coalition.endorsements import models as endorsements
from coalition.erasure import models as erasure
from coalition.invitations import models as invitations
from coalition.letters import models as letters
from coalition.mail import models as mail
from coalition.organisations import models as organisations
from coalition.places import models as places
from coalition.review import models as review
from coalition.safety import models as safety
from coalition.upkeep import models as upkeep

ROOMS = (accounts, audit, corrections, documents, endorsements, erasure, invitations, letters, mail, organisations,
         places, review, safety, upkeep)
