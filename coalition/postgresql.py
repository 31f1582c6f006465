"""What is PostgreSQL's alone: how we connect to it, that a connection has not ended behind our back, one machine at a
time, and connections for what passes (wake-ups, counts), which stands in a schema of its own and may be thrown away.
"""

from __future__ import annotations

import select
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import InvalidatePoolError

from coalition.late import late

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = late("psycopg")

#: Of one process: so many are kept, so many more are opened when that is not enough, in seconds until it is told.
KEPT, MORE, PATIENCE = 10, 20, 10
#: A server or a client that vanished (power, network) is noticed within these seconds.
_VANISHED = 30
#: Whoever waits longer for somebody else's lock is told to try again, like on SQLite.
_LOCK_WAIT = "10s"
#: Somebody looks at a page meanwhile: no statement lasts longer, and no transaction is left open for longer.
_SERVED = "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'"
#: Asked so often over one connection, a statement is prepared.
_ASKED_OFTEN = 2
#: To compile a query takes a server longer than any of ours does.
_AS_IT_IS = "-c jit=off"
#: Statements about what passes take a millisecond.
_PASSING_WAIT = "3s"

#: Where wake-ups and counts stand: left out of backups, never looked at by migrations, made again when it is gone.
PASSING = "coalition_passing"

#: Any numbers will do, as long as nothing else in the house takes the same advisory locks.
_ALONE, _PREPARING = 20260224, 20260225


def is_meant(uri: Any) -> bool:
    """Whether an address of SQLAlchemy's names a PostgreSQL."""
    return str(uri).startswith("postgresql")


def engine_options() -> dict[str, Any]:
    """What SQLAlchemy's engine is made with, unless the settings say otherwise."""
    # Last in, first out: few connections do most of the work, and have prepared it.
    return {"pool_size": KEPT, "max_overflow": MORE, "pool_timeout": PATIENCE, "pool_use_lifo": True,
            "connect_args": _arguments(f"{_AS_IT_IS} -c lock_timeout={_LOCK_WAIT}")}


def prepare(engine: Engine, *, served: bool) -> None:
    """Look at each connection before it is used; limit what pages may ask of it."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.rollback, connection.prepare_threshold = partial(_roll_back, connection), _ASKED_OFTEN
        if served:
            connection.execute(_SERVED)
            connection.commit()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, _record: Any, _fairy: Any) -> None:
        # A server that went away has said so: something can be read, though nothing was asked. To look costs a
        # thousandth of asking, which is done only then.
        if has_something_to_say(connection):
            try:
                engine.dialect.do_ping(connection)
            except psycopg.Error as ended:
                raise InvalidatePoolError from ended


def wait_to_be_alone(connection: Connection) -> None:
    """Wait, for as long as it takes, until nobody else changes the shape of the database; until this transaction
    ends."""
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ALONE})
    connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


def connect_passing(address: str) -> psycopg.Connection:
    """A connection for what passes, each statement a transaction of its own that waits for no disk. `address` is
    SQLAlchemy's or libpq's. Raises `psycopg.Error`."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, **_arguments(
        f"-c search_path={PASSING} -c synchronous_commit=off -c lock_timeout={_PASSING_WAIT} "
        f"-c statement_timeout={_PASSING_WAIT}"))


def prepare_passing(connection: psycopg.Connection, statements: Iterable[str]) -> None:
    """Make the place for what passes, and tables in it by these statements; several may do so at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_PREPARING,))
        # Asked first: "if not exists" wants the right to make it also where it is there.
        if connection.execute("SELECT to_regnamespace(%s)", (PASSING,)).fetchone() == (None,):
            connection.execute(f"CREATE SCHEMA {PASSING}")
        for statement in statements:
            connection.execute(statement.encode())


def _arguments(options: str) -> dict[str, Any]:
    return {
        "application_name": "coalition",
        "connect_timeout": 5,
        "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": _VANISHED * 1000,
        # The server's side: what a machine that lost its power had locked is free again.
        "options": f"-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 {options}",
    }


def _roll_back(connection: psycopg.Connection) -> None:
    """psycopg forgets at each rollback what it has prepared. Every page that only reads ends in one, so nothing would
    ever be prepared, and the server would plan all of it anew; it keeps them itself across a rollback. After an error
    psycopg's own way is taken."""
    with connection.lock:
        if (connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.INTRANS
                and connection.pgconn.exec_(b"ROLLBACK").status == psycopg.pq.ExecStatus.COMMAND_OK):
            return
    type(connection).rollback(connection)


def has_something_to_say(connection: Any) -> bool:
    """Whether a connection that was asked nothing has something to read: the server has gone away, most likely."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
