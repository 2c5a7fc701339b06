"""Whether anything in a clinic's queue was written since it was last read."""

from __future__ import annotations

from typing import Any

from django.db import connection

from tracker.access import Staff
from tracker.models.alert import AlertState
from tracker.services.callback_requests import OPEN

# PostgreSQL knows of each version of a row which transaction wrote it (xmin) and where it lies
# (ctid): both together are never the same again. A check-in moves its procedure's next assessment,
# so what it adds to a trend is seen as well.
_MARK = """
SELECT md5(concat_ws('|',
    (SELECT string_agg(concat_ws(':', a.id, a.xmin, a.ctid, p.xmin, p.ctid, r.xmin, r.ctid),
        ',' ORDER BY a.id)
     FROM tracker_alert a
     JOIN tracker_patient p ON p.id = a.patient_id
     JOIN tracker_procedure r ON r.id = a.procedure_id
     WHERE a.clinic_id = %(clinic)s AND a.state <> %(resolved)s),
    (SELECT string_agg(concat_ws(':', c.id, c.xmin, c.ctid, p.xmin, p.ctid), ',' ORDER BY c.id)
     FROM tracker_callbackrequest c
     JOIN tracker_patient p ON p.id = c.patient_id
     WHERE c.clinic_id = %(clinic)s AND c.state = ANY(%(open)s)),
    (SELECT string_agg(concat_ws(':', t.id, t.xmin, t.ctid, p.xmin, p.ctid), ',' ORDER BY t.id)
     FROM tracker_task t
     JOIN tracker_patient p ON p.id = t.patient_id
     WHERE t.clinic_id = %(clinic)s AND t.done_at IS NULL)))
"""


def queue_mark(staff: Staff) -> str:
    """The same as long as no alert, call or task that waits, nor its patient, was written anew.

    What passing time changes, or the name of a colleague, it does not tell.
    """
    known: dict[str, Any] = {
        "clinic": staff.clinic.pk,
        "resolved": AlertState.RESOLVED.value,
        "open": [state.value for state in OPEN],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, known)
        return str(cursor.fetchone()[0])
