"""PostgreSQL, told before a statement in which clinic its thread works, when that has changed.

The policies of the tables (migration 0012) compare each row with `app.clinic_id`. It is a setting
of the session, because many a statement stands alone; so a pooler in front must keep sessions.
Whatever may have undone it makes it unknown, and then it is told again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tracker import scope

_TELL = "SELECT set_config('app.clinic_id', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: str | None = None
        self._told_to: object = None
        self.execute_wrappers = [self._tell_first]

    def _tell_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        clinic = scope.current()
        # Another connection than the last knows nothing yet.
        if self._told != clinic or self._told_to is not self.connection:
            self._tell(clinic)
        return execute(sql, params, many, context)

    def _tell(self, clinic: str) -> None:
        if self._has_failed():
            return  # nothing is shown or taken any more until it is rolled back
        with self.wrap_database_errors:
            self.connection.execute(_TELL, [clinic])
        self._told, self._told_to = clinic, self.connection

    # PostgreSQL takes a setting back with the transaction or savepoint that it was made in.

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = None
        super()._savepoint_rollback(sid)
        self._told = None  # also if it was told on the way there

    def _commit(self) -> None:
        # A transaction in which something failed is rolled back by COMMIT, without a word.
        if self._has_failed():
            self._told = None
        super()._commit()

    def _has_failed(self) -> bool:
        connection = self.connection
        return connection and connection.info.transaction_status == TransactionStatus.INERROR
